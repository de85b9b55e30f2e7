"""Notices of seats: who is told what, once, and what is no longer true."""

import pytest
from django.core import mail

from accounts.enums import NoticeState
from accounts.models import User
from accounts.services.formatting import localize_digits
from courses.enums import SeatNoticeKind
from courses.models import Cohort, SeatNotice
from courses.services.enrollments import enroll, withdraw
from courses.services.notices import send_seat_notices
from courses.services.seats import join_waiting_list
from courses.services.transfers import transfer
from tests.factories.accounts import PersonFactory, TraineeFactory, UserFactory
from tests.factories.courses import CohortFactory, taught_cohort


@pytest.fixture
def clerk(db: None) -> User:
    return UserFactory()


@pytest.fixture
def offered(clerk: User) -> tuple[User, Cohort]:
    """A person with an e-mail address to whom a seat is offered."""
    user = TraineeFactory(email="mona@example.com", language="ar")
    cohort = CohortFactory(seats=1)
    seat = enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)
    join_waiting_list(person_id=user.person_id, cohort_id=cohort.pk, by=user)
    withdraw(enrollment_id=seat.pk, reason="سافر", by=clerk)
    return user, cohort


def test_an_offer_is_sent_once_with_the_time_until_which_it_holds(offered: tuple[User, Cohort]):
    user, cohort = offered

    assert (send_seat_notices(), send_seat_notices()) == (1, 0)

    (letter,) = mail.outbox
    assert letter.to == [user.email]
    assert letter.subject == "لك مقعد محجوز"
    assert localize_digits(cohort.program.title) in letter.body
    assert "/ar/learning/" in letter.body


def test_an_offer_that_was_taken_meanwhile_is_not_sent(offered: tuple[User, Cohort]):
    user, cohort = offered
    enroll(person_id=user.person_id, cohort_id=cohort.pk, by=user)

    assert send_seat_notices() == 0

    assert SeatNotice.objects.get(kind=SeatNoticeKind.OFFERED).state == NoticeState.DROPPED
    assert mail.outbox == []


def test_a_transfer_is_told_unless_the_person_left_since(clerk: User):
    before = taught_cohort()
    after = CohortFactory(
        program=before.program,
        content_version=before.content_version,
        completion_rule=before.completion_rule,
    )
    users = [TraineeFactory(email=f"{name}@example.com", language="en") for name in ("stays", "leaves")]
    seats = [enroll(person_id=user.person_id, cohort_id=before.pk, by=clerk) for user in users]
    for seat in seats:
        transfer(enrollment_id=seat.pk, to_cohort_id=after.pk, reason="انتقل", by=clerk)
    withdraw(enrollment_id=seats[1].pk, reason="سافر", by=clerk)

    send_seat_notices()

    stays, leaves = sorted(mail.outbox, key=lambda letter: letter.to, reverse=True)
    assert "What you did until now counts" in stays.body
    assert after.code in stays.body
    assert (leaves.to, leaves.subject) == (["leaves@example.com"], "Your center ended your seat")
    assert "in cohort" not in leaves.body
