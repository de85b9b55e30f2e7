"""Completion rules and their evaluations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CompletionRule(models.Model):
    """A version of the requirements of a program. Immutable once a cohort or an eligibility uses it."""

    # A center sees the rules its cohorts are under.
    center_path = "cohorts__center"

    program = models.ForeignKey(
        "courses.ProgramPage", models.PROTECT, related_name="completion_rules", verbose_name=_("program")
    )
    version = models.PositiveIntegerField(_("version"))
    all_required_units = models.BooleanField(_("every required unit"), default=True)
    attendance_percent = models.PositiveSmallIntegerField(
        _("attendance, percent at least"), default=75, help_text=_("0 where attendance is not asked.")
    )
    score_percent = models.PositiveSmallIntegerField(
        _("mean score of the tests, percent at least"),
        default=60,
        help_text=_("0 where no score is asked."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ("program_id", "-version")
        verbose_name = _("completion rule")
        verbose_name_plural = _("completion rules")
        constraints = (
            models.UniqueConstraint(fields=("program", "version"), name="completion_rule_version_unique"),
            models.CheckConstraint(
                condition=models.Q(attendance_percent__lte=100, score_percent__lte=100),
                name="completion_rule_percent_at_most_100",
                violation_error_message=_("A percentage is at most 100."),
            ),
        )

    def __str__(self) -> str:
        return f"v{self.version}"


class Eligibility(models.Model):
    """One evaluation of the rule for one enrollment, with its evidence. Immutable."""

    center_path = "enrollment__cohort__center"
    person_path = "enrollment__person"

    enrollment = models.ForeignKey(
        "courses.Enrollment", models.PROTECT, related_name="eligibilities", verbose_name=_("enrollment")
    )
    rule = models.ForeignKey(
        CompletionRule, models.PROTECT, related_name="eligibilities", verbose_name=_("rule")
    )
    met = models.BooleanField(_("met"))
    # `courses.queries.Evidence` as JSON: for each of units, attendance and score what was asked and what was there.
    evidence = models.JSONField(_("evidence"))
    evaluated_at = models.DateTimeField(_("evaluated at"))

    class Meta:
        ordering = ("-evaluated_at",)
        get_latest_by = "evaluated_at"
        verbose_name = _("eligibility")
        verbose_name_plural = _("eligibilities")

    def __str__(self) -> str:
        return f"{self.enrollment_id}: {self.met}"
