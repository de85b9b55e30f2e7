"""Corrections of scores by staff, and what they leave of completions."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ScoreCorrection(models.Model):
    """A score that was changed by hand, with what was there before. Append-only: a wrong correction is corrected again.

    The database lets a score go down only in the transaction that adds such a row.
    """

    center_path = "progress__enrollment__cohort__center"
    person_path = "progress__enrollment__person"
    # The row whose page shows this one.
    page_path = "progress__enrollment"

    progress = models.ForeignKey(
        "courses.UnitProgress", models.PROTECT, related_name="corrections", verbose_name=_("unit progress")
    )
    from_score = models.DecimalField(_("score before"), max_digits=5, decimal_places=2, null=True)
    # Of every attempt, so that correcting back restores them.
    from_scores = ArrayField(
        models.DecimalField(max_digits=5, decimal_places=2), default=list, editable=False
    )
    to_score = models.DecimalField(_("score after"), max_digits=5, decimal_places=2)
    # Of every attempt, where attempts were marked again; empty where a person set the score.
    to_scores = ArrayField(
        models.DecimalField(max_digits=5, decimal_places=2),
        default=list,
        db_default=Value([], ArrayField(models.DecimalField(max_digits=5, decimal_places=2))),
        editable=False,
    )
    from_passed = models.BooleanField(_("passed before"), null=True)
    to_passed = models.BooleanField(_("passed after"))
    # When the unit was completed before, so that correcting back restores it.
    from_completed_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("corrected by")
    )
    at = models.DateTimeField(_("corrected at"), db_default=Now())

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("correction of a score")
        verbose_name_plural = _("corrections of scores")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(to_score__gte=0, to_score__lte=100),
                name="score_correction_is_a_percentage",
            ),
        )

    def __str__(self) -> str:
        return f"{self.progress_id}: {self.from_score} > {self.to_score}"


class ConfirmedCompletion(models.Model):
    """Somebody looked at a completion that the evidence no longer supports, and it stays. Append-only: the next evaluation that does
    not meet the rule puts it in doubt again.
    """

    center_path = "eligibility__enrollment__cohort__center"
    person_path = "eligibility__enrollment__person"
    # The row whose page shows this one.
    page_path = "eligibility__enrollment"

    # The newest evaluation when it was looked at.
    eligibility = models.OneToOneField(
        "courses.Eligibility", models.PROTECT, related_name="confirmation", verbose_name=_("eligibility")
    )
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("confirmed by")
    )
    at = models.DateTimeField(_("confirmed at"), db_default=Now())

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("confirmed completion")
        verbose_name_plural = _("confirmed completions")

    def __str__(self) -> str:
        return str(self.eligibility_id)
