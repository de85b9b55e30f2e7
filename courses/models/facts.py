"""What papers of a cohort say of its program and its center, fixed when the cohort opens."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from courses.enums import FactsSource, FactsState


class CohortFacts(models.Model):
    """The facts that claims and rules read, as of one day. Append-only: the newest accepted row of a cohort is in force.

    `facts` has the names of claims: `program_ar`, `program_en`, `level`, `level_ar`, `level_en`, `program_code`, `occupation_code`,
    `hours`, `center_ar`, `center_en`, `governorate_ar`, `governorate_en`; and what apps above registered
    (`courses.queries.facts.register_facts`). A correction waits until a second officer decides about it.
    """

    center_path = "cohort__center"
    # The row whose page shows this one.
    page_path = "cohort"

    cohort = models.ForeignKey(
        "courses.Cohort", models.PROTECT, related_name="facts", verbose_name=_("cohort")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    facts = models.JSONField(_("facts"))
    source = models.CharField(_("source"), max_length=9, choices=FactsSource)
    state = models.CharField(_("state"), max_length=8, choices=FactsState, default=FactsState.ACCEPTED)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # None where the migration wrote them.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), db_default=Now())
    # Of corrections.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        ordering = ("cohort_id", "-number")
        verbose_name = _("facts of a cohort")
        verbose_name_plural = _("facts of cohorts")
        constraints = (
            models.UniqueConstraint(fields=("cohort", "number"), name="cohort_facts_number_unique"),
            models.UniqueConstraint(
                fields=("cohort",),
                condition=models.Q(state=FactsState.WAITING),
                name="cohort_facts_corrected_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(source=FactsSource.CORRECTED) | ~models.Q(reason=""),
                name="cohort_facts_corrected_for_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(source=FactsSource.CORRECTED)
                & (
                    models.Q(state=FactsState.WAITING, decided_by=None, decided_at=None)
                    | ~models.Q(state=FactsState.WAITING)
                    & models.Q(decided_by__isnull=False, decided_at__isnull=False)
                )
                | ~models.Q(source=FactsSource.CORRECTED)
                & models.Q(state=FactsState.ACCEPTED, decided_by=None, decided_at=None),
                name="cohort_facts_corrected_by_two",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=FactsState.ACCEPTED)
                | models.Q(decided_by=None)
                | ~models.Q(decided_by=models.F("by")),
                name="cohort_facts_corrected_by_another_login",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cohort_id}/{self.number}"
