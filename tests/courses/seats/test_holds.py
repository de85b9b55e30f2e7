"""Held seats: kept for one person until a time, counted like taken ones."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from courses.enums import CohortState, HoldState
from courses.errors import (
    AlreadyEnrolled,
    CohortFull,
    EnrollmentClosed,
    HoldEnded,
    HoldInThePast,
    HoldTooLong,
    SeatAlreadyHeld,
    SeatsBelowTaken,
)
from courses.models import Cohort, SeatHold
from courses.services.cohorts import change_cohort
from courses.services.enrollments import enroll
from courses.services.seats import expire_holds, hold_seat, release_hold
from tests.courses.seats.clock import at
from tests.factories.accounts import PersonFactory, UserFactory
from tests.factories.courses import CohortFactory


@pytest.fixture
def clerk(db: None) -> User:
    return UserFactory()


def held(cohort: Cohort, by: User, *, hours: float = 1) -> SeatHold:
    until = timezone.now() + dt.timedelta(hours=hours)
    return hold_seat(person_id=PersonFactory().pk, cohort_id=cohort.pk, until=until, by=by)


def seats_of(cohort: Cohort) -> tuple[int, int]:
    cohort.refresh_from_db()
    return cohort.seats_taken, cohort.seats_held


def test_a_held_seat_is_for_its_person_only(clerk: User):
    cohort = CohortFactory(seats=1)
    hold = held(cohort, clerk)

    with pytest.raises(CohortFull):
        enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)
    enroll(person_id=hold.person_id, cohort_id=cohort.pk, by=clerk, hold_id=hold.pk)

    hold.refresh_from_db()
    assert (hold.state, seats_of(cohort)) == (HoldState.USED, (1, 0))


def test_who_has_a_held_seat_need_not_name_it(clerk: User):
    cohort = CohortFactory(seats=1)
    hold = held(cohort, clerk)

    enroll(person_id=hold.person_id, cohort_id=cohort.pk, by=clerk)

    assert seats_of(cohort) == (1, 0)


def test_a_released_seat_is_free(clerk: User):
    cohort = CohortFactory(seats=1)
    hold = held(cohort, clerk)

    release_hold(hold_id=hold.pk, by=clerk, reason="لن يأتي")

    assert seats_of(cohort) == (0, 0)
    with pytest.raises(HoldEnded):
        release_hold(hold_id=hold.pk, by=clerk)
    with pytest.raises(HoldEnded):
        enroll(person_id=hold.person_id, cohort_id=cohort.pk, by=clerk, hold_id=hold.pk)


def test_a_seat_is_no_longer_kept_in_the_second_in_which_its_time_ends(clerk: User):
    cohort = CohortFactory(seats=1)
    hold = held(cohort, clerk)

    with at(hold.until), pytest.raises(HoldEnded):
        enroll(person_id=hold.person_id, cohort_id=cohort.pk, by=clerk, hold_id=hold.pk)
    with at(hold.until - dt.timedelta(microseconds=1)):
        enroll(person_id=hold.person_id, cohort_id=cohort.pk, by=clerk, hold_id=hold.pk)

    assert seats_of(cohort) == (1, 0)


def test_a_seat_whose_time_is_over_is_taken_by_the_next_who_asks(clerk: User):
    cohort = CohortFactory(seats=1)
    hold = held(cohort, clerk)

    with at(hold.until):
        enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)

    hold.refresh_from_db()
    assert (hold.state, seats_of(cohort)) == (HoldState.EXPIRED, (1, 0))


def test_seats_whose_time_is_over_become_free_without_anyone_asking(clerk: User):
    cohort = CohortFactory(seats=3)
    early, late = held(cohort, clerk, hours=1), held(cohort, clerk, hours=3)

    with at(early.until):
        expire_holds()

    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.state, late.state, seats_of(cohort)) == (HoldState.EXPIRED, HoldState.HELD, (0, 1))


def test_a_seat_kept_for_who_enrolled_elsewhere_becomes_free(clerk: User):
    cohort = CohortFactory(seats=1)
    hold = held(cohort, clerk)
    other = CohortFactory(program=cohort.program)

    enroll(person_id=hold.person_id, cohort_id=other.pk, by=clerk)
    expire_holds()

    hold.refresh_from_db()
    assert (hold.state, seats_of(cohort)) == (HoldState.RELEASED, (0, 0))


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"seats": 1, "seats_taken": 1}, CohortFull),
        ({"state": CohortState.RUNNING}, EnrollmentClosed),
        ({"state": CohortState.CLOSED}, EnrollmentClosed),
    ],
)
def test_no_seat_is_held_where_none_is_given(clerk: User, facts: dict, refusal: type[Exception]):
    with pytest.raises(refusal):
        held(CohortFactory(**facts), clerk)

    assert not SeatHold.objects.exists()


def test_a_seat_is_held_once_for_a_time_to_come_and_for_who_has_none(clerk: User):
    cohort, person = CohortFactory(), PersonFactory()
    facts = {"person_id": person.pk, "cohort_id": cohort.pk, "by": clerk}
    soon = timezone.now() + dt.timedelta(hours=1)

    with pytest.raises(HoldInThePast):
        hold_seat(**facts, until=timezone.now())
    hold_seat(**facts, until=soon)
    with pytest.raises(SeatAlreadyHeld):
        hold_seat(**facts, until=soon)
    enroll(**facts)
    with pytest.raises(AlreadyEnrolled):
        hold_seat(**facts, until=soon)

    assert seats_of(cohort) == (1, 0)


def test_a_seat_is_not_held_longer_than_seats_are_given(clerk: User):
    cohort = CohortFactory()
    over = timezone.now() + dt.timedelta(days=400)

    with pytest.raises(HoldTooLong):
        hold_seat(person_id=PersonFactory().pk, cohort_id=cohort.pk, until=over, by=clerk)

    assert seats_of(cohort) == (0, 0)


def test_seats_cannot_fall_below_those_taken_and_held(clerk: User):
    cohort = CohortFactory(seats=3, seats_taken=1)
    held(cohort, clerk)

    with pytest.raises(SeatsBelowTaken, match="2"):
        change_cohort(cohort_id=cohort.pk, seats=1, by=clerk)

    assert change_cohort(cohort_id=cohort.pk, seats=2, by=clerk).seats == 2


def test_the_database_itself_counts_held_seats(db: None):
    cohort = CohortFactory(seats=2, seats_taken=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(seats_held=2)
