"""Objections of trainees to marks of attendance in a room. Those to live classes are of the `live` app, which counts minutes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MarkObjection(models.Model):
    """That a trainee finds a mark wrong: once for each mark, so a corrected one may be objected to again. Answered once."""

    center_path = "record__session__cohort__center"
    person_path = "record__enrollment__person"

    record = models.OneToOneField(
        "courses.AttendanceRecord",
        models.PROTECT,
        related_name="objection",
        verbose_name=_("attendance record"),
    )
    reason = models.CharField(_("reason"), max_length=500)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    is_granted = models.BooleanField(_("granted"), null=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("made_at", "pk")
        verbose_name = _("objection to a mark")
        verbose_name_plural = _("objections to marks")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    is_granted__isnull=True, answered_by__isnull=True, answered_at__isnull=True, answer=""
                )
                | (
                    Q(is_granted__isnull=False, answered_by__isnull=False, answered_at__isnull=False)
                    & ~Q(answer="")
                ),
                name="mark_objection_answered_whole",
            ),
        )
        indexes = (
            models.Index(fields=("made_at",), condition=Q(is_granted=None), name="mark_objection_open"),
        )

    def __str__(self) -> str:
        return f"{self.record_id}"
