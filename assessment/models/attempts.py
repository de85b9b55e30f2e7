"""Attempts at quizzes, with answers and scores."""

import datetime as dt
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.services.formatting import whole_percent
from assessment.enums import AttemptAct, AttemptState, EndedBy, Purpose
from courses.models import Enrollment


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def at(self, enrollment: Enrollment, quiz_key: uuid.UUID) -> "AttemptQuerySet":
        """The attempts of an enrollment at a quiz, newest first."""
        return self.filter(enrollment=enrollment, quiz_key=quiz_key).order_by("-number")

    def by(self, person_id: int, quiz_key: uuid.UUID) -> "AttemptQuerySet":
        """The attempts of a person at a quiz in all cohorts: these are what is counted."""
        return self.filter(enrollment__person=person_id, quiz_key=quiz_key)

    def left_to(self, person_id: int, quiz_key: uuid.UUID, *, allowed: int) -> int:
        """How many attempts a person has left of those that the quiz allows and those that were given."""
        further = FurtherAttempt.objects.filter(enrollment__person=person_id, quiz_key=quiz_key)
        return max(allowed + further.count() - self.by(person_id, quiz_key).count(), 0)

    def with_decision(self) -> "AttemptQuerySet":
        """With `decided`: whether the result is held, counts again, or is void; None where no one decided."""
        newest = AttemptDecision.objects.exclude(act=AttemptAct.ENDED).filter(attempt=OuterRef("pk"))
        return self.annotate(decided=Subquery(newest.order_by("-pk").values("act")[:1]))

    def held(self) -> "AttemptQuerySet":
        """Those whose results are held until somebody decides."""
        return self.with_decision().filter(Q(decided=AttemptAct.HELD))

    def withheld(self) -> "AttemptQuerySet":
        """Those whose results their people do not read yet: they are held, or the sitting goes on."""
        in_open_sitting = Q(
            sitting__isnull=False,
            sitting__ended_at=None,
            sitting__class_session__canceled_at=None,
            sitting__class_session__ends_at__gt=timezone.now(),
        )
        return self.with_decision().filter(in_open_sitting | Q(decided=AttemptAct.HELD))


class Attempt(models.Model):
    """One attempt at a quiz: the versions of questions that were drawn when it began, then its mark. A record of study: never deleted."""

    center_path = "enrollment__cohort__center"
    person_path = "enrollment__person"
    # The row whose page shows this one.
    page_path = "enrollment"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrollment = models.ForeignKey(
        "courses.Enrollment", models.PROTECT, related_name="attempts", verbose_name=_("enrollment")
    )
    # The quiz page's translation_key: both languages of a quiz share their attempts.
    quiz_key = models.UUIDField(_("quiz"))
    number = models.PositiveSmallIntegerField(_("attempt number"))
    title = models.CharField(_("title"), max_length=255)
    # What was drawn, slot by slot: keys of `QuestionVersion`, which are never deleted, and the points of each.
    versions = ArrayField(models.BigIntegerField(), verbose_name=_("questions"), editable=False)
    points = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("points"), editable=False)
    # The headings: [{"slot": the first one below it, "title": {language: text}}].
    sections = models.JSONField(_("sections"), default=list, editable=False)
    purpose = models.CharField(
        _("purpose"), max_length=10, choices=Purpose, default=Purpose.PRACTICE, editable=False
    )
    # Which questions were drawn, in which order they and their options are shown, which values are generated (`assessment.chance`).
    seed = models.BigIntegerField(default=0, editable=False)
    shuffles_options = models.BooleanField(default=False, editable=False)
    sitting = models.ForeignKey(
        "assessment.Sitting",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attempts",
        verbose_name=_("sitting"),
        editable=False,
    )
    pass_percent = models.PositiveSmallIntegerField(_("pass mark, percent"))
    # What may save: the epoch goes up when another device takes over. `holder` names the device's session, by a digest.
    epoch = models.PositiveSmallIntegerField(default=1, editable=False)
    holder = models.CharField(max_length=32, blank=True, editable=False)
    # What held for the person when it began; such rows are never changed.
    accommodation = models.ForeignKey(
        "assessment.Accommodation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attempts",
        verbose_name=_("help in tests"),
        editable=False,
    )
    # The limit of everybody, the factor of the person when it began, and what was given while it ran: `closes_at` follows from them.
    limit_seconds = models.PositiveIntegerField(
        _("time limit, seconds"), null=True, blank=True, editable=False
    )
    factor = models.DecimalField(
        _("factor of the time"), max_digits=4, decimal_places=2, default=1, editable=False
    )
    # Breaks that the person is allowed among it: they are taken when the person likes.
    granted_seconds = models.PositiveIntegerField(_("more time, seconds"), default=0, editable=False)
    # By the server's clock; null without a limit. Saves are taken for so many seconds longer: a slow line is no fault of the person's.
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    grace_seconds = models.PositiveSmallIntegerField(default=0, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=AttemptState, default=AttemptState.OPEN)
    # Percent, rounded down.
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"))
    # When it was handed in, or `closes_at` where the time ran out.
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.CharField(_("ended by"), max_length=10, choices=EndedBy, blank=True)
    marked_at = models.DateTimeField(_("marked at"), null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ("enrollment_id", "quiz_key", "-number")
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = (
            models.UniqueConstraint(
                fields=("enrollment", "quiz_key", "number"), name="attempt_number_unique"
            ),
            models.UniqueConstraint(
                fields=("enrollment", "quiz_key"),
                condition=Q(state=AttemptState.OPEN),
                name="attempt_open_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=(AttemptState.OPEN, AttemptState.AWAITING),
                    score__isnull=True,
                    passed__isnull=True,
                    marked_at__isnull=True,
                )
                | Q(
                    state=AttemptState.MARKED,
                    score__isnull=False,
                    passed__isnull=False,
                    marked_at__isnull=False,
                ),
                name="attempt_marked_iff_scored",
            ),
            models.CheckConstraint(
                condition=Q(state=AttemptState.OPEN, ended_at__isnull=True, ended_by="")
                | (Q(ended_at__isnull=False) & ~Q(state=AttemptState.OPEN) & ~Q(ended_by="")),
                name="attempt_ended_unless_open",
            ),
        )
        indexes = (
            # What the sweep looks for.
            models.Index(
                fields=("closes_at",),
                condition=Q(state=AttemptState.OPEN, closes_at__isnull=False),
                name="attempt_to_close",
            ),
            # Which attempts asked a question. What it costs: docs/explanation/item-analysis.md.
            GinIndex(fields=["versions"], name="attempt_by_versions"),
        )

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"

    @property
    def whole_percent(self) -> int | None:
        """The score as it is shown: 59.99 must not read as a pass mark of 60."""
        return None if self.score is None else whole_percent(self.score)

    @property
    def is_open(self) -> bool:
        return self.state == AttemptState.OPEN

    @property
    def is_marked(self) -> bool:
        return self.state == AttemptState.MARKED

    def accepts_at(self, now: dt.datetime) -> bool:
        """Whether saves are taken: it is open, and its time with the grace is not over."""
        return self.is_open and (
            self.closes_at is None or now <= self.closes_at + dt.timedelta(seconds=self.grace_seconds)
        )


class FurtherAttempt(models.Model):
    """One more attempt at a quiz for a person who has none left, over all cohorts. Triggers refuse to change it."""

    center_path = "enrollment__cohort__center"
    person_path = "enrollment__person"
    page_path = "enrollment"

    enrollment = models.ForeignKey(
        "courses.Enrollment", models.PROTECT, related_name="further_attempts", verbose_name=_("enrollment")
    )
    quiz_key = models.UUIDField(_("quiz"))
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("given at"), db_default=Now())

    class Meta:
        ordering = ("pk",)
        verbose_name = _("further attempt")
        verbose_name_plural = _("further attempts")

    def __str__(self) -> str:
        return f"{self.enrollment_id}/{self.quiz_key}"


class AttemptDecision(models.Model):
    """That a person ended an attempt, held its result, let it count again, or declared it void. Triggers refuse to change it.

    The newest one that is not about its end counts.
    """

    center_path = "attempt__enrollment__cohort__center"
    person_path = "attempt__enrollment__person"
    page_path = "attempt__enrollment"

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="decisions", verbose_name=_("attempt"))
    act = models.CharField(_("decision"), max_length=8, choices=AttemptAct)
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("decided at"), db_default=Now())

    class Meta:
        ordering = ("pk",)
        verbose_name = _("decision about an attempt")
        verbose_name_plural = _("decisions about attempts")
        constraints = (
            models.UniqueConstraint(
                fields=("attempt",), condition=Q(act=AttemptAct.VOIDED), name="attempt_void_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.act}"


class Answer(models.Model):
    """What was answered in one slot, and the share of its points that it earned."""

    center_path = "attempt__enrollment__cohort__center"

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="answers", verbose_name=_("attempt"))
    # The place of the question in the attempt, from 0.
    slot = models.PositiveSmallIntegerField(_("question"))
    # In the form that `assessment.marking` keeps; null where nothing was answered.
    response = models.JSONField(_("answer"), null=True)
    # From 0 to 1; null in an attempt that waits for marks.
    mark = models.DecimalField(_("mark"), max_digits=5, decimal_places=4, null=True)

    class Meta:
        ordering = ("attempt_id", "pk")
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = (
            models.UniqueConstraint(fields=("attempt", "slot"), name="answer_once_per_slot"),
            models.CheckConstraint(condition=Q(mark__range=(0, 1)), name="answer_mark_is_a_share"),
        )

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.slot}"
