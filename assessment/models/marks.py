"""Answers that a person marks, the marks that were given, and what their people are told."""

import datetime as dt
import uuid
from fractions import Fraction

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.enums import NoticeState
from accounts.models.courtesies import Needed
from accounts.models.notices import UNTOLD, PersonalNotice
from assessment.enums import FileKind, MarkingState, MarkRound, SecondMarking

MOST_PERCENT = 100


class MarkingTask(models.Model):
    """One answer that a person marks. Markers see its `code` alone: nothing here may lead them to the person.

    So there is no `person_path` and no `page_path`: no trail of a page that markers read shows who marked what.
    """

    # Where the attempt was taken: a transfer since moves no answer to other markers.
    center_path = "center"

    attempt = models.ForeignKey(
        "assessment.Attempt",
        models.PROTECT,
        db_index=False,
        related_name="marking_tasks",
        verbose_name=_("attempt"),
    )
    # The place of the question in the attempt, from 0.
    slot = models.PositiveSmallIntegerField(_("question"))
    version = models.ForeignKey(
        "assessment.QuestionVersion",
        models.PROTECT,
        related_name="marking_tasks",
        verbose_name=_("question of a test"),
    )
    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, db_index=False, related_name="+", verbose_name=_("center")
    )
    cohort = models.ForeignKey(
        "courses.Cohort", models.PROTECT, db_index=False, related_name="+", verbose_name=_("cohort")
    )
    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=MarkingState, default=MarkingState.FIRST)
    # As the quiz said when the attempt ended.
    rule = models.CharField(
        _("second marking"), max_length=6, choices=SecondMarking, default=SecondMarking.NONE
    )
    is_second_wanted = models.BooleanField(_("marked twice"), default=False)
    # Percent of the points of the question by which two marks may differ.
    tolerance = models.PositiveSmallIntegerField(
        _("tolerance, percent"), default=0, validators=(MaxValueValidator(MOST_PERCENT),)
    )
    # By how much the score of the attempt may miss the pass mark for it to be near it, in percent points.
    margin = models.PositiveSmallIntegerField(_("near the pass mark, percent points"), default=0)
    # Who has it open, so that two do not mark the same at once.
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("waits since"), db_default=Now())

    class Meta:
        ordering = ("pk",)
        verbose_name = _("answer to mark")
        verbose_name_plural = _("answers to mark")
        constraints = (
            models.UniqueConstraint(fields=("attempt", "slot"), name="marking_task_once_per_answer"),
            models.CheckConstraint(
                condition=Q(tolerance__lte=MOST_PERCENT, margin__lte=MOST_PERCENT),
                name="marking_task_has_percents",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_until=None)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="marking_task_is_claimed_until",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(MarkingState.SECOND, MarkingState.MODERATION))
                | Q(is_second_wanted=True),
                name="marking_task_second_is_wanted",
            ),
        )
        indexes = (
            # The queue.
            models.Index(
                fields=("center", "version"), condition=~Q(state=MarkingState.DONE), name="marking_waiting"
            ),
        )

    def __str__(self) -> str:
        return str(self.code)

    def is_free_at(self, now: dt.datetime) -> bool:
        return self.claimed_until is None or self.claimed_until <= now


class Mark(models.Model):
    """What a person gave for an answer in one round. Append-only: a mark is replaced by a further row of its marker, and both are kept.

    The database refuses a second mark by the login of the first, a moderation by either, and a mark of one's own answer.
    """

    center_path = "task__center"

    task = models.ForeignKey(
        MarkingTask, models.PROTECT, db_index=False, related_name="marks", verbose_name=_("answer to mark")
    )
    round = models.CharField(_("round"), max_length=10, choices=MarkRound)
    # From 1; the highest one of a round counts.
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    # Of `most` points; kept as both, as a third of the points has no end in decimals.
    earned = models.DecimalField(_("points"), max_digits=7, decimal_places=2)
    most = models.PositiveIntegerField(_("points of the question"))
    # Of the rubric: {criterion: level}.
    levels = models.JSONField(_("levels of the rubric"), default=dict)
    comment = models.TextField(_("comment to the trainee"), blank=True)
    # [{"file": public id of the file, "page": from 1, "x", "y": thousandths of the page, "text"}].
    points = models.JSONField(_("comments on files"), default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("marked by")
    )
    at = models.DateTimeField(_("marked at"), db_default=Now())

    class Meta:
        ordering = ("pk",)
        verbose_name = _("mark of an answer")
        verbose_name_plural = _("marks of answers")
        constraints = (
            models.UniqueConstraint(fields=("task", "round", "edition"), name="mark_once_per_edition"),
            models.CheckConstraint(
                condition=Q(most__gt=0, earned__gte=0, earned__lte=F("most")), name="mark_is_a_share"
            ),
        )
        indexes = (
            # What a person marked, the newest first.
            models.Index(fields=("by", "-id"), name="mark_by_marker"),
        )

    def __str__(self) -> str:
        return f"{self.task_id}: {self.round}"

    @property
    def share(self) -> Fraction:
        """From 0 to 1, exactly."""
        return Fraction(self.earned) / self.most


class FeedbackFile(models.Model):
    """A file that a marker sends back with a mark, as this site wrote it again: without a name, also in what it is named."""

    center_path = "mark__task__center"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mark = models.ForeignKey(Mark, models.PROTECT, related_name="files", verbose_name=_("mark of an answer"))
    kind = models.CharField(_("kind"), max_length=10, choices=FileKind)
    pages = models.PositiveSmallIntegerField(_("pages"), default=1)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64, editable=False)
    # Name inside the private storage.
    path = models.CharField(_("file"), max_length=120, unique=True, editable=False)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("file of a marker")
        verbose_name_plural = _("files of markers")

    def __str__(self) -> str:
        return str(self.public_id)


class ResultNotice(PersonalNotice):
    """To a trainee: that a test which waited for a person's marks has a result."""

    center_path = "attempt__enrollment__cohort__center"
    person_path = "person"
    subject = _("result of a test")
    needed = (Needed(_("The result of a test that was marked by hand"), _("what you do next depends on it")),)

    attempt = models.OneToOneField(
        "assessment.Attempt", models.PROTECT, related_name="result_notice", verbose_name=_("attempt")
    )
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice of a result")
        verbose_name_plural = _("notices of results")
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state=NoticeState.WAITING), name="result_notice_waiting"
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="result_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.attempt_id}"
