"""The tests of a cohort, for staff: their rules, when they may be started, and how far its people are."""

import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from assessment.enums import AttemptState, Purpose
from assessment.models import Attempt, ExamWindow, QuizPage, Sitting
from assessment.queries.exams import KeysOut, Rules, keys_out_in
from assessment.queries.readiness import Readiness, readiness_of
from courses.enums import CohortState, EnrollmentState, SessionKind
from courses.models import ClassSession, Cohort, PinnedUnit
from courses.queries.content import units_of
from courses.queries.releases import titles_in


@dataclass(frozen=True)
class CohortTest:
    """`taken`, `open`, `awaiting` and `passed` count people: who handed it in at least once, is in the middle of it, waits for marks, passed it."""

    key: uuid.UUID
    title: str
    purpose: Purpose
    limit_minutes: int | None
    is_supervised: bool
    window: ExamWindow | None
    sittings: list[Sitting]
    taken: int
    open: int
    awaiting: int
    passed: int
    # Of an exam, whether its keys are shown.
    keys: KeysOut | None
    # What it asks of the question bank; None where that is nothing.
    readiness: Readiness | None


@dataclass(frozen=True)
class _Rules:
    purpose: Purpose
    limit_minutes: int | None
    is_supervised: bool
    attempts_allowed: int


def tests_of(cohort: Cohort) -> list[CohortTest]:
    """In teaching order, as they were pinned. The cohort needs its content and its rule. Twelve queries at the most, however many tests; a few more for pages that this process did not show before."""
    rules = _rules_of(cohort)
    if not rules:
        return []
    windows = {row.quiz_key: row for row in ExamWindow.objects.filter(cohort=cohort)}
    sittings = defaultdict(list)
    for sitting in sittings_of(cohort):
        sittings[sitting.quiz_key].append(sitting)
    counts = _counts_of(cohort)
    titles = titles_in(cohort)
    exams = {
        key: Rules(rule.attempts_allowed, rule.is_supervised)
        for key, rule in rules.items()
        if rule.purpose == Purpose.EXAM
    }
    keys = keys_out_in(cohort, exams) if exams else {}
    is_closed = cohort.state == CohortState.CLOSED
    readiness = {} if is_closed else readiness_of((cohort, key) for key in rules)
    return [
        CohortTest(
            key=key,
            title=titles[str(key)],
            purpose=rule.purpose,
            limit_minutes=rule.limit_minutes,
            is_supervised=rule.is_supervised,
            window=windows.get(key),
            sittings=sittings[key],
            taken=taken,
            open=in_the_middle,
            awaiting=awaiting,
            passed=passed,
            keys=keys.get(key),
            readiness=readiness.get((cohort.pk, key)),
        )
        for key, rule in rules.items()
        for taken, in_the_middle, awaiting, passed in [counts.get(key, (0, 0, 0, 0))]
    ]


def sittings_of(cohort: Cohort) -> QuerySet[Sitting]:
    """The first one first."""
    rows = Sitting.objects.filter(class_session__cohort=cohort).select_related("class_session__venue")
    return rows.order_by("class_session__starts_at", "pk")


def exams_to_come(cohort: Cohort, quiz_key: uuid.UUID) -> QuerySet[ClassSession]:
    """The exams of its timetable in which a sitting of a test may be planned, and is not yet."""
    exams = ClassSession.objects.filter(
        cohort=cohort, kind=SessionKind.EXAM, canceled_at=None, ends_at__gt=timezone.now()
    )
    planned = Sitting.objects.filter(quiz_key=quiz_key, class_session__cohort=cohort)
    exams = exams.exclude(pk__in=planned.order_by().values("class_session"))
    return exams.select_related("venue").order_by("starts_at", "pk")


def _rules_of(cohort: Cohort) -> dict[uuid.UUID, _Rules]:
    """By the keys of its tests, in teaching order. Those of the page in the reader's language, else in another. One query."""
    pins = {pk: language for unit in units_of(cohort) for language, pk in unit["pinned"].items()}
    rows = PinnedUnit.objects.filter(pk__in=pins, kind=QuizPage._meta.label_lower)
    found: dict[str, _Rules] = {}
    languages = sorted(
        rows.values_list(
            "pk",
            "unit_key",
            "content__purpose",
            "content__limit_minutes",
            "content__is_supervised",
            "content__attempts_allowed",
        ),
        # The last one stays.
        key=lambda row: (pins[row[0]] == get_language(), row[0]),
    )
    for _pk, key, purpose, limit_minutes, is_supervised, allowed in languages:
        # What was pinned before tests had rules has none of these fields.
        found[str(key)] = _Rules(
            Purpose(purpose or Purpose.PRACTICE), limit_minutes, bool(is_supervised), allowed
        )
    return {
        uuid.UUID(unit["unit"]): found[unit["unit"]] for unit in units_of(cohort) if unit["unit"] in found
    }


def _counts_of(cohort: Cohort) -> dict[uuid.UUID, tuple[int, int, int, int]]:
    people = Attempt.objects.filter(enrollment__cohort=cohort).exclude(
        enrollment__state=EnrollmentState.WITHDRAWN
    )
    is_open = Q(state=AttemptState.OPEN)
    rows = (
        people.order_by()
        .values("quiz_key")
        .annotate(
            taken=Count("enrollment", distinct=True, filter=~is_open),
            in_the_middle=Count("enrollment", distinct=True, filter=is_open),
            awaiting=Count("enrollment", distinct=True, filter=Q(state=AttemptState.AWAITING)),
            passed_by=Count("enrollment", distinct=True, filter=Q(passed=True)),
        )
    )
    return {
        row["quiz_key"]: (row["taken"], row["in_the_middle"], row["awaiting"], row["passed_by"])
        for row in rows
    }
