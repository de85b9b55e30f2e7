"""The page of a quiz, a unit of a course."""

from typing import Any, NamedTuple
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField

from accounts.models import Center
from accounts.scoping.content import owner_of
from assessment.blocks import DRAW, OF_BANK, SECTION, QuestionBlocks
from assessment.enums import BY_HAND, AttemptState, Purpose, QuestionKind, SecondMarking
from assessment.errors import DrawTooLarge, NotToBeAsked
from assessment.models.attempts import Attempt
from assessment.models.exams import ExamWindow, Sitting
from assessment.models.questions import Question
from assessment.papers import Draw, left_for
from courses.enums import CompletesBy
from courses.models import Enrollment, UnitPage
from courses.queries.enrollments import readable_enrollment
from courses.queries.evidence import may_raise_score
from courses.queries.progress import attempt_that_counts, progress_of, score_that_counts
from courses.queries.requirements import mean_in, minimum_in


class DrawFromBank(NamedTuple):
    """A draw as it is `asked`. `fitting`: how many questions of the bank fit; `left`: how many it gets with all else on the page."""

    asked: int
    fitting: int
    left: int

    @property
    def is_too_large(self) -> bool:
        return self.left < self.asked


class QuizPage(UnitPage):
    """Questions, marked by the server or by a person. Passing completes the unit."""

    intro = models.TextField(_("introduction"), max_length=1000, blank=True)
    questions = StreamField(QuestionBlocks(), verbose_name=_("questions"))
    pass_percent = models.PositiveSmallIntegerField(
        _("pass mark, percent"),
        default=60,
        validators=(MinValueValidator(1), MaxValueValidator(100)),
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        _("attempts allowed"), default=3, validators=(MinValueValidator(1), MaxValueValidator(20))
    )

    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, default=Purpose.PRACTICE)
    limit_minutes = models.PositiveSmallIntegerField(
        _("time limit, minutes"),
        null=True,
        blank=True,
        validators=(MinValueValidator(1), MaxValueValidator(600)),
        help_text=_("Empty: without a limit. A person who is allowed more time has more."),
    )
    grace_seconds = models.PositiveSmallIntegerField(
        _("grace, seconds"),
        default=30,
        validators=(MaxValueValidator(600),),
        help_text=_("For so long after the end answers are taken that were on a slow line."),
    )
    is_supervised = models.BooleanField(
        _("in a room"),
        default=False,
        help_text=_("It is started in a sitting, with the code that is told there, and taken on one device."),
    )
    shuffles_questions = models.BooleanField(_("questions in another order for each person"), default=False)
    shuffles_options = models.BooleanField(_("options in another order for each person"), default=False)

    second_marking = models.CharField(
        _("a second mark"),
        max_length=6,
        choices=SecondMarking,
        default=SecondMarking.NONE,
        help_text=_(
            "Of answers that a person marks. The second person sees neither whose answer it is nor that it was marked before."
        ),
    )
    second_percent = models.PositiveSmallIntegerField(
        _("size of the sample, percent"),
        default=20,
        validators=(MinValueValidator(1), MaxValueValidator(100)),
        help_text=_("Which answers are in it is drawn for each attempt; no person chooses."),
    )
    near_points = models.PositiveSmallIntegerField(
        _("near the pass mark, percent points"),
        default=5,
        validators=(MinValueValidator(1), MaxValueValidator(100)),
        help_text=_("How far the score by the first marks may be above or below it."),
    )
    mark_tolerance = models.PositiveSmallIntegerField(
        _("tolerance, percent of the points"),
        default=10,
        validators=(MaxValueValidator(100),),
        help_text=_(
            "Two marks that differ by no more are averaged. Beyond that a third person decides, who sees both."
        ),
    )

    rules = (
        "pass_percent",
        "attempts_allowed",
        "purpose",
        "limit_minutes",
        "grace_seconds",
        "is_supervised",
        "shuffles_questions",
        "shuffles_options",
        "second_marking",
        "second_percent",
        "near_points",
        "mark_tolerance",
    )

    content_panels = [
        *UnitPage.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel(
            [
                FieldPanel("purpose"),
                FieldRowPanel([FieldPanel("pass_percent"), FieldPanel("attempts_allowed")]),
                FieldRowPanel([FieldPanel("limit_minutes"), FieldPanel("grace_seconds")]),
                FieldPanel("is_supervised"),
                FieldRowPanel([FieldPanel("shuffles_questions"), FieldPanel("shuffles_options")]),
            ],
            heading=_("Rules"),
            help_text=_("Those of the Arabic page hold in every language."),
        ),
        MultiFieldPanel(
            [
                FieldPanel("second_marking"),
                FieldRowPanel([FieldPanel("second_percent"), FieldPanel("near_points")]),
                FieldPanel("mark_tolerance"),
            ],
            heading=_("Marking by hand"),
        ),
        FieldPanel("questions"),
    ]
    template = "assessment/quiz_page.html"
    page_description = _("Questions, marked at once or by a person. Passing completes the unit.")

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(pass_percent__range=(1, 100)), name="quiz_pass_mark_is_a_percentage"
            ),
        )

    @property
    def own_questions(self) -> list[Any]:
        """The blocks of questions that are written on the page."""
        return [block for block in self.questions if block.block_type not in (SECTION, DRAW, OF_BANK)]

    @property
    def questions_of_bank(self) -> list[Any]:
        """The questions of the bank that the page asks by itself, as rows or as their keys (`blocks.unread`)."""
        blocks = (block for block in self.questions if block.block_type == OF_BANK)
        return [block.value["question"] for block in blocks if block.value["question"]]

    @property
    def question_count(self) -> int:
        """How many an attempt has, those that are drawn among them."""
        drawn = sum(block.value["count"] for block in self.questions if block.block_type == DRAW)
        return len(self.own_questions) + len(self.questions_of_bank) + int(drawn)

    def check_publishing(self) -> None:
        """Raises `NotToBeAsked` where the page asks a question of the bank that is withdrawn, or that its owner may not ask, and
        `DrawTooLarge` where the owner's bank has too few questions for what is drawn.
        """
        if not any(block.block_type in (DRAW, OF_BANK) for block in self.questions):
            return
        owner = owner_of(self)
        named = {question.pk for question in self.questions_of_bank}
        usable = Question.objects.usable_by(owner).filter(pk__in=named)
        refused = sorted(named - set(usable.values_list("pk", flat=True)))
        if refused:
            raise NotToBeAsked(questions=", ".join(str(key) for key in refused))
        for draw in self.draws_from(owner):
            if draw.is_too_large:
                raise DrawTooLarge(asked=draw.asked, fitting=draw.left)

    def draws_from(self, owner: Center | None) -> list[DrawFromBank]:
        """The draws of the page in its order, from the bank of `owner`. Cohorts of other centers draw from that of their own."""
        draws = []
        for block in (block for block in self.questions if block.block_type == DRAW):
            difficulty = int(block.value["difficulty"]) if block.value["difficulty"] else None
            pool = Question.objects.pool_of(owner, tags=list(block.value["tags"]), difficulty=difficulty)
            draws.append(Draw(list(pool.values_list("pk", flat=True)), block.value["count"] or 0))
        left = left_for(draws, fixed=[question.pk for question in self.questions_of_bank])
        return [DrawFromBank(draw.count, len(draw.pool), own) for draw, own in zip(draws, left, strict=True)]

    @property
    def kinds(self) -> set[str]:
        """Of the questions that everybody is asked: what is drawn differs from person to person."""
        own = {block.block_type for block in self.own_questions}
        named = [question.pk for question in self.questions_of_bank]
        return (
            own | set(Question.objects.filter(pk__in=named).values_list("kind", flat=True)) if named else own
        )

    def key_address(self) -> str:
        return reverse("quiz_draft", args=[self.pk])

    def pass_mark(self) -> int | None:
        return self.pass_percent

    def completes_by(self) -> CompletesBy:
        return CompletesBy.MARKS

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """`enrollment` of the reader, if they study this quiz, and their own `attempts`, newest first. `score` is what counts of
        them by the rule of the cohort, corrections included.
        """
        enrollment = readable_enrollment(request.user, self.translation_key)
        attempts = list(Attempt.objects.at(enrollment, self.translation_key)) if enrollment else []
        ids = [attempt.pk for attempt in attempts]
        withheld = set(Attempt.objects.withheld().filter(pk__in=ids).values_list("pk", flat=True))
        marked = [attempt for attempt in attempts if attempt.is_marked and attempt.pk not in withheld]
        best = max(marked, key=lambda attempt: attempt.whole_percent or 0, default=None)
        has_passed = any(attempt.passed for attempt in marked)
        return {
            **super().get_context(request, *args, **kwargs),
            "enrollment": enrollment,
            "attempts": attempts,
            # Their people do not read the results of these yet.
            "withheld": withheld,
            "open_attempt": next((attempt for attempt in attempts if attempt.is_open), None),
            "awaiting_attempt": next((one for one in attempts if one.state == AttemptState.AWAITING), None),
            "best": best,
            **(_score_of(enrollment, self.translation_key) if enrollment and not withheld else {}),
            **(self._when(enrollment) if enrollment else {}),
            "is_by_hand": bool(self.kinds & BY_HAND),
            "asks_for_files": QuestionKind.FILES in self.kinds,
            # What the completion rule asks for in this quiz and of all: a pass below that may be tried again.
            "minimum": minimum_in(enrollment, self.translation_key) if enrollment else 0,
            "mean": mean_in(enrollment) if enrollment else 0,
            "has_passed": has_passed,
            "is_settled": has_passed
            and not (enrollment and may_raise_score(enrollment, self.translation_key)),
            **self._left_to(enrollment),
        }

    def _left_to(self, enrollment: Enrollment | None) -> dict[str, int]:
        """How many attempts the person has used, in whatever cohort, and how many are left."""
        if enrollment is None:
            return {"used": 0, "used_elsewhere": 0, "attempts_left": self.attempts_allowed}
        person, key = enrollment.person_id, self.translation_key
        used = Attempt.objects.by(person, key).count()
        left = Attempt.objects.left_to(person, key, allowed=self.attempts_allowed)
        return {
            "used": used,
            "used_elsewhere": used - Attempt.objects.at(enrollment, key).count(),
            "attempts_left": left,
        }

    def _when(self, enrollment: Enrollment) -> dict[str, Any]:
        """When and where the person may start it."""
        if self.is_supervised:
            ahead = Sitting.objects.of(enrollment.cohort_id, self.translation_key).ahead()
            return {"sitting": ahead.select_related("class_session__venue").first()}
        windows = ExamWindow.objects.filter(cohort=enrollment.cohort_id, quiz_key=self.translation_key)
        window, now = windows.first(), timezone.now()
        return {
            "window": window,
            "is_window_ahead": window is not None and now < window.opens_at,
            "is_window_over": window is not None and now >= window.closes_at,
        }


def _score_of(enrollment: Enrollment, unit_key: UUID) -> dict[str, Any]:
    rule = enrollment.cohort.completion_rule
    progress = progress_of([enrollment])[enrollment.pk].get(str(unit_key))
    score = score_that_counts(progress, rule) if progress else None
    return {"score": score, "attempt_counted": attempt_that_counts(rule)}
