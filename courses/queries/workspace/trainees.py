"""The people of a cohort with what they have to show."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from courses.clauses import ClauseKind, Clauses
from courses.enums import EnrollmentState, Risk
from courses.models import Cohort, Enrollment
from courses.queries.content import units_of
from courses.queries.evidence import Evidence, HeldSession, attendance_so_far, evidence_in, records_for
from courses.queries.progress import content_percent, unit_percent
from courses.queries.requirements import Requirement, clauses_of
from courses.queries.workspace.risks import Reason, calendar_of, reasons_of
from courses.queries.workspace.work import WorkByUnit, last_seen_in, with_last_trace, work_in

IN_THE_COHORT = frozenset({EnrollmentState.ACTIVE, EnrollmentState.COMPLETED, EnrollmentState.FAILED})
READY = frozenset({EnrollmentState.ACTIVE, EnrollmentState.COMPLETED})


@dataclass(frozen=True, slots=True)
class Trainee:
    """One enrollment of the cohort. `missing`: the clauses of its rule for which there is something to catch up on; `attendance`:
    status and minutes by session.
    """

    enrollment: Enrollment
    evidence: Evidence
    asks: Clauses
    has_rule: bool
    missing: tuple[ClauseKind, ...]
    work: WorkByUnit
    sessions: list[HeldSession]
    attendance: Mapping[int, tuple[str, int]]
    last_seen: dt.datetime | None
    reasons: tuple[Reason, ...]

    @property
    def pk(self) -> int:
        return self.enrollment.pk

    @property
    def name(self) -> str:
        return str(self.enrollment.person)

    @property
    def is_in_the_cohort(self) -> bool:
        """Whether the person has a seat there, or had one to the end."""
        return self.enrollment.state in IN_THE_COHORT

    @property
    def is_ready(self) -> bool:
        """Whether the completion rule is met."""
        return self.has_rule and self.enrollment.state in READY and self.evidence.meets(self.asks)

    @property
    def is_at_risk(self) -> bool:
        return bool(self.reasons)

    @property
    def risks(self) -> frozenset[Risk]:
        return frozenset(reason.kind for reason in self.reasons)

    @property
    def attendance_percent(self) -> int | None:
        return self.evidence.attendance.percent

    @property
    def progress_percent(self) -> int | None:
        """As the trainee reads it, with parts of videos; None where no unit is required."""
        required = [unit["unit"] for unit in units_of(self.enrollment.cohort) if unit["required"]]
        return content_percent([unit_percent(self.work.get(key)) for key in required]) if required else None

    @property
    def score(self) -> Decimal | None:
        """The mean score, in percent; None where nothing was marked."""
        score = self.evidence.score
        return Decimal(score.percent) if score.percent is not None and score.marked else None

    @property
    def clauses(self) -> list[Requirement]:
        """What is asked, with what is left to do."""
        return clauses_of(self.evidence, self.asks) if self.has_rule else []


def trainees_of(cohort: Cohort, *, at: dt.datetime | None = None) -> list[Trainee]:
    """Everybody who is or was enrolled in a cohort, by name, however many: as many queries as for one.

    `at` is the moment by which sessions are over and days have passed, now where none is named. What was recorded after it is not
    taken back.

    Four queries; one more where somebody was transferred, where the rule asks for practical
    tasks, and where units have dates. The cohort needs its content and its rule.
    """
    at = at or timezone.now()
    asks = cohort.completion_rule.asks if cohort.completion_rule else Clauses()
    people = cohort.enrollments.select_related("person").order_by("person__folded_name", "person_id")
    enrollments = list(with_last_trace(people))
    for enrollment in enrollments:
        # One cohort for all: its units are parsed once.
        enrollment.cohort = cohort
    work = work_in(cohort)
    studied = defaultdict(dict, work)
    records = records_for(dict.fromkeys(enrollments, asks), studied, at=at)
    last_seen = last_seen_in(cohort, enrollments, records, work)
    calendar = calendar_of(cohort, at)
    trainees = []
    for enrollment in enrollments:
        key = enrollment.pk
        evidence = evidence_in(enrollment, asks, records)
        sessions, attendance = records.sessions[key], records.attendance.get(key, {})
        since = max(last_seen.get(key, enrollment.enrolled_at), enrollment.enrolled_at)
        learns = enrollment.state == EnrollmentState.ACTIVE and not (
            cohort.completion_rule and evidence.meets(asks)
        )
        trainees.append(
            Trainee(
                enrollment=enrollment,
                evidence=evidence,
                asks=asks,
                has_rule=cohort.completion_rule is not None,
                missing=tuple(_missing(evidence, asks)),
                work=studied[key],
                sessions=sessions,
                attendance=attendance,
                last_seen=last_seen.get(key),
                reasons=reasons_of(
                    evidence,
                    attendance_so_far(sessions, attendance, asks.attendance),
                    asks,
                    studied[key],
                    since=since,
                    calendar=calendar,
                )
                if learns
                else (),
            )
        )
    return trainees


def _missing(evidence: Evidence, asks: Clauses) -> list[ClauseKind]:
    units, attendance, hours = evidence.units, evidence.attendance, evidence.hours
    is_missing = {
        ClauseKind.UNITS: asks.units and not units.is_met(),
        # High enough so far, it is only open until the last session.
        ClauseKind.ATTENDANCE: asks.attendance > 0
        and not attendance.is_met()
        and not attendance.is_enough_so_far(),
        ClauseKind.HOURS: asks.hours > 0 and not hours.is_met(),
        ClauseKind.SCORE: asks.score.is_asked and not evidence.score.is_met(),
        ClauseKind.PRACTICE: asks.practice.is_asked and not evidence.practice.is_met(),
    }
    return [kind for kind, missing in is_missing.items() if missing]
