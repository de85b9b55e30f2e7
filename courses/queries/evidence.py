"""The evidence of an enrollment for each clause of its completion rule."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from courses.clauses import Clauses, Practice, Score, Test, counted
from courses.enums import AttendanceStatus, CompletesBy
from courses.models import (
    AttendanceRecord,
    ClassSession,
    Cohort,
    CompletionRule,
    Enrollment,
    PracticalResult,
)
from courses.queries.content import units_of
from courses.queries.progress import StudiedUnit, StudiedUnits, progress_of
from courses.queries.timetable import ahead
from courses.queries.transfers import stays_of

_PRESENT = {AttendanceStatus.PRESENT, AttendanceStatus.LATE}
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class UnitsEvidence:
    """Required units. `missing`: their titles in the source language, in teaching order."""

    done: int
    required: int
    missing: list[str]

    def is_met(self) -> bool:
        # A program without units proves nothing.
        return self.required > 0 and self.done == self.required


@dataclass(frozen=True)
class AttendanceEvidence:
    """Attendance over sessions. An excused absence is neutral: it counts neither in `attended` nor in `held`.

    A session counts as held once it is over; over and unrecorded is absent. `percent` is of the sessions held, rounded down. The clause is met only when the sessions still
    `upcoming` cannot undo it: full attendance of the first of twenty days does not complete a program.
    """

    percent: int | None
    required: int
    attended: int
    held: int
    upcoming: int

    def is_enough_so_far(self) -> bool:
        """Of the sessions held; before the first one nothing was missed."""
        return self.attended * 100 >= self.required * self.held

    def is_met(self) -> bool:
        counted = self.held + self.upcoming
        return self.required == 0 or (counted > 0 and self.attended * 100 >= self.required * counted)


@dataclass(frozen=True)
class HoursEvidence:
    """Time in sessions: `minutes` reached, `required` in hours.

    Of a session attended that is over the minutes that were counted (live presence), else all of it; never more than it lasts.
    """

    minutes: int
    required: int

    def is_met(self) -> bool:
        return self.minutes >= self.required * 60


@dataclass(frozen=True)
class ScoreEvidence:
    """The mean score of the tests that count, a test not taken counting 0. `percent` has two decimals, rounded down.

    Where the rule names no tests, the required ones count, and others that were marked. `below`: the keys of tests that do not reach their
    minimum.
    """

    percent: str | None
    required: int
    tests: int
    marked: int
    below: list[str] = field(default_factory=list)

    def is_met(self) -> bool:
        if self.below:
            return False
        return self.required == 0 or (self.percent is not None and Decimal(self.percent) >= self.required)


@dataclass(frozen=True)
class PracticeEvidence:
    """The practical tasks of the rule. `percent` is their mean score, a task without a result counting 0, two decimals, rounded down.

    `missing`: the codes of tasks that are not passed.
    """

    percent: str | None
    required: int
    tasks: int
    passed: int
    missing: list[str]

    def is_met(self) -> bool:
        if self.passed < self.tasks:
            return False
        return self.required == 0 or (self.percent is not None and Decimal(self.percent) >= self.required)


@dataclass(frozen=True)
class Evidence:
    """Of every kind of clause, whether the rule asks for it or not: what is not asked is met."""

    units: UnitsEvidence
    attendance: AttendanceEvidence
    hours: HoursEvidence
    score: ScoreEvidence
    practice: PracticeEvidence

    def meets(self, asks: Clauses) -> bool:
        units = not asks.units or self.units.is_met()
        others = (self.attendance, self.hours, self.score, self.practice)
        return units and all(one.is_met() for one in others)


def evidence_of(enrollment: Enrollment, rule: CompletionRule) -> Evidence:
    """Gather what an enrollment has to show for a rule. Three queries, one more after a transfer, one more for practical tasks."""
    return evidence_of_all({enrollment: rule}, progress_of([enrollment]))[enrollment.pk]


def evidence_of_all(
    rules: Mapping[Enrollment, CompletionRule], progress: StudiedUnits
) -> dict[int, Evidence]:
    """As `evidence_of`, by the pk of each enrollment, each for its rule; as many queries as for one, less that of `progress`."""
    asked = {enrollment: rule.asks for enrollment, rule in rules.items()}
    records = records_for(asked, progress)
    return {enrollment.pk: evidence_in(enrollment, asks, records) for enrollment, asks in asked.items()}


@dataclass(frozen=True)
class HeldSession:
    """A session that counts for an enrollment. `is_locked`: nothing is added to its sheet any more."""

    pk: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_ahead: bool
    is_locked: bool


@dataclass(frozen=True)
class Records:
    """Records of enrollments: progress by enrollment; attendance (status, minutes) by enrollment and session; sessions by
    enrollment; the newest practical results by enrollment and code of the task.
    """

    progress: StudiedUnits
    attendance: Mapping[int, Mapping[int, tuple[str, int]]]
    sessions: Mapping[int, list[HeldSession]]
    practice: Mapping[int, Mapping[str, PracticalResult]]


def records_for(
    asked: Mapping[Enrollment, Clauses], progress: StudiedUnits, *, at: dt.datetime | None = None
) -> Records:
    """What enrollments have to show for what each is asked for. `at`: the moment that tells which sessions are over, now where none is named.

    Two queries, three after a transfer, one more where a rule asks for practical tasks.
    """
    enrollments = list(asked)
    attendance: dict[int, dict[int, tuple[str, int]]] = defaultdict(dict)
    attended = AttendanceRecord.objects.filter(
        enrollment__in=[enrollment.pk for enrollment in enrollments], is_current=True
    )
    for enrollment_id, session_id, status, minutes in attended.order_by().values_list(
        "enrollment_id", "session_id", "status", "minutes"
    ):
        attendance[enrollment_id][session_id] = (status, minutes)
    tested = [enrollment for enrollment, asks in asked.items() if asks.practice.tasks]
    practice = _practice_of(tested) if tested else {}
    return Records(progress, attendance, _sessions_of(enrollments, at), practice)


def _sessions_of(enrollments: Collection[Enrollment], at: dt.datetime | None) -> dict[int, list[HeldSession]]:
    stays = stays_of(enrollments)
    held = ClassSession.objects.for_attendance().filter(
        cohort__in={stay.cohort_id for those in stays.values() for stay in those}, canceled_at__isnull=True
    )
    held = held.annotate(is_ahead=Exists(ahead(ClassSession.objects.filter(pk=OuterRef("pk")), at=at)))
    of_cohort: dict[int, list[HeldSession]] = defaultdict(list)
    for cohort_id, pk, starts_at, ends_at, is_ahead, locked_at in held.order_by().values_list(
        "cohort_id", "pk", "starts_at", "ends_at", "is_ahead", "locked_at"
    ):
        of_cohort[cohort_id].append(HeldSession(pk, starts_at, ends_at, is_ahead, locked_at is not None))
    return {
        key: [
            session
            for stay in those
            for session in of_cohort[stay.cohort_id]
            if stay.covers(session.starts_at)
        ]
        for key, those in stays.items()
    }


def _practice_of(enrollments: Collection[Enrollment]) -> dict[int, dict[str, PracticalResult]]:
    """One query."""
    newest: dict[int, dict[str, PracticalResult]] = defaultdict(dict)
    results = PracticalResult.objects.filter(enrollment__in=[enrollment.pk for enrollment in enrollments])
    for result in results.order_by("at", "pk"):
        newest[result.enrollment_id][result.task_code] = result
    return newest


def evidence_in(enrollment: Enrollment, asks: Clauses, records: Records) -> Evidence:
    units = units_of(enrollment.cohort)
    progress = records.progress[enrollment.pk]
    sessions = records.sessions[enrollment.pk]
    attendance = records.attendance.get(enrollment.pk, {})
    return Evidence(
        units=_units_evidence([unit for unit in units if unit["required"]], progress),
        attendance=_attendance_evidence(sessions, attendance, asks.attendance),
        hours=_hours_evidence(sessions, attendance, asks.hours),
        score=_score_evidence(units, progress, asks.score),
        practice=_practice_evidence(records.practice.get(enrollment.pk, {}), asks.practice),
    )


def _units_evidence(units: list[dict[str, Any]], progress: Mapping[str, StudiedUnit]) -> UnitsEvidence:
    missing = [
        unit["title"]
        for unit in units
        if unit["unit"] not in progress or progress[unit["unit"]].completed_at is None
    ]
    return UnitsEvidence(done=len(units) - len(missing), required=len(units), missing=missing)


def attendance_so_far(
    sessions: Iterable[HeldSession], records: Mapping[int, tuple[str, int]], required: int
) -> AttendanceEvidence:
    """As the evidence, but a session is to come until its sheet is locked or says something of this person.

    Of what no one has written down yet, nothing follows for somebody who is still there.
    """
    known = (
        session if session.is_locked or session.pk in records else replace(session, is_ahead=True)
        for session in sessions
    )
    return _attendance_evidence(known, records, required)


def _attendance_evidence(
    sessions: Iterable[HeldSession], records: Mapping[int, tuple[str, int]], required: int
) -> AttendanceEvidence:
    attended = held = upcoming = 0
    for session in sessions:
        status, _minutes = records.get(session.pk, (None, 0))
        if status == AttendanceStatus.EXCUSED:
            continue
        if session.is_ahead:
            upcoming += 1
            continue
        held += 1
        attended += status in _PRESENT
    percent = attended * 100 // held if held else None
    return AttendanceEvidence(percent, required, attended, held, upcoming)


def _hours_evidence(
    sessions: Iterable[HeldSession], records: Mapping[int, tuple[str, int]], required: int
) -> HoursEvidence:
    total = 0
    for session in sessions:
        status, minutes = records.get(session.pk, (None, 0))
        if status in _PRESENT and not session.is_ahead:
            length = int((session.ends_at - session.starts_at).total_seconds() // 60)
            total += min(minutes, length) if minutes else length
    return HoursEvidence(minutes=total, required=required)


def _score_evidence(
    units: Iterable[dict[str, Any]], progress: Mapping[str, StudiedUnit], asks: Score
) -> ScoreEvidence:
    """A test that the rule names and the content has not counts for nothing: it was taken out by an urgent correction."""
    tests = _tests_counted(list(units), progress, asks)
    marks = {
        test.unit: mark
        for test in tests
        if test.unit in progress and (mark := counted(progress[test.unit].scores, asks.attempts)) is not None
    }
    weights = sum(test.weight for test in tests)
    weighted = sum((marks[test.unit] * test.weight for test in tests if test.unit in marks), Decimal(0))
    return ScoreEvidence(
        percent=str((weighted / weights).quantize(_HUNDREDTH, ROUND_DOWN)) if tests else None,
        required=asks.percent,
        tests=len(tests),
        marked=len(marks),
        below=[test.unit for test in tests if marks.get(test.unit, Decimal(0)) < test.minimum],
    )


def _tests_counted(
    units: Sequence[dict[str, Any]], progress: Mapping[str, StudiedUnit], asks: Score
) -> list[Test]:
    if asks.tests:
        taught = {unit["unit"] for unit in units}
        return [test for test in asks.tests if test.unit in taught]
    return [
        Test(unit["unit"], {})
        for unit in units
        if unit["required"]
        and (
            unit["completes_by"] == CompletesBy.MARKS
            or (unit["unit"] in progress and progress[unit["unit"]].score is not None)
        )
    ]


def may_raise_score(enrollment: Enrollment, unit_key: UUID | str) -> bool:
    """Whether a better score in this test would help to meet the rule: it is below its own minimum, or the mean of the tests, of
    which it is one, is below what is asked. One query.
    """
    rule = enrollment.cohort.completion_rule
    if rule is None or not rule.asks.score.is_asked:
        return False
    progress = progress_of([enrollment])[enrollment.pk]
    return _may_raise(units_of(enrollment.cohort), progress, rule.asks.score, str(unit_key))


def who_may_raise_scores(
    cohort: Cohort, enrollments: Collection[Enrollment], unit_keys: Iterable[UUID]
) -> dict[UUID, set[int]]:
    """As `may_raise_score`: by test, the keys of those of these enrollments of a cohort. One query, none where no score is asked for."""
    rule = cohort.completion_rule
    if rule is None or not rule.asks.score.is_asked or not enrollments:
        return {key: set() for key in unit_keys}
    units, progress = units_of(cohort), progress_of(list(enrollments))
    return {
        key: {one.pk for one in enrollments if _may_raise(units, progress[one.pk], rule.asks.score, str(key))}
        for key in unit_keys
    }


def _may_raise(
    units: list[dict[str, Any]], progress: Mapping[str, StudiedUnit], asks: Score, unit_key: str
) -> bool:
    evidence = _score_evidence(units, progress, asks)
    if unit_key in evidence.below:
        return True
    is_counted = any(test.unit == unit_key for test in _tests_counted(units, progress, asks))
    is_short = evidence.percent is not None and Decimal(evidence.percent) < evidence.required
    return is_counted and is_short


def _practice_evidence(results: Mapping[str, PracticalResult], asks: Practice) -> PracticeEvidence:
    scores = [results[task.code].score for task in asks.tasks if task.code in results]
    mean = Decimal(sum(scores)) / len(asks.tasks) if asks.tasks else None
    failed = [task for task in asks.tasks if task.code not in results or not results[task.code].passed]
    return PracticeEvidence(
        percent=None if mean is None else str(mean.quantize(_HUNDREDTH, ROUND_DOWN)),
        required=asks.percent,
        tasks=len(asks.tasks),
        passed=len(asks.tasks) - len(failed),
        missing=[task.code for task in failed],
    )
