"""Answers that wait for a mark, as those may see them who mark: never whose they are, and never what another person gave before.

Every list and every page of a marker begins with one of these queries.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any, cast

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import fenced
from accounts.scoping.hands import counts_as_hand, done_for, hands_of, people_of
from accounts.services.formatting import format_exactly, format_number
from assessment.enums import AttemptState, MarkingState, MarkRound
from assessment.models import Attempt, Mark, MarkingTask
from assessment.queries.pins import Pin, pins_of
from assessment.queries.questions import stored_questions, text_of
from assessment.queries.responses_by_hand import CriterionToRead, FileToRead
from courses.models import ClassSession, Cohort, FormerInstructor
from courses.queries.marks import register_marks_given
from courses.queries.timetable import cohorts_taught_by
from courses.queries.waiting import register_marked_blind

# Steps in which points are given where a question has no rubric.
STEPS_OF_A_POINT = 4


def by_others(rows: QuerySet[MarkingTask], user: User) -> QuerySet[MarkingTask]:
    """Without the answers of `user`, and of those whose deputy `user` is."""
    return rows.exclude(attempt__enrollment__person__in=people_of(user))


def marks_of(user: User) -> QuerySet[Mark]:
    """The marks that count as given by `user`: also as a deputy, and by a deputy."""
    hands = hands_of(user)
    acted = done_for(hands, Act.MARK_ANSWERS, by="by", at="at")
    return Mark.objects.filter(Q(by__in=hands) | Q(acted))


def _taught_by(user: User) -> Q:
    """Answers of cohorts that `user`, or one whose deputy `user` is, teaches or taught: where they were given, and where their person is now."""
    hands = hands_of(user)
    former = FormerInstructor.objects.filter(instructor__in=hands).order_by().values("cohort")
    gave = ClassSession.objects.filter(instructor__in=hands, canceled_at=None).order_by().values("cohort")
    taught = [cohorts_taught_by(user), former, gave]
    found = Q()
    for cohorts in taught:
        found |= Q(cohort__in=cohorts) | Q(attempt__enrollment__cohort__in=cohorts)
    return found


def waiting_for_mark_of(user: User) -> QuerySet[MarkingTask]:
    """The answers that `user` may mark now, claimed by others among them.

    One of the two may be by a teacher of the cohort, whichever comes first: not both. The second is not by the hand of the first. What comes
    out does not say which of the two it is.
    """
    waiting = MarkingTask.objects.filter(state__in=(MarkingState.FIRST, MarkingState.SECOND))
    reached = by_others(fenced(waiting, user=user, act=Act.MARK_ANSWERS), user)
    is_marked = Exists(marks_of(user).filter(task=OuterRef("pk")))
    second = Q(state=MarkingState.SECOND)
    if not counts_as_hand(user):
        reached = reached.exclude(second)
    return reached.exclude(second & (Q(is_marked) | (_taught_by(user) & Q(first_is_by_a_teacher()))))


def first_is_by_a_teacher() -> Exists:
    """Whether who gave the first mark of the task teaches or taught the cohort in which the answer was given."""
    cohort = OuterRef(OuterRef("cohort"))
    teachers = [
        Cohort.instructors.through.objects.filter(cohort=cohort).values("user"),
        FormerInstructor.objects.filter(cohort=cohort).order_by().values("instructor"),
        ClassSession.objects.filter(cohort=cohort, canceled_at=None, instructor__isnull=False)
        .order_by()
        .values("instructor"),
    ]
    is_teacher = Q(by__in=teachers[0]) | Q(by__in=teachers[1]) | Q(by__in=teachers[2])
    return Exists(Mark.objects.filter(is_teacher, task=OuterRef("pk"), round=MarkRound.FIRST))


def waiting_for_decision_of(user: User) -> QuerySet[MarkingTask]:
    """The answers whose two marks are too far apart, where `user` gave neither and teaches or taught not their cohort."""
    if not counts_as_hand(user):
        return MarkingTask.objects.none()
    waiting = MarkingTask.objects.filter(state=MarkingState.MODERATION)
    reached = by_others(fenced(waiting, user=user, act=Act.MODERATE_MARKS), user)
    return reached.exclude(Q(Exists(marks_of(user).filter(task=OuterRef("pk")))) | _taught_by(user))


def free_for(rows: QuerySet[MarkingTask], user: User) -> QuerySet[MarkingTask]:
    """Those that no other person has open."""
    return rows.filter(Q(claimed_until=None) | Q(claimed_until__lte=timezone.now()) | Q(claimed_by=user))


@register_marked_blind
def attempts_awaiting() -> Exists:
    """Progress that waits for marks of an attempt: it waits by question, without a name."""
    waiting = Attempt.objects.filter(
        enrollment=OuterRef("enrollment"), quiz_key=OuterRef("unit_key"), state=AttemptState.AWAITING
    )
    return Exists(waiting)


@register_marks_given
def marks_given(enrollments: Collection[int]) -> QuerySet[Mark, tuple[int, int]]:
    """Who gave a mark neither proposes nor approves the certificate that rests on it."""
    rows = Mark.objects.filter(task__attempt__enrollment__in=enrollments).order_by()
    return rows.values_list("task__attempt__enrollment", "by")


@dataclass(frozen=True)
class QuestionWaiting:
    """A question with the answers to it that wait for the reader."""

    version: int
    title: str
    text: str
    count: int
    since: dt.datetime


def by_question(rows: QuerySet[MarkingTask]) -> QuerySet[MarkingTask, dict[str, Any]]:
    """By question: how many wait and since when, the oldest first. For `questions_waiting`."""
    return cast(
        "QuerySet[MarkingTask, dict[str, Any]]",
        rows.order_by()
        .values("version")
        .annotate(
            count=Count("pk"),
            since=Min("created_at"),
            title=Max("attempt__title"),
        )
        .order_by("since", "version"),
    )


def questions_waiting(rows: Iterable[Mapping[str, Any]]) -> list[QuestionWaiting]:
    """One query at the most."""
    those = list(rows)
    texts = {one.version: text_of(one) for one in stored_questions([row["version"] for row in those])}
    return [
        QuestionWaiting(row["version"], row["title"], texts[row["version"]], row["count"], row["since"])
        for row in those
    ]


def counting_marks(task: MarkingTask) -> list[Mark]:
    """The newest mark of each round, in the order of the rounds. One query."""
    newest = (
        Mark.objects.filter(task=task)
        .order_by("round", "-edition")
        .distinct("round")
        .select_related("by", "task__attempt")
    )
    order = list(MarkRound)
    return sorted(newest, key=lambda mark: order.index(MarkRound(mark.round)))


def latest_marks_of(user: User) -> QuerySet[Mark]:
    """What the login itself marked where it may mark still: the newest mark of each answer, the newest first."""
    newer = Mark.objects.filter(task=OuterRef("task"), by=user, edition__gt=OuterRef("edition"))
    own = Mark.objects.filter(by=user).exclude(Exists(newer))
    markable = fenced(own, user=user, act=Act.MARK_ANSWERS)
    decided = fenced(own, user=user, act=Act.MODERATE_MARKS)
    both = Q(pk__in=markable.order_by().values("pk")) | Q(pk__in=decided.order_by().values("pk"))
    return own.filter(both).order_by("-pk")


def is_replaceable() -> Q:
    """Of marks: whether their marker may replace them still. What it depends on besides the result, it does not tell."""
    decided = Mark.objects.filter(task=OuterRef("task"), round=MarkRound.MODERATION)
    return Q(task__attempt__state=AttemptState.AWAITING) & (
        Q(round=MarkRound.MODERATION) | ~Q(Exists(decided))
    )


def share_that_counts(marks: list[Mark]) -> Fraction:
    """What an answer earned by its marks: the decision where there is one, else the mean."""
    decision = [mark.share for mark in marks if mark.round == MarkRound.MODERATION]
    counted = decision or [mark.share for mark in marks]
    return sum(counted, Fraction(0)) / len(counted)


def shares_by_hand(
    attempts: Collection[int], *, rounds: Collection[MarkRound] = tuple(MarkRound)
) -> dict[int, dict[int, Fraction]]:
    """Attempt -> slot -> the share that its answer earned by the marks of these rounds, exactly. One query."""
    newest = (
        Mark.objects.filter(task__attempt__in=attempts, round__in=rounds)
        .order_by("task_id", "round", "-edition")
        .distinct("task_id", "round")
        .select_related("task")
    )
    marks: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for mark in newest:
        marks[mark.task.attempt_id, mark.task.slot].append(mark)
    shares: dict[int, dict[int, Fraction]] = {attempt: {} for attempt in attempts}
    for (attempt, slot), those in marks.items():
        shares[attempt][slot] = share_that_counts(those)
    return shares


@dataclass(frozen=True)
class MarkInWords:
    """A mark without who gave it: points as text, what was chosen line by line, and what its person would read."""

    points: str
    levels: list[tuple[str, str]]
    comment: str
    pins: list[Pin]


def points_in_words(earned: Decimal, most: int) -> str:
    """As "7.25 of 10", in the reader's digits."""
    return _("%(earned)s of %(most)s") % {
        "earned": format_exactly(earned),
        "most": format_number(most),
    }


def mark_in_points(mark: Mark) -> str:
    """Points of the question; where the rubric has others, both. With its task and attempt."""
    return converted_in_words(mark.earned, mark.most, mark.task.attempt.points[mark.task.slot])


def converted_in_words(earned: Decimal, most: int, of: int) -> str:
    """`of`: the points of the question. As "9 of 10", or "18 of 20 points of the rubric are 9 of 10 points"."""
    if most == of:
        return points_in_words(earned, most)
    worth = (earned * of / most).quantize(Decimal("0.01"), ROUND_DOWN)
    return _("%(rubric)s points of the rubric are %(points)s points") % {
        "rubric": points_in_words(earned, most),
        "points": points_in_words(worth, of),
    }


def mark_in_words(
    mark: Mark, rubric: Iterable[CriterionToRead], files: Sequence[FileToRead], *, first: int
) -> MarkInWords:
    """`files`: of the answer; its comments on them are numbered from `first` on. With the attempt of its task."""
    levels = [
        (line.text, level.text)
        for line in rubric
        for level in line.levels
        if mark.levels.get(line.criterion_id) == level.level_id
    ]
    pins = pins_of(mark.points, files, first=first)
    return MarkInWords(mark_in_points(mark), levels, mark.comment, pins)
