"""Time of entry, and the number of places."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from accounts.services.formatting import format_datetime
from live.enums import LiveRole
from live.errors import RoomCanceled, RoomEnded, RoomFull, TooEarlyToEnter
from live.models import LiveSession, RoomPlace
from live.services.presence import record_heartbeat
from live.services.scheduling import cancel_live_session
from live.services.tickets import redeem_ticket
from tests.factories.live import LiveSessionFactory, OpenLiveSessionFactory
from tests.live.conftest import enrolled, instructor_of, ticket_for

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


def beginning_in(minutes: float, **facts) -> LiveSession:
    return LiveSessionFactory(
        class_session__starts_at=timezone.now() + dt.timedelta(minutes=minutes), **facts
    )


def test_trainees_enter_from_the_time_of_entry_on_and_not_before():
    early, now = beginning_in(16), beginning_in(14)

    with pytest.raises(TooEarlyToEnter) as refusal:
        ticket_for(early, enrolled(early))

    assert format_datetime(early.entry_opens_at, "TIME_FORMAT") in str(refusal.value)
    assert ticket_for(now, enrolled(now))


def test_a_class_sets_its_own_time_of_entry():
    session = beginning_in(50, joins_before=60)

    assert ticket_for(session, enrolled(session))


def test_staff_come_earlier():
    session = beginning_in(600)

    assert ticket_for(session, instructor_of(session))


def test_a_class_over_its_time_stays_open_until_it_is_ended():
    long_ago = timezone.now() - dt.timedelta(hours=3)
    going_on = OpenLiveSessionFactory(class_session__starts_at=long_ago)
    never_held = LiveSessionFactory(class_session__starts_at=long_ago)

    assert ticket_for(going_on, enrolled(going_on))
    with pytest.raises(RoomEnded):
        ticket_for(never_held, enrolled(never_held))


def test_a_canceled_class_admits_no_one():
    session = beginning_in(10)
    trainee = enrolled(session)
    cancel_live_session(session_id=session.pk, reason="مرض", by=instructor_of(session))
    session.refresh_from_db()

    with pytest.raises(RoomCanceled):
        ticket_for(session, trainee)


def test_an_earlier_ticket_is_checked_again_on_entry():
    session = beginning_in(10)
    ticket = ticket_for(session, enrolled(session))
    cancel_live_session(session_id=session.pk, reason="مرض", by=instructor_of(session))

    with pytest.raises(RoomCanceled):
        redeem_ticket(ticket=ticket)


def test_a_full_room_says_so_and_keeps_the_places_of_those_inside():
    session = OpenLiveSessionFactory(capacity=1)
    first, second = enrolled(session), enrolled(session)
    redeem_ticket(ticket=ticket_for(session, first))

    with pytest.raises(RoomFull) as refusal:
        ticket_for(session, second)

    assert "1" in str(refusal.value)
    # After a disconnect the first trainee still holds the place. Staff take none.
    assert redeem_ticket(ticket=ticket_for(session, first)).role == LiveRole.TRAINEE
    assert redeem_ticket(ticket=ticket_for(session, instructor_of(session)))


def test_a_place_is_held_for_ninety_seconds():
    session = OpenLiveSessionFactory(capacity=1)
    before = timezone.now()

    redeem_ticket(ticket=ticket_for(session, enrolled(session)))

    after, held = timezone.now(), dt.timedelta(seconds=90)
    assert before + held <= RoomPlace.objects.get().held_until <= after + held


def test_a_place_is_free_once_its_holder_is_gone():
    session = OpenLiveSessionFactory(capacity=1)
    first, second = enrolled(session), enrolled(session)
    redeem_ticket(ticket=ticket_for(session, first))
    RoomPlace.objects.update(held_until=timezone.now() + dt.timedelta(seconds=1))
    record_heartbeat(session_id=session.pk, user=first, device="a")
    assert RoomPlace.objects.get().held_until > timezone.now() + MINUTE

    RoomPlace.objects.update(held_until=timezone.now())

    assert redeem_ticket(ticket=ticket_for(session, second))


@pytest.mark.django_db(transaction=True)
def test_the_last_place_goes_to_one_of_those_who_come_at_once():
    session = OpenLiveSessionFactory(capacity=1)
    tickets = [ticket_for(session, enrolled(session)) for _ in range(4)]

    def come(ticket: str) -> bool:
        try:
            redeem_ticket(ticket=ticket)
        except RoomFull:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as people:
        came = list(people.map(come, tickets))

    assert sorted(came) == [False, False, False, True]
