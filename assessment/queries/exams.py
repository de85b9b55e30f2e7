"""Exams of a cohort: when their answers may be known."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from assessment.enums import AttemptState, Purpose
from assessment.models import Attempt, ExamWindow, Sitting
from assessment.queries.attempts import quiz_in
from courses.enums import CohortState, EnrollmentState
from courses.models import ClassSession, Cohort, Enrollment
from courses.queries.evidence import who_may_raise_scores
from courses.queries.timetable import register_begun, register_longest, register_tests


class Rules(NamedTuple):
    """What a test of a cohort says of who may take it."""

    attempts_allowed: int
    is_supervised: bool


@dataclass(frozen=True)
class KeysOut:
    """Whether the keys of an exam are shown to its cohort. `people`: how many of it may still take the exam."""

    is_out: bool
    people: int


def are_keys_out(attempt: Attempt) -> bool:
    """Whether the right answers and explanations of a marked attempt may be shown. Those of practice at once; those of an exam as
    `keys_out_in` says of its cohort.
    """
    if attempt.purpose == Purpose.PRACTICE:
        return True
    cohort, key = attempt.enrollment.cohort, attempt.quiz_key
    quiz = quiz_in(cohort, key)
    # Taken out of the content: no one starts it.
    rules = Rules(quiz.attempts_allowed, quiz.is_supervised) if quiz else Rules(0, is_supervised=True)
    return keys_out_in(cohort, {key: rules})[key].is_out


def keys_out_in(cohort: Cohort, tests: Mapping[UUID, Rules]) -> dict[UUID, KeysOut]:
    """Of exams of a cohort, whether their keys are out: once no one of it can take it any more.

    That is: the cohort is closed; or no one is in the middle of it (more time for a person or a room among it), no sitting goes on or is
    to come, and the time to start it, where one was set, is over. Without such a time, an exam in a room is over once all who study in
    the cohort have passed or used their attempts: of who was absent, or may try again, another sitting may be planned. One that is taken
    anywhere may then be begun at any time. Six queries at the most, however many exams.
    """
    if cohort.state == CohortState.CLOSED:
        return {key: KeysOut(is_out=True, people=0) for key in tests}
    now = timezone.now()
    sittings = Sitting.objects.filter(class_session__cohort=cohort, quiz_key__in=tests).ahead()
    goes_on = set(sittings.values_list("quiz_key", flat=True))
    windows = dict(
        ExamWindow.objects.filter(cohort=cohort, quiz_key__in=tests).values_list("quiz_key", "closes_at")
    )
    in_the_middle = set(
        Attempt.objects.filter(
            enrollment__cohort=cohort, quiz_key__in=tests, state=AttemptState.OPEN
        ).values_list("quiz_key", flat=True)
    )
    found = {}
    for key, people in who_may_take(cohort, tests).items():
        is_over = windows[key] <= now if key in windows else tests[key].is_supervised and not people
        is_out = is_over and key not in in_the_middle | goes_on
        found[key] = KeysOut(is_out, len(people))
    return found


def who_may_take_it(cohort: Cohort, quiz_key: UUID) -> set[int]:
    """The keys of those who study in a cohort and have an attempt left that they may need; of a test that was taken out, none."""
    quiz = quiz_in(cohort, quiz_key)
    if quiz is None:
        return set()
    return who_may_take(cohort, {quiz_key: Rules(quiz.attempts_allowed, quiz.is_supervised)})[quiz_key]


def who_may_take(cohort: Cohort, tests: Mapping[UUID, Rules]) -> dict[UUID, set[int]]:
    """By test: the keys of those who study, have neither passed it (nor may raise their score for the completion rule) nor used their
    attempts; an attempt that runs is used. Three queries at the most.
    """
    studying = list(Enrollment.objects.filter(cohort=cohort, state=EnrollmentState.ACTIVE))
    taken: dict[UUID, dict[int, tuple[int, int]]] = defaultdict(dict)
    rows = (
        Attempt.objects.filter(enrollment__in=[one.pk for one in studying], quiz_key__in=tests)
        .order_by()
        .values("quiz_key", "enrollment")
        .annotate(taken=Count("pk"), passes=Count("pk", filter=Q(passed=True)))
    )
    for row in rows:
        taken[row["quiz_key"]][row["enrollment"]] = (row["taken"], row["passes"])
    may_raise = who_may_raise_scores(cohort, studying, tests)
    found: dict[UUID, set[int]] = {}
    for key, rules in tests.items():
        found[key] = set()
        for one in studying:
            count, passes = taken[key].get(one.pk, (0, 0))
            if count < rules.attempts_allowed and (not passes or one.pk in may_raise[key]):
                found[key].add(one.pk)
    return found


@register_tests
def tests_in_exams(sessions: Collection[int]) -> dict[int, list[UUID]]:
    """What is taken in them, by the keys of the class sessions. One query."""
    found: dict[int, list[UUID]] = defaultdict(list)
    rows = Sitting.objects.filter(class_session__in=sessions, ended_at=None).order_by("pk")
    for session, key in rows.values_list("class_session", "quiz_key"):
        found[session].append(key)
    return found


@register_begun
def is_code_told(session: int) -> bool:
    return Sitting.objects.filter(class_session=session, released_at__isnull=False).exists()


@register_longest
def longest_test_in(session: ClassSession) -> tuple[str, int] | None:
    """The title of that with the longest time limit, and its minutes."""
    keys = Sitting.objects.filter(class_session=session, ended_at=None).values_list("quiz_key", flat=True)
    tests = (quiz for key in keys if (quiz := quiz_in(session.cohort, key)))
    limits = [(str(one.title), one.limit_minutes) for one in tests if one.limit_minutes]
    return max(limits, key=lambda one: one[1], default=None)
