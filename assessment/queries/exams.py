"""Exams of a cohort: when their answers may be known."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.errors import DomainError
from assessment.enums import AttemptState, Purpose
from assessment.errors import KeysWereRead, NoAttemptsLeft
from assessment.models import Attempt, ExamWindow, FurtherAttempt, KeysRead, Sitting
from assessment.queries.attempts import quiz_in
from courses.enums import CohortState, EnrollmentState
from courses.models import ClassSession, Cohort, Enrollment, Transfer
from courses.queries.evidence import who_may_raise_scores
from courses.queries.timetable import register_begun, register_longest, register_tests

# For so long after a cohort was closed it may be opened again as it was: who may then take an exam has not read its right answers.
KEPT_BACK_AFTER_CLOSING = dt.timedelta(days=7)


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
    return keys_out_in(cohort, {key: rules})[key].is_out and not _may_take_elsewhere(attempt)


def _may_take_elsewhere(attempt: Attempt) -> bool:
    """Whether the person of an attempt is in the middle of its test, or has a seat in another cohort where they may begin it."""
    person, key = attempt.enrollment.person_id, attempt.quiz_key
    if Attempt.objects.by(person, key).filter(state=AttemptState.OPEN).exists():
        return True
    seats = Enrollment.objects.filter(person=person, state=EnrollmentState.ACTIVE)
    others = seats.exclude(cohort=attempt.enrollment.cohort_id).select_related("cohort__content_version")
    return any(seat.pk in who_may_take_it(seat.cohort, key) for seat in others)


def keys_out_in(cohort: Cohort, tests: Mapping[UUID, Rules]) -> dict[UUID, KeysOut]:
    """Of exams of a cohort, whether their keys are out: once no one of it can take it any more.

    That is: somebody has read them; the cohort has been closed for `KEPT_BACK_AFTER_CLOSING`; or no one is in the middle of it (more time
    for a person or a room among it), no sitting goes on or is to come, and the time to start it, where one was set, is over. Without such
    a time, an exam in a room is over once all who study in the cohort, or would if it were opened again, have passed or used their
    attempts: of who was absent, or may try again, another sitting may be planned. One that is taken anywhere may then be begun at any
    time. Eight queries at the most, however many exams.
    """
    now = timezone.now()
    if cohort.closed_at is not None and cohort.closed_at + KEPT_BACK_AFTER_CLOSING <= now:
        return {key: KeysOut(is_out=True, people=0) for key in tests}
    read = keys_read_in(cohort, tests)
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
        found[key] = KeysOut(is_out or key in read, len(people))
    return found


def keys_read_in(cohort: Cohort, tests: Collection[UUID]) -> set[UUID]:
    """Those of the tests whose right answers somebody of the cohort has read. One query."""
    rows = KeysRead.objects.filter(cohort=cohort, quiz_key__in=tests)
    return set(rows.values_list("quiz_key", flat=True))


def who_may_take_it(cohort: Cohort, quiz_key: UUID) -> set[int]:
    """The keys of those who study in a cohort and have an attempt left that they may need; of a test that was taken out, none."""
    quiz = quiz_in(cohort, quiz_key)
    if quiz is None:
        return set()
    return who_may_take(cohort, {quiz_key: Rules(quiz.attempts_allowed, quiz.is_supervised)})[quiz_key]


def who_needs_attempts(cohort: Cohort, quiz_key: UUID) -> QuerySet[Enrollment]:
    """Those who study in a cohort, may need a test and have no attempt left; without those whose attempt runs or waits for marks."""
    quiz = quiz_in(cohort, quiz_key)
    if quiz is None:
        return Enrollment.objects.none()
    rules = Rules(quiz.attempts_allowed, quiz.is_supervised)
    without_limit = who_may_take(cohort, {quiz_key: rules}, is_limited=False)[quiz_key]
    needs = without_limit - who_may_take(cohort, {quiz_key: rules})[quiz_key]
    unfinished = Attempt.objects.filter(quiz_key=quiz_key).exclude(state=AttemptState.MARKED)
    rows = cohort.enrollments.filter(pk__in=needs).exclude(pk__in=unfinished.values("enrollment"))
    return rows.select_related("person").order_by("person__folded_name", "pk")


def who_may_take(
    cohort: Cohort, tests: Mapping[UUID, Rules], *, is_limited: bool = True
) -> dict[UUID, set[int]]:
    """By test: the keys of those who study, have neither passed it (nor may raise their score for the completion rule) nor, where
    `is_limited`, used their attempts, those in other cohorts among them; an attempt that runs is used. Of a test whose right answers were
    read, none. In a closed cohort those who would study if it were opened again. Five queries at the most; three more where right answers
    were read in another cohort.
    """
    is_closed = cohort.state == CohortState.CLOSED
    states = [EnrollmentState.ACTIVE, *([EnrollmentState.FAILED] if is_closed else [])]
    studying = list(Enrollment.objects.filter(cohort=cohort, state__in=states))
    people = {one.person_id for one in studying}
    taken: Counter[tuple[UUID, int]] = Counter()
    passed: set[tuple[UUID, int]] = set()
    rows = (
        Attempt.objects.filter(enrollment__person__in=people, quiz_key__in=tests)
        .order_by()
        .values("quiz_key", "enrollment__person")
        .annotate(taken=Count("pk"), passes=Count("pk", filter=Q(passed=True, enrollment__cohort=cohort)))
    )
    for row in rows:
        place = row["quiz_key"], row["enrollment__person"]
        taken[place] = row["taken"]
        passed |= {place} if row["passes"] else set()
    further = FurtherAttempt.objects.filter(enrollment__person__in=people, quiz_key__in=tests)
    taken.subtract(further.values_list("quiz_key", "enrollment__person"))
    may_raise = who_may_raise_scores(cohort, studying, tests)
    rows_read = KeysRead.objects.filter(quiz_key__in=tests)
    read = {row.quiz_key for row in rows_read if row.cohort_id == cohort.pk}
    elsewhere = [row for row in rows_read if row.cohort_id != cohort.pk]
    used_up = _used_up_by_reading(elsewhere, people) if is_limited else set()
    return {
        key: {
            one.pk
            for one in studying
            if key not in read
            and (key, one.person_id) not in used_up
            and (not is_limited or taken[key, one.person_id] < rules.attempts_allowed)
            and ((key, one.person_id) not in passed or one.pk in may_raise[key])
        }
        for key, rules in tests.items()
    }


def refusal_by_reading(enrollment: Enrollment, quiz_key: UUID) -> DomainError | None:
    """Why a person begins a test no more because its right answers were read: in their cohort by anybody, or in one where they took it
    before, and no attempt was given to them after that. One query where no one has read them.
    """
    read = list(KeysRead.objects.filter(quiz_key=quiz_key))
    if any(row.cohort_id == enrollment.cohort_id for row in read):
        return KeysWereRead()
    return NoAttemptsLeft() if _used_up_by_reading(read, {enrollment.person_id}) else None


def _used_up_by_reading(read: Collection[KeysRead], people: Collection[int]) -> set[tuple[UUID, int]]:
    """By test and person: who took it in a cohort, which they may have left, before its right answers were read there. What they had left
    is used up; an attempt that was given afterwards is not.
    """
    if not read:
        return set()
    cohorts = {row.cohort_id for row in read}
    seats = Enrollment.objects.filter(cohort__in=cohorts, person__in=people).values_list("cohort", "person")
    left = Transfer.objects.filter(from_cohort__in=cohorts, enrollment__person__in=people)
    were_there = {*seats, *left.values_list("from_cohort", "enrollment__person")}
    since: dict[tuple[UUID, int], dt.datetime] = {}
    for row in sorted(read, key=lambda row: row.at):
        since |= {(row.quiz_key, person): row.at for cohort, person in were_there if cohort == row.cohort_id}
    begun: Counter[tuple[UUID, int]] = Counter()
    took: set[tuple[UUID, int]] = set()
    keys = {row.quiz_key for row in read}
    attempts = Attempt.objects.filter(enrollment__person__in=people, quiz_key__in=keys)
    for key, person, at in attempts.order_by().values_list("quiz_key", "enrollment__person", "started_at"):
        if (key, person) in since:
            took |= {(key, person)} if at < since[key, person] else set()
            begun[key, person] += at >= since[key, person]
    given = FurtherAttempt.objects.filter(enrollment__person__in=people, quiz_key__in=keys)
    for key, person, at in given.values_list("quiz_key", "enrollment__person", "at"):
        if (key, person) in since and at >= since[key, person]:
            begun[key, person] -= 1
    return {place for place in took if begun[place] >= 0}


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
