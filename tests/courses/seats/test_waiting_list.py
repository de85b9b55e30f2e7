"""The waiting list of a full cohort moves up by itself, in the order in which people came, and tells them."""

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from courses.enums import CohortState, Entry, HoldState, SeatNoticeKind, WaitingState, WithdrawalReason
from courses.errors import (
    AlreadyEnrolled,
    AlreadyWaiting,
    CohortFull,
    EnrollmentClosed,
    NotOnWaitingList,
    SeatsLeft,
    StaffGivesSeats,
)
from courses.models import Cohort, SeatNotice, WaitingEntry
from courses.services.closing import reopen_cohort
from courses.services.cohorts import change_cohort, start_cohort
from courses.services.enrollments import enroll, give_seat_back, withdraw
from courses.services.seats import (
    expire_holds,
    hold_seat,
    join_waiting_list,
    leave_waiting_list,
    release_hold,
)
from tests.courses.seats.clock import at
from tests.factories.accounts import PersonFactory, TraineeFactory, UserFactory
from tests.factories.courses import CohortFactory, closed, taught_cohort

OFFER = dt.timedelta(hours=settings.SEAT_OFFER_HOURS)


@pytest.fixture
def clerk(db: None) -> User:
    return UserFactory()


@pytest.fixture
def full(clerk: User) -> Cohort:
    cohort = CohortFactory(seats=1)
    enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)
    return cohort


def waiting(cohort: Cohort, user: User | None = None) -> WaitingEntry:
    user = user or TraineeFactory()
    return join_waiting_list(person_id=user.person_id, cohort_id=cohort.pk, by=user)


def free_a_seat(cohort: Cohort, by: User) -> None:
    enrollment = cohort.enrollments.filter(state="active").first()
    withdraw(enrollment_id=enrollment.pk, reason="سافر", by=by)


def states(*entries: WaitingEntry) -> list[str]:
    for entry in entries:
        entry.refresh_from_db()
    return [entry.state for entry in entries]


def seats_of(cohort: Cohort) -> tuple[int, int]:
    cohort.refresh_from_db()
    return cohort.seats_taken, cohort.seats_held


def test_a_seat_that_becomes_free_is_kept_for_who_waits_longest_and_they_are_told(full: Cohort, clerk: User):
    first, second = waiting(full), waiting(full)

    free_a_seat(full, clerk)

    assert states(first, second) == [WaitingState.OFFERED, WaitingState.WAITING]
    assert (first.hold.person, first.hold.until - first.hold.held_at) == (first.person, OFFER)
    assert seats_of(full) == (0, 1)
    notice = SeatNotice.objects.exclude(kind=SeatNoticeKind.WITHDRAWN).get()
    assert (notice.person, notice.kind) == (first.person, SeatNoticeKind.OFFERED)


def test_no_seat_is_promised_beyond_the_days_on_which_seats_are_given(full: Cohort, clerk: User):
    Cohort.objects.filter(pk=full.pk).update(ends_on=timezone.localdate())
    entry = waiting(full)

    free_a_seat(full, clerk)

    entry.refresh_from_db()
    assert timezone.localdate(entry.hold.until) == timezone.localdate()


def test_nobody_passes_the_list_while_a_seat_is_offered(full: Cohort, clerk: User):
    waiting(full)
    free_a_seat(full, clerk)
    outsider = TraineeFactory()

    with pytest.raises(CohortFull):
        enroll(person_id=outsider.person_id, cohort_id=full.pk, by=outsider)


def test_an_offer_is_taken_by_its_person(full: Cohort, clerk: User):
    user = TraineeFactory()
    entry = waiting(full, user)
    free_a_seat(full, clerk)

    enrollment = enroll(person_id=user.person_id, cohort_id=full.pk, by=user)

    assert (states(entry), seats_of(full), enrollment.person) == (
        [WaitingState.ENROLLED],
        (1, 0),
        entry.person,
    )


def test_an_offer_that_nobody_takes_goes_to_the_next_and_both_are_told(full: Cohort, clerk: User):
    first, second = waiting(full), waiting(full)
    free_a_seat(full, clerk)
    first.refresh_from_db()

    with at(first.hold.until):
        expire_holds()

    assert states(first, second) == [WaitingState.LAPSED, WaitingState.OFFERED]
    told = (
        SeatNotice.objects.exclude(kind=SeatNoticeKind.WITHDRAWN).order_by("pk").values_list("person", "kind")
    )
    assert list(told) == [
        (first.person_id, SeatNoticeKind.OFFERED),
        (first.person_id, SeatNoticeKind.LAPSED),
        (second.person_id, SeatNoticeKind.OFFERED),
    ]
    assert seats_of(full) == (0, 1)


def test_who_lost_an_offer_may_wait_again_at_the_end(full: Cohort, clerk: User):
    user = TraineeFactory()
    first, second = waiting(full, user), waiting(full)
    free_a_seat(full, clerk)
    first.refresh_from_db()
    with at(first.hold.until):
        expire_holds()

    again = waiting(full, user)

    assert list(full.waiting.filter(state=WaitingState.WAITING)) == [again]
    assert states(second) == [WaitingState.OFFERED]


def test_leaving_the_list_passes_an_offer_on(full: Cohort, clerk: User):
    first, second = waiting(full), waiting(full)
    free_a_seat(full, clerk)

    leave_waiting_list(entry_id=first.pk, by=clerk)

    assert states(first, second) == [WaitingState.LEFT, WaitingState.OFFERED]
    assert not SeatNotice.objects.filter(kind=SeatNoticeKind.LAPSED).exists()
    with pytest.raises(NotOnWaitingList):
        leave_waiting_list(entry_id=first.pk, by=clerk)


def test_a_hold_that_the_center_ends_passes_the_seat_on(full: Cohort, clerk: User):
    first, second = waiting(full), waiting(full)
    free_a_seat(full, clerk)
    first.refresh_from_db()

    release_hold(hold_id=first.hold_id, by=clerk, reason="لا يرد")

    assert states(first, second) == [WaitingState.LAPSED, WaitingState.OFFERED]


def test_more_seats_move_as_many_people_up(full: Cohort, clerk: User):
    entries = [waiting(full) for _ in range(3)]

    change_cohort(cohort_id=full.pk, seats=3, by=clerk)

    assert states(*entries) == [WaitingState.OFFERED, WaitingState.OFFERED, WaitingState.WAITING]
    assert seats_of(full) == (1, 2)


def test_reserved_seats_are_given_by_staff_only(clerk: User):
    cohort = CohortFactory(seats=2, seats_reserved=2)
    trainee = TraineeFactory()

    with pytest.raises(CohortFull):
        enroll(person_id=trainee.person_id, cohort_id=cohort.pk, by=trainee)
    entry = waiting(cohort, trainee)
    enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)
    reserved = states(entry)
    change_cohort(cohort_id=cohort.pk, seats_reserved=0, by=clerk)

    assert (reserved, states(entry)) == ([WaitingState.WAITING], [WaitingState.OFFERED])


def test_each_seat_that_staff_give_uses_a_reserved_one(clerk: User):
    cohort = CohortFactory(seats=5, seats_reserved=2)

    left = []
    for _seat in range(3):
        enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)
        cohort.refresh_from_db()
        left.append((cohort.seats_left, cohort.seats_reserved))

    assert left == [(3, 1), (3, 0), (2, 0)]


def test_who_is_enrolled_elsewhere_frees_an_offer_at_once(
    full: Cohort, clerk: User, django_capture_on_commit_callbacks
):
    user = TraineeFactory()
    entry, following = waiting(full, user), waiting(full)
    free_a_seat(full, clerk)
    other = CohortFactory(program=full.program)

    with django_capture_on_commit_callbacks(execute=True):
        enroll(person_id=user.person_id, cohort_id=other.pk, by=clerk)

    assert states(entry, following) == [WaitingState.ENROLLED, WaitingState.OFFERED]
    assert not SeatNotice.objects.filter(kind=SeatNoticeKind.LAPSED).exists()


def test_where_the_center_gives_the_seats_nobody_takes_one_or_waits(clerk: User):
    cohort = CohortFactory(seats=2, entry=Entry.STAFF)
    trainee = TraineeFactory()

    with pytest.raises(StaffGivesSeats):
        enroll(person_id=trainee.person_id, cohort_id=cohort.pk, by=trainee)
    with pytest.raises(StaffGivesSeats):
        waiting(cohort, trainee)

    assert enroll(person_id=trainee.person_id, cohort_id=cohort.pk, by=clerk)


def test_who_waits_and_gets_a_seat_in_another_cohort_of_the_program_waits_no_more(full: Cohort, clerk: User):
    user = TraineeFactory()
    entry, following = waiting(full, user), waiting(full)
    other = CohortFactory(program=full.program)

    enroll(person_id=user.person_id, cohort_id=other.pk, by=user)
    free_a_seat(full, clerk)

    assert states(entry, following) == [WaitingState.ENROLLED, WaitingState.OFFERED]


def test_a_person_for_whom_the_center_keeps_a_seat_keeps_the_place_in_line(clerk: User):
    cohort = CohortFactory(seats=3, seats_reserved=1)
    seats = [enroll(person_id=TraineeFactory().person_id, cohort_id=cohort.pk, by=clerk) for _ in range(2)]
    Cohort.objects.filter(pk=cohort.pk).update(seats_reserved=1)
    first, second = waiting(cohort), waiting(cohort)
    until = timezone.now() + dt.timedelta(hours=1)
    hold = hold_seat(person_id=first.person_id, cohort_id=cohort.pk, until=until, by=clerk)

    withdraw(enrollment_id=seats[0].pk, reason="سافر", by=clerk)
    while_kept = states(first, second)
    release_hold(hold_id=hold.pk, by=clerk)

    assert while_kept == [WaitingState.WAITING, WaitingState.OFFERED]
    assert states(first, second) == [WaitingState.OFFERED, WaitingState.OFFERED]


def test_one_waits_once_and_only_for_what_is_not_to_be_had(full: Cohort, clerk: User):
    user = TraineeFactory()
    waiting(full, user)
    enrolled = TraineeFactory(person=full.enrollments.get().person)

    with pytest.raises(AlreadyWaiting):
        waiting(full, user)
    with pytest.raises(AlreadyEnrolled):
        waiting(full, enrolled)
    with pytest.raises(SeatsLeft):
        waiting(CohortFactory(seats=1))
    with pytest.raises(EnrollmentClosed):
        waiting(CohortFactory(state=CohortState.RUNNING))


def test_starting_ends_the_list_unless_replacements_are_taken(clerk: User):
    cohorts = [taught_cohort(seats=1), taught_cohort(seats=1)]
    change_cohort(cohort_id=cohorts[1].pk, late_entry_days=3, by=clerk)
    entries = []
    for cohort in cohorts:
        enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)
        entries.append(waiting(cohort))
        start_cohort(cohort_id=cohort.pk, by=clerk)
        free_a_seat(cohort, clerk)

    assert states(*entries) == [WaitingState.CLOSED, WaitingState.OFFERED]
    assert SeatNotice.objects.filter(kind=SeatNoticeKind.LIST_CLOSED).get().person == entries[0].person


@pytest.mark.parametrize(("day", "is_given"), [(3, True), (4, False)])
def test_replacements_are_taken_until_their_day(clerk: User, day: int, is_given: bool):
    today = timezone.localdate()
    cohort = CohortFactory(
        state=CohortState.RUNNING,
        starts_on=today - dt.timedelta(days=day),
        ends_on=today + dt.timedelta(days=20),
        late_entry_days=3,
    )
    trainee = TraineeFactory()

    if is_given:
        assert enroll(person_id=trainee.person_id, cohort_id=cohort.pk, by=trainee)
    else:
        with pytest.raises(EnrollmentClosed):
            enroll(person_id=trainee.person_id, cohort_id=cohort.pk, by=trainee)


def test_closing_a_cohort_ends_its_offers_and_its_list(clerk: User):
    cohort = taught_cohort(seats=1)
    enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)
    first, second = waiting(cohort), waiting(cohort)
    free_a_seat(cohort, clerk)

    closed(cohort, by=clerk)

    first.refresh_from_db()
    assert states(first, second) == [WaitingState.CLOSED, WaitingState.CLOSED]
    assert (first.hold.state, seats_of(cohort)) == (HoldState.RELEASED, (0, 0))


def test_reopening_a_cohort_gives_offers_and_places_back_and_tells_their_people(clerk: User):
    cohort = taught_cohort(seats=1)
    enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)
    first, second, elsewhere = (waiting(cohort) for _ in range(3))
    free_a_seat(cohort, clerk)
    first.refresh_from_db()
    promised = first.hold.until - timezone.now()
    closed(cohort, by=clerk)
    other = taught_cohort(seats=5)
    Cohort.objects.filter(pk=other.pk).update(program=cohort.program)
    enroll(person_id=elsewhere.person_id, cohort_id=other.pk, by=clerk)

    reopen_cohort(cohort_id=cohort.pk, reason="أُغلقت بالخطأ", by=clerk)

    first.refresh_from_db()
    assert states(first, second, elsewhere) == [
        WaitingState.OFFERED,
        WaitingState.WAITING,
        WaitingState.CLOSED,
    ]
    assert (first.hold.state, seats_of(cohort)) == (HoldState.HELD, (0, 1))
    assert abs(first.hold.until - timezone.now() - promised) < dt.timedelta(minutes=1)
    told = SeatNotice.objects.filter(kind=SeatNoticeKind.LIST_REOPENED).values_list("person", flat=True)
    assert set(told) == {first.person_id, second.person_id}


def test_a_person_who_gives_a_seat_back_says_why_and_the_next_is_offered_it(clerk: User):
    cohort = CohortFactory(seats=1)
    leaver = TraineeFactory()
    enrollment = enroll(person_id=leaver.person_id, cohort_id=cohort.pk, by=leaver)
    entry = waiting(cohort)

    give_seat_back(enrollment_id=enrollment.pk, by=leaver, withdrawn_for=WithdrawalReason.DISTANCE)

    enrollment.refresh_from_db()
    assert (enrollment.withdrawn_for, states(entry)) == (WithdrawalReason.DISTANCE, [WaitingState.OFFERED])
