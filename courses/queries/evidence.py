"""The evidence of an enrollment for each clause of its completion rule."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from courses.enums import AttendanceStatus, CompletesBy
from courses.models import AttendanceRecord, ClassSession, CompletionRule, Enrollment, UnitProgress
from courses.queries.content import units_of
from courses.queries.outline import ProgressByUnit, progress_of
from courses.queries.transfers import stays_of


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

    A session counts as held for a trainee once they have a record in it or it is over; over and unrecorded is
    absent. `percent` is of the sessions held, rounded down. The clause is met only when the sessions still
    `upcoming` cannot undo it: full attendance of the first of twenty days does not complete a program.
    """

    percent: int | None
    required: int
    attended: int
    held: int
    upcoming: int

    def is_met(self) -> bool:
        counted = self.held + self.upcoming
        return self.required == 0 or (counted > 0 and self.attended * 100 >= self.required * counted)


@dataclass(frozen=True)
class ScoreEvidence:
    """The mean score of the required tests, a test not taken counting 0. `percent` has two decimals, rounded down."""

    percent: str | None
    required: int
    tests: int
    marked: int

    def is_met(self) -> bool:
        return self.required == 0 or (self.percent is not None and Decimal(self.percent) >= self.required)


@dataclass(frozen=True)
class Evidence:
    units: UnitsEvidence
    attendance: AttendanceEvidence
    score: ScoreEvidence

    def meets(self, rule: CompletionRule) -> bool:
        units = not rule.all_required_units or self.units.is_met()
        return units and self.attendance.is_met() and self.score.is_met()


@dataclass(frozen=True)
class Requirement:
    """One clause and how far the trainee is. Units are counted; attendance and score are percentages.

    `upcoming` are the sessions still to come, which keep an attendance that is high enough so far from being met.
    """

    kind: str
    needed: int
    reached: int
    met: bool
    missing: list[str] = field(default_factory=list)
    upcoming: int = 0

    @property
    def sentence(self) -> str:
        """What is left to do, or that it is done, in the reader's language."""
        facts: dict[str, Any] = {"needed": self.needed, "reached": self.reached}
        if self.kind == "attendance" and self.reached >= self.needed and not self.met:
            return ngettext(
                "attendance: %(reached)s %% so far, and %(upcoming)s session is still to come",
                "attendance: %(reached)s %% so far, and %(upcoming)s sessions are still to come",
                self.upcoming,
            ) % {"reached": self.reached, "upcoming": self.upcoming}
        if self.kind == "attendance":
            return gettext("attendance: %(reached)s %% so far, at least %(needed)s %% needed") % facts
        if self.kind == "score":
            return gettext("mean test score: %(reached)s %% so far, at least %(needed)s %% needed") % facts
        left = self.needed - self.reached
        if not self.needed:
            return gettext("no units to study")
        if not left:
            return gettext("every required unit is done")
        return ngettext("%(left)s required unit left", "%(left)s required units left", left) % {"left": left}


def evidence_of(enrollment: Enrollment, rule: CompletionRule) -> Evidence:
    """Gather what an enrollment has to show for a rule. Three queries, four after a transfer."""
    records = _records_of([enrollment], progress_of([enrollment]))
    return _evidence(enrollment, rule, records)


def requirements(enrollment: Enrollment) -> list[Requirement]:
    """The clauses of the enrollment's rule with what is left to do; empty where its cohort has no rule."""
    return requirements_of([enrollment])[enrollment.pk]


def requirements_of(
    enrollments: Iterable[Enrollment], progress: ProgressByUnit | None = None
) -> dict[int, list[Requirement]]:
    """The requirements of many enrollments by their pk, in as many queries as for one: three, or two where
    `progress` was read; one more where somebody was transferred.
    """
    clauses: dict[int, list[Requirement]] = {enrollment.pk: [] for enrollment in enrollments}
    ruled = [(enrollment, rule) for enrollment in enrollments if (rule := enrollment.cohort.completion_rule)]
    if not ruled:
        return clauses
    rows = [enrollment for enrollment, _rule in ruled]
    records = _records_of(rows, progress_of(rows) if progress is None else progress)
    for enrollment, rule in ruled:
        clauses[enrollment.pk] = clauses_of(_evidence(enrollment, rule, records), rule)
    return clauses


@dataclass(frozen=True)
class _Records:
    """Records of enrollments: progress by enrollment, status by enrollment and session, ends of sessions by enrollment."""

    progress: ProgressByUnit
    statuses: Mapping[int, Mapping[int, str]]
    sessions: Mapping[int, list[tuple[int, dt.datetime]]]


def _records_of(enrollments: Collection[Enrollment], progress: ProgressByUnit) -> _Records:
    """Two queries, three after a transfer."""
    statuses: dict[int, dict[int, str]] = defaultdict(dict)
    attended = AttendanceRecord.objects.filter(
        enrollment__in=[enrollment.pk for enrollment in enrollments], is_current=True
    )
    for enrollment_id, session_id, status in attended.order_by().values_list(
        "enrollment_id", "session_id", "status"
    ):
        statuses[enrollment_id][session_id] = status
    stays = stays_of(enrollments)
    held = ClassSession.objects.filter(
        cohort__in={stay.cohort_id for those in stays.values() for stay in those}, canceled_at__isnull=True
    )
    of_cohort: dict[int, list[tuple[int, dt.datetime, dt.datetime]]] = defaultdict(list)
    for cohort_id, key, starts_at, ends_at in held.order_by().values_list(
        "cohort_id", "pk", "starts_at", "ends_at"
    ):
        of_cohort[cohort_id].append((key, starts_at, ends_at))
    sessions = {
        key: [
            (session_id, ends_at)
            for stay in those
            for session_id, begins_at, ends_at in of_cohort[stay.cohort_id]
            if stay.covers(begins_at)
        ]
        for key, those in stays.items()
    }
    return _Records(progress, statuses, sessions)


def _evidence(enrollment: Enrollment, rule: CompletionRule, records: _Records) -> Evidence:
    units = [unit for unit in units_of(enrollment.cohort) if unit["required"]]
    progress = records.progress[enrollment.pk]
    return Evidence(
        units=_units_evidence(units, progress),
        attendance=_attendance_evidence(
            records.sessions[enrollment.pk],
            records.statuses.get(enrollment.pk, {}),
            rule.attendance_percent,
        ),
        score=_score_evidence(units, progress, rule.score_percent),
    )


def clauses_of(evidence: Evidence, rule: CompletionRule) -> list[Requirement]:
    """The clauses of `rule` with what `evidence` leaves to do. All are met where it meets the rule."""
    units, attendance, score = evidence.units, evidence.attendance, evidence.score
    clauses = []
    if rule.all_required_units:
        clauses.append(Requirement("units", units.required, units.done, units.is_met(), units.missing))
    if attendance.required:
        reached = attendance.percent or 0
        clauses.append(
            Requirement(
                "attendance",
                attendance.required,
                reached,
                attendance.is_met(),
                upcoming=attendance.upcoming,
            )
        )
    if score.required:
        clauses.append(Requirement("score", score.required, int(Decimal(score.percent or 0)), score.is_met()))
    return clauses


def _units_evidence(units: list[dict[str, Any]], progress: dict[str, UnitProgress]) -> UnitsEvidence:
    missing = [
        unit["title"]
        for unit in units
        if unit["unit"] not in progress or progress[unit["unit"]].completed_at is None
    ]
    return UnitsEvidence(done=len(units) - len(missing), required=len(units), missing=missing)


def _attendance_evidence(
    sessions: Iterable[tuple[int, dt.datetime]], status_in: Mapping[int, str], required: int
) -> AttendanceEvidence:
    now = timezone.now()
    attended = held = upcoming = 0
    for session_id, ends_at in sessions:
        status = status_in.get(session_id)
        if status == AttendanceStatus.EXCUSED:
            continue
        if status is None and ends_at > now:
            upcoming += 1
            continue
        held += 1
        attended += status in {AttendanceStatus.PRESENT, AttendanceStatus.LATE}
    percent = attended * 100 // held if held else None
    return AttendanceEvidence(percent, required, attended, held, upcoming)


def _score_evidence(
    units: list[dict[str, Any]], progress: dict[str, UnitProgress], required: int
) -> ScoreEvidence:
    scores = {key: row.score for key, row in progress.items() if row.score is not None}
    tests = [
        unit["unit"] for unit in units if unit["completes_by"] == CompletesBy.MARKS or unit["unit"] in scores
    ]
    marks = [scores[key] for key in tests if key in scores]
    mean = sum(marks, Decimal(0)) / len(tests) if tests else None
    percent = None if mean is None else str(mean.quantize(Decimal("0.01"), ROUND_DOWN))
    return ScoreEvidence(percent=percent, required=required, tests=len(tests), marked=len(marks))
