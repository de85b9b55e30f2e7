"""Figures of questions that take too long for a request, kept as rows, and questions that stay as they are in spite of them."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jobs.models import LeasedJob


class ItemAnalysis(LeasedJob):
    """The figures of the questions of a test, or of one question of the bank over all tests. Done again where attempts were added.

    They can be calculated again at any time, so they are no record: the rows of the last analysis are replaced.
    """

    # Without one it has the attempts of all centers.
    center_path = "center"
    task_name = "assessment.tasks.analyze_items"
    lease = dt.timedelta(minutes=30)
    backoff = (dt.timedelta(seconds=10),)

    # The quiz page's translation_key.
    quiz_key = models.UUIDField(_("test"), null=True, editable=False)
    question = models.ForeignKey(
        "assessment.Question",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="analyses",
        verbose_name=_("question of a test"),
    )
    # Of which attempts: each that is given makes them fewer.
    center = models.ForeignKey(
        "accounts.Center",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("center"),
    )
    program = models.ForeignKey(
        "courses.ProgramPage",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("program"),
    )
    cohort = models.ForeignKey(
        "courses.Cohort",
        models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name=_("cohort"),
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, editable=False)
    # When the attempts were read, and how many first ones there were.
    as_of = models.DateTimeField(_("as of"), null=True, editable=False)
    first_attempts = models.PositiveIntegerField(_("first attempts"), default=0, editable=False)
    # As `assessment.analysis.reliability` names its parts; null where there are too few.
    reliability = models.JSONField(_("reliability"), null=True, editable=False)

    class Meta(LeasedJob.Meta):
        verbose_name = _("analysis of questions")
        verbose_name_plural = _("analyses of questions")
        constraints = (
            *LeasedJob.Meta.constraints,
            models.UniqueConstraint(
                fields=("quiz_key", "question", "center", "program", "cohort", "year"),
                nulls_distinct=False,
                name="item_analysis_once",
            ),
            models.CheckConstraint(
                condition=Q(quiz_key=None, question__isnull=False) | Q(quiz_key__isnull=False, question=None),
                name="item_analysis_of_a_test_or_a_question",
            ),
        )

    def __str__(self) -> str:
        return str(self.quiz_key or self.question_id)


class ItemFigures(models.Model):
    """The figures of one version of a question, as `assessment.analysis.items` names them; none but `n` where there were too few attempts."""

    center_path = "analysis__center"

    analysis = models.ForeignKey(
        ItemAnalysis, models.CASCADE, related_name="items", verbose_name=_("analysis of questions")
    )
    version = models.ForeignKey(
        "assessment.QuestionVersion",
        models.PROTECT,
        related_name="figures",
        verbose_name=_("question of a test"),
    )
    n = models.PositiveIntegerField(_("first attempts"))
    facility = models.FloatField(_("facility"), null=True)
    deviation = models.FloatField(_("standard deviation"), null=True)
    discrimination = models.FloatField(_("discrimination"), null=True)
    index = models.FloatField(_("index of discrimination"), null=True)
    # [[answer or null, of the upper third, of the middle one, of the lower one], ...]
    answers = models.JSONField(_("answers"), default=list)
    others = models.PositiveIntegerField(_("other answers"), default=0)

    class Meta:
        ordering = ("analysis", "pk")
        verbose_name = _("figures of a question")
        verbose_name_plural = _("figures of questions")
        constraints = (
            models.UniqueConstraint(fields=("analysis", "version"), name="item_figures_once_per_version"),
        )
        indexes = (
            models.Index(
                fields=("version",), condition=Q(discrimination__lt=0), name="item_figures_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.analysis_id}/{self.version_id}"


class KeptVersion(models.Model):
    """That a version of a question of the bank stays, though those who know more get it wrong more often: said by its author, with a reason. Append-only."""

    center_path = "version__question__owner"

    version = models.ForeignKey(
        "assessment.QuestionVersion",
        models.PROTECT,
        related_name="kept",
        verbose_name=_("question of a test"),
    )
    # As it was then.
    discrimination = models.FloatField(_("discrimination"))
    n = models.PositiveIntegerField(_("first attempts"))
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        ordering = ("pk",)
        verbose_name = _("question that stays")
        verbose_name_plural = _("questions that stay")

    def __str__(self) -> str:
        return f"{self.version_id}: {self.discrimination:.2f}"
