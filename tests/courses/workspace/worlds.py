"""A cohort of any size with records of every kind, written without services: 500 people of 60 units would take them minutes."""

import datetime as dt
import random
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from courses.clauses import Clauses, Practice, Score, Task
from courses.enums import AttendanceSource, AttendanceStatus, CohortState, EnrollmentState
from courses.models import (
    AttendanceRecord,
    ClassSession,
    Cohort,
    CompletionRule,
    ContentVersion,
    Enrollment,
    PracticalResult,
    UnitProgress,
)
from tests.factories.accounts import PersonFactory, UserFactory
from tests.factories.courses import ClassSessionFactory, CohortFactory

ASKS = Clauses(
    units=True,
    attendance=75,
    score=Score(percent=60),
    practice=Practice(percent=50, tasks=(Task("panel", {"ar": "لوحة توزيع"}),)),
)


def great_cohort(*, people: int, units: int, sessions: int, seed: int = 7) -> Cohort:
    """A running cohort in which some are done, some idle, some absent, some failed, and every tenth left."""
    chance = random.Random(seed)
    now, clerk = timezone.now(), UserFactory()
    cohort: Cohort = CohortFactory(
        state=CohortState.RUNNING,
        starts_on=timezone.localdate() - dt.timedelta(days=30),
        seats=max(people, 1),
    )
    keys = [UUID(int=chance.getrandbits(128)) for _ in range(units)]
    cohort.content_version = ContentVersion.objects.create(
        program=cohort.program,
        number=1,
        frozen_at=now,
        units=[
            {
                "unit": str(key),
                "kind": "quiz" if place % 5 == 4 else "lesson",
                "title": f"درس {place}",
                "titles": {"ar": f"درس {place}"},
                "required": place % 7 != 6,
                "completes_by": "marks" if place % 5 == 4 else "reading",
                "pinned": {},
            }
            for place, key in enumerate(keys)
        ],
    )
    cohort.completion_rule = CompletionRule.objects.create(
        program=cohort.program, version=1, clauses=ASKS.as_list()
    )
    enrollments = _enrollments(cohort, people, now)
    cohort.seats_taken = sum(row.state != EnrollmentState.WITHDRAWN for row in enrollments)
    cohort.save()
    _progress(enrollments, keys, chance, now)
    held = [
        ClassSessionFactory(cohort=cohort, starts_at=now + dt.timedelta(days=day - sessions + 3))
        for day in range(sessions)
    ]
    _attendance(enrollments, held, clerk.pk, chance, now)
    PracticalResult.objects.bulk_create(
        PracticalResult(
            enrollment=row, task_code="panel", score=chance.randint(30, 100), passed=row.pk % 3 > 0, by=clerk
        )
        for row in enrollments
        if row.pk % 2
    )
    return cohort


def _enrollments(cohort: Cohort, people: int, now: dt.datetime) -> list[Enrollment]:
    return Enrollment.objects.bulk_create(
        Enrollment(
            person=PersonFactory(),
            cohort=cohort,
            enrolled_at=now - dt.timedelta(days=30),
            state=EnrollmentState.WITHDRAWN if place % 10 == 9 else EnrollmentState.ACTIVE,
        )
        for place in range(people)
    )


def _progress(
    enrollments: list[Enrollment], keys: list[UUID], chance: random.Random, now: dt.datetime
) -> None:
    rows = []
    for enrollment in enrollments:
        pace, ago = chance.choice((0.3, 0.9, 1.0)), chance.randint(0, 15)
        at = now - dt.timedelta(days=ago)
        for place, key in enumerate(keys):
            if chance.random() > pace:
                continue
            scores = [Decimal(chance.randint(20, 100)) for _ in range(chance.randint(1, 3))]
            is_marked, passed = place % 5 == 4, max(scores) >= 60
            is_half_watched = place % 7 == 3 and ago % 2 == 1
            rows.append(
                UnitProgress(
                    enrollment=enrollment,
                    unit_key=key,
                    opened_at=at,
                    updated_at=at,
                    allowed_at=at,
                    scores=scores if is_marked else [],
                    score=max(scores) if is_marked else None,
                    passed=passed if is_marked else None,
                    completed_at=at if (passed or not is_marked) and not is_half_watched else None,
                    buckets_watched=31 if is_half_watched else 0,
                    buckets_total=60 if is_half_watched else 0,
                )
            )
    UnitProgress.objects.bulk_create(rows, batch_size=2000)


def _attendance(
    enrollments: list[Enrollment],
    sessions: list[ClassSession],
    clerk: int,
    chance: random.Random,
    now: dt.datetime,
) -> None:
    statuses = [*AttendanceStatus, *[AttendanceStatus.PRESENT] * 8]
    rows = [
        AttendanceRecord(
            session=session,
            enrollment=enrollment,
            status=chance.choice(statuses),
            minutes=0,
            source=AttendanceSource.INSTRUCTOR,
            recorded_by_id=clerk,
            recorded_at=now,
        )
        for enrollment in enrollments
        for session in sessions
        if session.ends_at < now and chance.random() < 0.95
    ]
    AttendanceRecord.objects.bulk_create(rows, batch_size=2000)
