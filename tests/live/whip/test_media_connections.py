"""Rows of connections to a media server: what ends them, and the checks of the settings."""

import base64
import datetime as dt
import hashlib
import hmac

import pytest
from django.core.checks import run_checks
from django.utils import timezone

from live.enums import MediaDirection
from live.errors import NotInTheRoom, OffersNotAccepted, StaffOnly, VideoTaken
from live.media_servers import media_backend
from live.models import Event, LiveSession, MediaConnection
from live.services.retention import purge_ended_connections
from live.services.tickets import redeem_ticket
from live.services.video import issue_sender_ticket
from live.whip.media_connections import (
    confirm_sending,
    end_own_connection,
    end_stale_connections,
    lease_ended_connections,
    mark_closed,
    open_sending_connection,
    open_watching_connection,
    store_resource,
)
from tests.live.conftest import enrolled, instructor_of, ticket_for

pytestmark = pytest.mark.django_db

WHIP = {
    "LIVE_MEDIA_BACKEND": "whip",
    "LIVE_WHIP_ADDRESS": "http://media:8889/{stream}/whip",
    "LIVE_WHEP_ADDRESS": "http://media:8889/{stream}/whep",
    "LIVE_MEDIA_TOKEN": "0123456789abcdef",
    "LIVE_ICE_SERVERS": [],
    "LIVE_TURN_SECRET": "",
}


@pytest.fixture
def whip(settings):
    for name, value in WHIP.items():
        setattr(settings, name, value)
    return settings


def sends(session: LiveSession, user, **facts) -> MediaConnection:
    connection, _ = open_sending_connection(
        session_id=session.pk, user=user, **{"device": "device-1", "take_over": False, **facts}
    )
    store_resource(connection=connection, resource="http://media:8889/sessions/1")
    return connection


def watches(session: LiveSession, user) -> MediaConnection:
    connection, _ = open_watching_connection(session_id=session.pk, user=user, device="device-1")
    store_resource(connection=connection, resource="http://media:8889/sessions/2")
    return connection


def come_in(session: LiveSession, user) -> None:
    redeem_ticket(ticket=ticket_for(session, user))


def kinds(session: LiveSession) -> list[str]:
    return list(
        Event.objects.filter(session=session, kind__startswith="video.").values_list("kind", flat=True)
    )


def test_the_built_in_backend_takes_no_offers_and_the_other_no_tickets(
    settings, session, trainee, instructor
):
    with pytest.raises(OffersNotAccepted):
        sends(session, instructor)
    with pytest.raises(OffersNotAccepted):
        watches(session, trainee)

    settings.LIVE_MEDIA_BACKEND = "whip"
    with pytest.raises(OffersNotAccepted):
        issue_sender_ticket(session=session, user=instructor, language="en")


def test_the_start_of_the_picture_is_announced_once(whip, session, instructor):
    connection = sends(session, instructor)
    for _ in range(3):
        confirm_sending(session_id=session.pk, by=instructor, public_id=connection.public_id)

    end_own_connection(session_id=session.pk, public_id=connection.public_id, by=instructor)

    assert kinds(session) == ["video.started", "video.stopped"]
    with pytest.raises(VideoTaken):
        confirm_sending(session_id=session.pk, by=instructor, public_id=connection.public_id)


def test_a_silent_sender_is_ended_and_the_room_is_notified(whip, session, instructor):
    connection = sends(session, instructor)
    confirm_sending(session_id=session.pk, by=instructor, public_id=connection.public_id)
    MediaConnection.objects.update(last_seen_at=timezone.now() - dt.timedelta(seconds=61))

    assert end_stale_connections()

    assert kinds(session) == ["video.started", "video.stopped"]
    assert [claimed.pk for claimed in lease_ended_connections()] == [connection.pk]
    # A process holds its lease for some seconds.
    assert lease_ended_connections() == []
    mark_closed(connection=connection)
    assert not end_stale_connections()


def test_the_same_device_follows_itself_and_another_one_only_a_silent_sender(whip, session, instructor):
    other = instructor_of(session)
    sends(session, instructor)
    sends(session, instructor)
    with pytest.raises(VideoTaken):
        sends(session, other)
    with pytest.raises(VideoTaken):
        sends(session, instructor, device="device-2")
    MediaConnection.objects.update(last_seen_at=timezone.now() - dt.timedelta(seconds=16))

    sends(session, other)

    assert MediaConnection.objects.filter(ended_at=None).get().user == other


def test_a_person_has_three_connections_and_the_newest_win(whip, session, trainee):
    come_in(session, trainee)
    connections = [watches(session, trainee) for _ in range(4)]

    assert [connection.pk for connection in lease_ended_connections()] == [connections[0].pk]


def test_what_had_to_end_before_the_answer_came_is_ended_with_it(whip, session, trainee):
    come_in(session, trainee)
    connection, _ = open_watching_connection(session_id=session.pk, user=trainee, device="device-1")
    media_backend().disconnect_user(session_id=session.pk, user=trainee, for_good=False)
    assert lease_ended_connections() == []

    with pytest.raises(NotInTheRoom):
        store_resource(connection=connection, resource="http://media:8889/sessions/3")

    assert [claimed.resource for claimed in lease_ended_connections()] == ["http://media:8889/sessions/3"]


def test_an_offer_without_an_answer_leaves_nothing_to_end(whip, session, trainee):
    come_in(session, trainee)
    open_watching_connection(session_id=session.pk, user=trainee, device="device-1")
    MediaConnection.objects.update(opened_at=timezone.now() - dt.timedelta(seconds=31))
    end_stale_connections()
    MediaConnection.objects.update(ended_at=timezone.now() - dt.timedelta(seconds=31))

    assert lease_ended_connections() == []
    assert not end_stale_connections()


def test_a_trainee_cannot_send_and_an_inspector_watches_without_being_here(whip, session, trainee):
    from tests.live.attendance.test_register import inspector_of

    with pytest.raises(StaffOnly):
        sends(session, trainee)
    with pytest.raises(NotInTheRoom):
        watches(session, trainee)
    assert watches(session, inspector_of(session)).direction == MediaDirection.WATCHES


def test_rows_of_yesterday_are_forgotten(whip, session, trainee):
    come_in(session, enrolled(session))
    come_in(session, trainee)
    connection = watches(session, trainee)
    end_own_connection(session_id=session.pk, public_id=connection.public_id, by=trainee)
    assert purge_ended_connections() == 0
    MediaConnection.objects.update(ended_at=timezone.now() - dt.timedelta(days=2))

    assert purge_ended_connections() == 1


def test_passwords_of_the_relay_expire(whip, session, trainee):
    whip.LIVE_ICE_SERVERS = ["stun:turn.example.org:3478", "turn:turn.example.org:3478?transport=tcp"]
    whip.LIVE_TURN_SECRET = "a secret of the relay"

    stun, turn = media_backend().watching_facts(session, trainee)["ice"]

    assert stun == {"urls": ["stun:turn.example.org:3478"]}
    left = int(turn["username"]) - timezone.now().timestamp()
    assert 11 * 3600 < left <= 12 * 3600
    made = hmac.new(b"a secret of the relay", turn["username"].encode(), hashlib.sha1).digest()
    assert turn["credential"] == base64.b64encode(made).decode()


def test_a_media_server_that_is_set_up_whole_passes_the_checks(whip):
    assert run_checks(tags=["media"]) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIVE_WHIP_ADDRESS", ""),
        ("LIVE_WHEP_ADDRESS", "http://media:8889/whep"),
        ("LIVE_WHIP_ADDRESS", "file:///etc/{stream}"),
        ("LIVE_WHIP_ADDRESS", "http://user:password@media/{stream}"),
        ("LIVE_MEDIA_TOKEN", ""),
        ("LIVE_MEDIA_TOKEN", "short"),
        ("LIVE_ICE_SERVERS", ["http://turn.example.org"]),
        ("LIVE_ICE_SERVERS", ["turn:turn.example.org:3478"]),
    ],
)
def test_a_media_server_that_is_half_set_up_is_complained_about(whip, name, value):
    setattr(whip, name, value)

    assert [message.id for message in run_checks(tags=["media"])] == ["live.E001"]
