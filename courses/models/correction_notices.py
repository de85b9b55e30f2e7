"""Telling trainees of urgent corrections: whom a correction still has to be told, and a notice to each."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import NoticeState
from accounts.models.courtesies import Courtesy
from accounts.models.notices import UNTOLD, PersonalNotice


class CorrectionAnnouncement(models.Model):
    """Written with a correction, which may reach thousands: how far a task has written their notices."""

    correction = models.OneToOneField("courses.UrgentCorrection", models.PROTECT, related_name="announcement")
    # The key of the last enrollment that has its notice.
    reached = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("id",), condition=Q(finished_at=None), name="correction_announcement_open"),
        )

    def __str__(self) -> str:
        return f"{self.correction_id}: {self.reached}"


class CorrectionNotice(PersonalNotice):
    """One notice to one trainee about one correction. The unit itself says it, too, so it may be switched off."""

    center_path = "person__registered_at"
    person_path = "person"
    subject = _("corrected content")
    kind = "correction"
    courtesies = (Courtesy("correction", _("A lesson or test of yours was corrected"), ("correction",)),)

    correction = models.ForeignKey(
        "courses.UrgentCorrection",
        models.PROTECT,
        related_name="notices",
        verbose_name=_("urgent correction"),
    )
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice of a correction")
        verbose_name_plural = _("notices of corrections")
        constraints = (
            models.UniqueConstraint(fields=("correction", "person"), name="correction_notice_once"),
        )
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state=NoticeState.WAITING), name="correction_notice_waiting"
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="correction_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.correction_id}"
