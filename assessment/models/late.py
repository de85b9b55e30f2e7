"""What was decided about answers that arrived after the time."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from assessment.models.attempts import Attempt


class LateDecision(models.Model):
    """That late answers of an attempt count, or are left as they are: all that had arrived until then. Append-only.

    What arrives afterwards waits for another decision.
    """

    center_path = "attempt__enrollment__cohort__center"
    page_path = "attempt__enrollment"

    attempt = models.ForeignKey(
        Attempt, models.PROTECT, related_name="late_decisions", verbose_name=_("attempt")
    )
    is_counted = models.BooleanField(_("counted"))
    # When the last one of them arrived, and how many there were.
    through_at = models.DateTimeField(_("arrived until"))
    answers = models.PositiveSmallIntegerField(_("late answers"))
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("decided at"), db_default=Now())

    class Meta:
        ordering = ("pk",)
        verbose_name = _("decision about late answers")
        verbose_name_plural = _("decisions about late answers")
        constraints = (
            models.UniqueConstraint(fields=("attempt", "through_at"), name="late_answers_decided_once"),
        )

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.is_counted}"
