"""Telling trainees that a final mark of attendance was corrected, and the answer to an objection."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import NoticeState
from accounts.models.courtesies import Needed
from accounts.models.notices import UNTOLD, PersonalNotice
from courses.enums import AttendanceNoticeKind


class AttendanceNotice(PersonalNotice):
    """To a trainee: that a mark was corrected after it was final, or the answer to an objection. Without the reason of a correction, which staff
    write for the record; it may name others. An answer is written to the trainee."""

    center_path = "record__session__cohort__center"
    person_path = "person"
    subject = _("attendance")
    needed = (
        Needed(
            _("A mark of your attendance was corrected, or your objection answered"),
            _("your certificate may depend on it"),
        ),
    )
    # The mark that is meant: the new one, or of a refusal the one that stays.
    record = models.ForeignKey(
        "courses.AttendanceRecord",
        models.PROTECT,
        related_name="notices",
        verbose_name=_("attendance record"),
    )
    kind = models.CharField(
        _("kind"), max_length=9, choices=AttendanceNoticeKind, default=AttendanceNoticeKind.CORRECTED
    )
    # Of a correction: the mark of which the person knows.
    before = models.ForeignKey(
        "courses.AttendanceRecord", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    # To an objection.
    answer = models.CharField(_("answer"), max_length=200, blank=True, default="", db_default="")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice about attendance")
        verbose_name_plural = _("notices about attendance")
        constraints = (models.UniqueConstraint(fields=("record", "kind"), name="attendance_notice_once"),)
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state=NoticeState.WAITING), name="attendance_notice_waiting"
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="attendance_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.record_id}"
