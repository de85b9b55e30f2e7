"""A transfer keeps progress, scores and attendance, and gives the seat left behind to the next in line."""

import datetime as dt
from contextlib import nullcontext
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from courses.enums import (
    AttendanceSource,
    AttendanceStatus,
    CohortState,
    EnrollmentState,
    SeatNoticeKind,
    WaitingState,
)
from courses.errors import (
    CohortFull,
    EnrollmentClosed,
    EnrollmentNotActive,
    OtherProgram,
    ReasonMissing,
    SameCohort,
    SessionOfAnotherCohort,
    WithdrewThere,
)
from courses.models import Cohort, Enrollment, SeatNotice, Transfer
from courses.queries.evidence import evidence_of
from courses.queries.transfers import taking_part
from courses.services.attendance import amend_attendance, lock_attendance, record_attendance
from courses.services.enrollments import enroll, withdraw
from courses.services.progress import complete_unit
from courses.services.seats import join_waiting_list
from courses.services.transfers import transfer
from tests.factories.accounts import PersonFactory, TraineeFactory, UserFactory
from tests.factories.courses import ClassSessionFactory, CohortFactory, attend, taught_cohort


@pytest.fixture
def clerk(db: None) -> User:
    return UserFactory()


def sibling(cohort: Cohort, **facts: object) -> Cohort:
    """Another cohort of the same program and content."""
    return CohortFactory(
        program=cohort.program,
        content_version=cohort.content_version,
        completion_rule=cohort.completion_rule,
        **facts,
    )


def enrolled(cohort: Cohort, by: User) -> Enrollment:
    return enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=by)


def seats_of(*cohorts: Cohort) -> list[int]:
    return [Cohort.objects.get(pk=cohort.pk).seats_taken for cohort in cohorts]


def test_progress_goes_on_in_the_other_cohort(clerk: User):
    before = taught_cohort()
    after = sibling(before)
    enrollment = enrolled(before, clerk)
    unit = UUID(before.content_version.units[0]["unit"])
    complete_unit(enrollment_id=enrollment.pk, unit_key=unit)

    transfer(enrollment_id=enrollment.pk, to_cohort_id=after.pk, reason="انتقل إلى الجيزة", by=clerk)

    enrollment = Enrollment.objects.select_related("cohort__completion_rule").get(pk=enrollment.pk)
    evidence = evidence_of(enrollment, enrollment.cohort.completion_rule)
    assert (enrollment.cohort, evidence.units.done) == (after, 1)
    assert seats_of(before, after) == [0, 1]
    assert SeatNotice.objects.get().kind == SeatNoticeKind.TRANSFERRED
    moved = Transfer.objects.get()
    assert (moved.from_cohort, moved.to_cohort, moved.by) == (before, after, clerk)


def test_attendance_counts_in_each_cohort_for_the_time_in_it(clerk: User):
    before = taught_cohort(attendance=50)
    after = sibling(before)
    enrollment = enrolled(before, clerk)
    now = timezone.now()
    hour = dt.timedelta(hours=1)
    for days, status in ((4, AttendanceStatus.PRESENT), (3, AttendanceStatus.ABSENT)):
        starts = now - dt.timedelta(days=days)
        attend(enrollment, status, starts_at=starts, ends_at=starts + hour)
    # Held in the other cohort before the person came.
    ClassSessionFactory(cohort=after, starts_at=now - 48 * hour, ends_at=now - 47 * hour)

    transfer(enrollment_id=enrollment.pk, to_cohort_id=after.pk, reason="انتقل", by=clerk)
    # Of the cohort that was left, after that.
    ClassSessionFactory(cohort=before, starts_at=now + hour, ends_at=now + 2 * hour)
    ClassSessionFactory(cohort=after, starts_at=now + hour, ends_at=now + 2 * hour)

    enrollment.refresh_from_db()
    found = evidence_of(enrollment, after.completion_rule).attendance
    assert (found.attended, found.held, found.upcoming, found.percent) == (1, 2, 1, 50)


def test_there_and_back_again_counts_every_stay(clerk: User):
    first = taught_cohort(attendance=50)
    second = sibling(first)
    enrollment = enrolled(first, clerk)
    now = timezone.now()
    starts = now - dt.timedelta(days=2)
    attend(enrollment, AttendanceStatus.PRESENT, starts_at=starts, ends_at=starts + dt.timedelta(hours=1))

    transfer(enrollment_id=enrollment.pk, to_cohort_id=second.pk, reason="انتقل", by=clerk)
    transfer(enrollment_id=enrollment.pk, to_cohort_id=first.pk, reason="عاد", by=clerk)

    enrollment.refresh_from_db()
    found = evidence_of(enrollment, first.completion_rule).attendance
    assert (enrollment.cohort, found.attended, found.held) == (first, 1, 1)
    assert seats_of(first, second) == [1, 0]


def test_the_seat_left_behind_goes_to_the_next_in_line(clerk: User):
    before = taught_cohort(seats=1)
    after = sibling(before)
    enrollment = enrolled(before, clerk)
    waits = TraineeFactory()
    entry = join_waiting_list(person_id=waits.person_id, cohort_id=before.pk, by=waits)

    transfer(enrollment_id=enrollment.pk, to_cohort_id=after.pk, reason="انتقل", by=clerk)

    entry.refresh_from_db()
    assert entry.state == WaitingState.OFFERED


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"seats": 1, "seats_taken": 1}, CohortFull),
        ({"state": CohortState.CLOSED}, EnrollmentClosed),
        ({"state": CohortState.RUNNING}, EnrollmentClosed),
        ({"starts_on": dt.date(2020, 1, 1), "ends_on": dt.date(2020, 2, 1)}, EnrollmentClosed),
    ],
)
def test_a_full_or_ended_cohort_takes_nobody_over(clerk: User, facts: dict, refusal: type[Exception]):
    before = taught_cohort()
    enrollment = enrolled(before, clerk)
    after = sibling(before, **facts)

    with pytest.raises(refusal):
        transfer(enrollment_id=enrollment.pk, to_cohort_id=after.pk, reason="انتقل", by=clerk)

    enrollment.refresh_from_db()
    assert (enrollment.cohort, seats_of(before)) == (before, [1])
    assert not Transfer.objects.exists()


@pytest.mark.parametrize("state", [CohortState.RUNNING, CohortState.CLOSED])
def test_a_transfer_is_undone_into_a_cohort_that_runs_and_not_into_one_that_is_closed(
    clerk: User, state: str
):
    before = taught_cohort()
    enrollment = enrolled(before, clerk)
    after = sibling(before)
    transfer(enrollment_id=enrollment.pk, to_cohort_id=after.pk, reason="انتقل", by=clerk)
    Cohort.objects.filter(pk=before.pk).update(state=state)

    with pytest.raises(EnrollmentClosed) if state == CohortState.CLOSED else nullcontext():
        transfer(enrollment_id=enrollment.pk, to_cohort_id=before.pk, reason="عاد", by=clerk)

    enrollment.refresh_from_db()
    assert enrollment.cohort == (after if state == CohortState.CLOSED else before)


def test_a_transfer_stays_in_the_program_and_has_a_reason(clerk: User):
    before = taught_cohort()
    enrollment = enrolled(before, clerk)

    with pytest.raises(OtherProgram):
        transfer(enrollment_id=enrollment.pk, to_cohort_id=taught_cohort().pk, reason="انتقل", by=clerk)
    with pytest.raises(SameCohort):
        transfer(enrollment_id=enrollment.pk, to_cohort_id=before.pk, reason="انتقل", by=clerk)
    with pytest.raises(ReasonMissing):
        transfer(enrollment_id=enrollment.pk, to_cohort_id=sibling(before).pk, reason=" ", by=clerk)


def test_who_left_is_not_transferred_nor_into_a_cohort_they_left(clerk: User):
    before = taught_cohort()
    after = sibling(before)
    enrollment = enrolled(after, clerk)
    withdraw(enrollment_id=enrollment.pk, reason="سافر", by=clerk)

    with pytest.raises(EnrollmentNotActive):
        transfer(enrollment_id=enrollment.pk, to_cohort_id=before.pk, reason="انتقل", by=clerk)
    again = enroll(person_id=enrollment.person_id, cohort_id=before.pk, by=clerk)
    with pytest.raises(WithdrewThere):
        transfer(enrollment_id=again.pk, to_cohort_id=after.pk, reason="انتقل", by=clerk)

    again.refresh_from_db()
    assert again.state == EnrollmentState.ACTIVE


def test_sheets_of_earlier_sessions_stay_with_the_cohort_that_was_left(clerk: User):
    before = taught_cohort(attendance=50)
    after = sibling(before)
    enrollment, others = enrolled(before, clerk), enrolled(after, clerk)
    now = timezone.now()
    held = [
        ClassSessionFactory(
            cohort=cohort, starts_at=now - dt.timedelta(hours=5), ends_at=now - dt.timedelta(hours=4)
        )
        for cohort in (before, after)
    ]
    transfer(enrollment_id=enrollment.pk, to_cohort_id=after.pk, reason="انتقل", by=clerk)
    facts = {
        "status": AttendanceStatus.PRESENT,
        "minutes": 0,
        "source": AttendanceSource.INSTRUCTOR,
        "by": clerk,
    }

    assert [taking_part(session) for session in held] == [[enrollment], [others]]
    record = record_attendance(session_id=held[0].pk, enrollment_id=enrollment.pk, **facts)
    with pytest.raises(SessionOfAnotherCohort):
        record_attendance(session_id=held[1].pk, enrollment_id=enrollment.pk, **facts)
    lock_attendance(session_id=held[0].pk, by=clerk)
    amended = amend_attendance(
        record_id=record.pk, status=AttendanceStatus.ABSENT, minutes=0, reason="خطأ في النقل", by=clerk
    )

    assert amended.is_current


def test_a_transfer_is_kept(clerk: User):
    before = taught_cohort()
    enrollment = enrolled(before, clerk)
    moved = transfer(enrollment_id=enrollment.pk, to_cohort_id=sibling(before).pk, reason="انتقل", by=clerk)

    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.filter(pk=moved.pk).update(reason="")
    with pytest.raises(IntegrityError), transaction.atomic():
        moved.delete()
