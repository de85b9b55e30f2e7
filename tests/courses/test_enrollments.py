"""Seats: taken once, never above the number of seats, given back on withdrawal."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import User
from courses.enums import CohortState, EnrollmentState
from courses.errors import (
    AlreadyEnrolled,
    CohortFull,
    EnrollmentClosed,
    EnrollmentNotActive,
    PersonGone,
    ReasonMissing,
    SeatsBelowTaken,
)
from courses.models import Cohort, Enrollment
from courses.services.cohorts import change_cohort, start_cohort
from courses.services.enrollments import enroll, withdraw
from media_pipeline.models import PlaybackRevocation
from media_pipeline.services.revocations import viewer_of
from tests.factories.accounts import PersonFactory, TraineeFactory, UserFactory
from tests.factories.courses import CohortFactory, EnrollmentFactory, closed, taught_cohort


@pytest.fixture
def clerk(db: None) -> User:
    return UserFactory()


def test_enrolling_takes_a_seat_and_leaves_a_trace(clerk: User):
    cohort, person = CohortFactory(), PersonFactory()

    enrollment = enroll(person_id=person.pk, cohort_id=cohort.pk, by=clerk)

    cohort.refresh_from_db()
    assert (enrollment.state, enrollment.person, cohort.seats_taken) == (EnrollmentState.ACTIVE, person, 1)
    entry = ModelLogEntry.objects.get(action="courses.enrollment.enroll")
    assert (entry.user, entry.object_id) == (clerk, str(enrollment.pk))


def test_a_person_who_signed_up_alone_belongs_to_the_center_of_the_first_seat(clerk: User):
    newcomer, known = PersonFactory(registered_at=None), PersonFactory()
    center = known.registered_at
    cohort = CohortFactory()

    for person in (newcomer, known):
        enroll(person_id=person.pk, cohort_id=cohort.pk, by=clerk)

    newcomer.refresh_from_db()
    known.refresh_from_db()
    assert (newcomer.registered_at, known.registered_at) == (cohort.center, center)


def test_a_full_cohort_refuses_and_writes_nothing(clerk: User):
    cohort = CohortFactory(seats=1, seats_taken=1)

    with pytest.raises(CohortFull):
        enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)

    cohort.refresh_from_db()
    assert cohort.seats_taken == 1
    assert not Enrollment.objects.exists()
    assert not ModelLogEntry.objects.exists()


@pytest.mark.parametrize("state", [CohortState.PLANNED, CohortState.RUNNING, CohortState.CLOSED])
def test_only_an_open_cohort_enrolls(clerk: User, state: CohortState):
    cohort = CohortFactory(state=state)

    with pytest.raises(EnrollmentClosed):
        enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)


def test_a_cohort_whose_dates_have_passed_takes_no_enrollments(clerk: User):
    today = timezone.localdate()
    cohort = CohortFactory(starts_on=today - dt.timedelta(days=9), ends_on=today - dt.timedelta(days=1))

    with pytest.raises(EnrollmentClosed):
        enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)


def test_a_person_has_one_seat_in_a_program(clerk: User):
    morning = CohortFactory()
    evening = CohortFactory(program=morning.program)
    person = PersonFactory()
    enroll(person_id=person.pk, cohort_id=morning.pk, by=clerk)

    for cohort in (morning, evening):
        with pytest.raises(AlreadyEnrolled):
            enroll(person_id=person.pk, cohort_id=cohort.pk, by=clerk)

    assert Enrollment.objects.count() == 1


def test_a_withdrawn_seat_is_free_again_and_the_person_may_come_back(clerk: User):
    cohort = CohortFactory(seats=1)
    person = PersonFactory()
    enrollment = enroll(person_id=person.pk, cohort_id=cohort.pk, by=clerk)

    withdraw(enrollment_id=enrollment.pk, reason="سافر إلى محافظة أخرى", by=clerk)
    cohort.refresh_from_db()
    freed = cohort.seats_taken
    again = enroll(person_id=person.pk, cohort_id=cohort.pk, by=clerk)

    assert freed == 0
    assert (again.pk, again.state) == (enrollment.pk, EnrollmentState.ACTIVE)
    entry = ModelLogEntry.objects.get(action="courses.enrollment.withdraw")
    assert entry.data["reason"] == "سافر إلى محافظة أخرى"


@pytest.mark.parametrize("reason", ["", "  "])
def test_withdrawing_takes_a_reason(clerk: User, reason: str):
    enrollment = EnrollmentFactory()

    with pytest.raises(ReasonMissing):
        withdraw(enrollment_id=enrollment.pk, reason=reason, by=clerk)


def test_a_withdrawn_enrollment_cannot_be_withdrawn_again(clerk: User):
    enrollment = EnrollmentFactory(state=EnrollmentState.WITHDRAWN)

    with pytest.raises(EnrollmentNotActive):
        withdraw(enrollment_id=enrollment.pk, reason="reason", by=clerk)


def test_seats_cannot_fall_below_those_taken(clerk: User):
    cohort = CohortFactory(seats=5, seats_taken=3)

    with pytest.raises(SeatsBelowTaken, match="3"):
        change_cohort(cohort_id=cohort.pk, seats=2, by=clerk)
    changed = change_cohort(cohort_id=cohort.pk, seats=3, by=clerk)

    assert changed.seats == 3
    entry = ModelLogEntry.objects.get(action="courses.cohort.change")
    assert entry.data == {"before": {"seats": "5"}, "after": {"seats": "3"}}


def test_the_database_itself_holds_the_seat_cap(db: None):
    cohort = CohortFactory(seats=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(seats_taken=2)


def test_starting_closes_enrollment_and_closing_ends_what_is_not_complete(clerk: User):
    cohort = taught_cohort()
    enrollment = enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)

    start_cohort(cohort_id=cohort.pk, by=clerk)
    with pytest.raises(EnrollmentClosed):
        enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)
    ended = closed(cohort, by=clerk)

    enrollment.refresh_from_db()
    assert (ended.state, enrollment.state) == (CohortState.CLOSED, EnrollmentState.FAILED)


def test_records_of_study_outlive_pages_people_and_the_shell(clerk: User):
    cohort = taught_cohort()
    enrollment = enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)

    for owner in (cohort.program, cohort, cohort.center, enrollment.person):
        with pytest.raises(ProtectedError), transaction.atomic():
            owner.delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM courses_enrollment")

    assert Enrollment.objects.filter(pk=enrollment.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_thirty_at_once_for_five_seats_fill_exactly_five():
    clerk = UserFactory()
    cohort = CohortFactory(seats=5)
    people = [PersonFactory() for _ in range(30)]

    def try_to_enroll(person_id: int) -> bool:
        try:
            enroll(person_id=person_id, cohort_id=cohort.pk, by=clerk)
        except CohortFull:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(max_workers=30) as pool:
        got_in = list(pool.map(try_to_enroll, [person.pk for person in people]))

    close_old_connections()
    cohort.refresh_from_db()
    assert (sum(got_in), cohort.seats_taken, cohort.enrollments.count()) == (5, 5, 5)


@pytest.mark.django_db(transaction=True)
def test_one_person_enrolled_twice_at_once_gets_one_seat():
    clerk = UserFactory()
    morning = CohortFactory()
    evening = CohortFactory(program=morning.program)
    person = PersonFactory()

    def try_to_enroll(cohort_id: int) -> bool:
        try:
            enroll(person_id=person.pk, cohort_id=cohort_id, by=clerk)
        except AlreadyEnrolled:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(max_workers=8) as pool:
        got_in = list(pool.map(try_to_enroll, [morning.pk, evening.pk] * 4))

    assert (sum(got_in), person.enrollments.count()) == (1, 1)


def test_who_withdraws_or_is_not_complete_at_the_end_loses_the_videos_they_were_given(clerk: User):
    cohort = taught_cohort()
    leaves, stays = TraineeFactory(), TraineeFactory()
    enrollments = {
        user: enroll(person_id=user.person_id, cohort_id=cohort.pk, by=clerk) for user in (leaves, stays)
    }

    withdraw(enrollment_id=enrollments[leaves].pk, reason="سافر", by=clerk)
    after_withdrawal = set(PlaybackRevocation.objects.values_list("viewer", flat=True))
    closed(cohort, by=clerk)

    assert after_withdrawal == {viewer_of(leaves)}
    assert set(PlaybackRevocation.objects.values_list("viewer", flat=True)) == {
        viewer_of(leaves),
        viewer_of(stays),
    }


@pytest.mark.django_db
def test_a_record_that_was_merged_meanwhile_takes_no_seat():
    merged = PersonFactory(merged_into=PersonFactory())

    with pytest.raises(PersonGone):
        enroll(person_id=merged.pk, cohort_id=CohortFactory().pk, by=UserFactory())
