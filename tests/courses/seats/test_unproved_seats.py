"""Seats of people who signed up alone and proved nothing."""

import pytest

from accounts.enums import NoticeState
from accounts.models import Center, Person, User
from courses.enums import CohortState, EnrollmentState, SeatNoticeKind, WaitingState
from courses.errors import CohortFull, UnprovedSeatsTaken
from courses.models import Cohort, Enrollment, SeatNotice
from courses.services.enrollments import enroll
from courses.services.notices import send_seat_notices
from courses.services.seats import join_waiting_list
from tests.factories.accounts import PersonFactory, TraineeFactory
from tests.factories.courses import CohortFactory, taught_cohort

pytestmark = pytest.mark.django_db


def unproved() -> User:
    return TraineeFactory(person__is_unproved=True, person__registered_at=None)


def takes_seat(user: User, cohort: Cohort) -> Enrollment:
    return enroll(person_id=user.person_id, cohort_id=cohort.pk, by=user)


def fill(cohort: Cohort, by: User) -> None:
    cohort.refresh_from_db()
    for person in PersonFactory.create_batch(cohort.seats_free):
        enroll(person_id=person.pk, cohort_id=cohort.pk, by=by)


def test_unproved_people_take_a_quarter_of_the_seats(center: Center):
    cohort = taught_cohort(center=center, seats=9)
    for _ in range(2):
        takes_seat(unproved(), cohort)

    with pytest.raises(UnprovedSeatsTaken):
        takes_seat(unproved(), cohort)
    assert takes_seat(TraineeFactory(), cohort).state == EnrollmentState.ACTIVE


@pytest.mark.parametrize("is_staff", [True, False])
def test_an_unproved_seat_yields_to_a_proved_person_and_its_person_is_told(
    center: Center, manager: User, is_staff: bool
):
    cohort = taught_cohort(center=center, seats=8)
    first, last = takes_seat(unproved(), cohort), takes_seat(unproved(), cohort)
    fill(cohort, manager)
    mona = TraineeFactory()

    enroll(person_id=mona.person_id, cohort_id=cohort.pk, by=manager if is_staff else mona)

    states = dict(Enrollment.objects.filter(pk__in=(first.pk, last.pk)).values_list("pk", "state"))
    assert states == {first.pk: EnrollmentState.ACTIVE, last.pk: EnrollmentState.WITHDRAWN}
    assert SeatNotice.objects.get().kind == SeatNoticeKind.YIELDED
    assert SeatNotice.objects.get().person_id == last.person_id
    send_seat_notices()
    # Nothing of theirs is proved: the site tells them.
    assert SeatNotice.objects.get().state == NoticeState.SHOWN
    cohort.refresh_from_db()
    assert cohort.seats_taken == 8


def test_nobody_loses_a_seat_of_a_cohort_that_runs_nor_to_another_unproved_person(
    center: Center, manager: User
):
    cohort = CohortFactory(center=center, seats=1, state=CohortState.OPEN)
    takes_seat(unproved(), cohort)

    with pytest.raises(UnprovedSeatsTaken):
        takes_seat(unproved(), cohort)
    Cohort.objects.filter(pk=cohort.pk).update(state=CohortState.RUNNING, late_entry_days=9)
    with pytest.raises(CohortFull):
        enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=manager)


def test_a_proved_person_on_the_waiting_list_is_offered_the_seat_before_unproved_ones(center: Center):
    cohort = CohortFactory(center=center, seats=1)
    takes_seat(unproved(), cohort)
    waiting, mona = unproved(), TraineeFactory()
    join_waiting_list(person_id=waiting.person_id, cohort_id=cohort.pk, by=waiting)

    entry = join_waiting_list(person_id=mona.person_id, cohort_id=cohort.pk, by=mona)

    assert entry.state == WaitingState.OFFERED
    assert takes_seat(mona, cohort).person == Person.objects.get(pk=mona.person_id)
