"""Telling trainees that a final mark of attendance was corrected."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import NoticeState
from accounts.models.courtesies import Needed
from accounts.models.notices import UNTOLD, PersonalNotice


class AttendanceNotice(PersonalNotice):
    """To a trainee: that a mark was corrected after it was final. Without the reason, which staff write for the record; it may name others."""

    center_path = "record__session__cohort__center"
    person_path = "person"
    subject = _("attendance")
    kind = "corrected"
    needed = (Needed(_("A mark of your attendance was corrected"), _("your certificate may depend on it")),)

    # The new mark, and the one of which the person knows.
    record = models.OneToOneField(
        "courses.AttendanceRecord", models.PROTECT, related_name="notice", verbose_name=_("attendance record")
    )
    before = models.ForeignKey("courses.AttendanceRecord", models.PROTECT, db_index=False, related_name="+")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice about attendance")
        verbose_name_plural = _("notices about attendance")
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state=NoticeState.WAITING), name="attendance_notice_waiting"
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="attendance_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.record_id}"
