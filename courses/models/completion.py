"""Completion rules, their evaluations, and results in the practical tasks that a rule names."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.clauses import Clauses


class CompletionRule(models.Model):
    """A version of the requirements of a program. Immutable once a cohort or an eligibility uses it."""

    # A center sees the rules its cohorts are under.
    center_path = "cohorts__center"

    program = models.ForeignKey(
        "courses.ProgramPage", models.PROTECT, related_name="completion_rules", verbose_name=_("program")
    )
    version = models.PositiveIntegerField(_("version"))
    # A list as `courses.clauses` describes it.
    clauses = models.JSONField(_("what it asks for"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    # The audit trail names a row in the language of its reader.
    is_named_in_words = True

    class Meta:
        ordering = ("program_id", "-version")
        verbose_name = _("completion rule")
        verbose_name_plural = _("completion rules")
        constraints = (
            models.UniqueConstraint(fields=("program", "version"), name="completion_rule_version_unique"),
        )

    def __str__(self) -> str:
        return gettext("version %(number)s") % {"number": self.version}

    @property
    def asks(self) -> Clauses:
        return Clauses.from_list(self.clauses)


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
    # `courses.queries.Evidence` as JSON: for each kind of clause what was asked and what was there.
    evidence = models.JSONField(_("evidence"))
    evaluated_at = models.DateTimeField(_("evaluated at"))

    class Meta:
        ordering = ("-evaluated_at",)
        get_latest_by = "evaluated_at"
        verbose_name = _("eligibility")
        verbose_name_plural = _("eligibilities")

    def __str__(self) -> str:
        return f"{self.enrollment_id}: {self.met}"


class PracticalResult(models.Model):
    """What an assessor saw a trainee do in a practical task of the rule. Append-only: the newest result of a task counts."""

    center_path = "enrollment__cohort__center"
    person_path = "enrollment__person"
    # The row whose page shows this one.
    page_path = "enrollment"

    enrollment = models.ForeignKey(
        "courses.Enrollment", models.PROTECT, related_name="practical_results", verbose_name=_("enrollment")
    )
    # Of `courses.clauses.Task`.
    task_code = models.CharField(_("practical task"), max_length=40)
    score = models.PositiveSmallIntegerField(_("score, percent"), validators=[MaxValueValidator(100)])
    passed = models.BooleanField(_("passed"))
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("assessed by")
    )
    at = models.DateTimeField(_("assessed at"), db_default=Now())

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("practical result")
        verbose_name_plural = _("practical results")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(score__lte=100), name="practical_result_is_a_percentage"
            ),
        )

    def __str__(self) -> str:
        return f"{self.enrollment_id}/{self.task_code}: {self.score}"
