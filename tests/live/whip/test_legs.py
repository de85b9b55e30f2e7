"""Rows of connections to a media server: what ends them, and what the settings have to say."""

import base64
import datetime as dt
import hashlib
import hmac

import pytest
from django.core.checks import run_checks
from django.utils import timezone

from live.enums import LegWay
from live.errors import NotInTheRoom, OtherWay, StaffOnly, VideoTaken
from live.media_servers import media_backend
from live.models import Event, LiveSession, MediaLeg
from live.services.forgetting import forget_closed_legs
from live.services.tickets import redeem_ticket
from live.services.video import issue_sender_ticket
from live.whip.legs import (
    claim_ended_legs,
    close_leg,
    end_leg,
    keep_leg,
    open_sending_leg,
    open_watching_leg,
    sending_goes_on,
    sort_out_legs,
)
from tests.live.conftest import enrolled, ticket_for, trainer_of

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


def sends(session: LiveSession, user, **facts) -> MediaLeg:
    leg, _ = open_sending_leg(
        session_id=session.pk, user=user, **{"device": "device-1", "take_over": False, **facts}
    )
    keep_leg(leg=leg, resource="http://media:8889/sessions/1")
    return leg


def watches(session: LiveSession, user) -> MediaLeg:
    leg, _ = open_watching_leg(session_id=session.pk, user=user, device="device-1")
    keep_leg(leg=leg, resource="http://media:8889/sessions/2")
    return leg


def come_in(session: LiveSession, user) -> None:
    redeem_ticket(ticket=ticket_for(session, user))


def kinds(session: LiveSession) -> list[str]:
    return list(
        Event.objects.filter(session=session, kind__startswith="video.").values_list("kind", flat=True)
    )


def test_the_built_in_way_takes_no_offers_and_the_other_no_tickets(settings, session, trainee, trainer):
    with pytest.raises(OtherWay):
        sends(session, trainer)
    with pytest.raises(OtherWay):
        watches(session, trainee)

    settings.LIVE_MEDIA_BACKEND = "whip"
    with pytest.raises(OtherWay):
        issue_sender_ticket(session=session, user=trainer, language="en")


def test_the_room_is_told_once_that_the_picture_is_on(whip, session, trainer):
    leg = sends(session, trainer)
    for _ in range(3):
        sending_goes_on(session_id=session.pk, by=trainer, public_id=leg.public_id)

    end_leg(session_id=session.pk, public_id=leg.public_id, by=trainer)

    assert kinds(session) == ["video.started", "video.stopped"]
    with pytest.raises(VideoTaken):
        sending_goes_on(session_id=session.pk, by=trainer, public_id=leg.public_id)


def test_a_sender_that_falls_silent_is_ended_and_the_room_told(whip, session, trainer):
    leg = sends(session, trainer)
    sending_goes_on(session_id=session.pk, by=trainer, public_id=leg.public_id)
    MediaLeg.objects.update(heard_at=timezone.now() - dt.timedelta(seconds=61))

    assert sort_out_legs()

    assert kinds(session) == ["video.started", "video.stopped"]
    assert [claimed.pk for claimed in claim_ended_legs()] == [leg.pk]
    # Somebody has it in hand for some seconds.
    assert claim_ended_legs() == []
    close_leg(leg=leg)
    assert not sort_out_legs()


def test_the_same_device_follows_itself_and_another_one_only_a_silent_sender(whip, session, trainer):
    other = trainer_of(session)
    sends(session, trainer)
    sends(session, trainer)
    with pytest.raises(VideoTaken):
        sends(session, other)
    with pytest.raises(VideoTaken):
        sends(session, trainer, device="device-2")
    MediaLeg.objects.update(heard_at=timezone.now() - dt.timedelta(seconds=16))

    sends(session, other)

    assert MediaLeg.objects.filter(ended_at=None).get().user == other


def test_a_person_has_three_connections_and_the_newest_win(whip, session, trainee):
    come_in(session, trainee)
    legs = [watches(session, trainee) for _ in range(4)]

    assert [leg.pk for leg in claim_ended_legs()] == [legs[0].pk]


def test_what_had_to_end_before_the_answer_came_is_ended_with_it(whip, session, trainee):
    come_in(session, trainee)
    leg, _ = open_watching_leg(session_id=session.pk, user=trainee, device="device-1")
    media_backend().put_out(session_id=session.pk, user=trainee, for_good=False)
    assert claim_ended_legs() == []

    with pytest.raises(NotInTheRoom):
        keep_leg(leg=leg, resource="http://media:8889/sessions/3")

    assert [claimed.resource for claimed in claim_ended_legs()] == ["http://media:8889/sessions/3"]


def test_an_offer_nobody_answered_leaves_nothing_to_end(whip, session, trainee):
    come_in(session, trainee)
    open_watching_leg(session_id=session.pk, user=trainee, device="device-1")
    MediaLeg.objects.update(opened_at=timezone.now() - dt.timedelta(seconds=31))
    sort_out_legs()
    MediaLeg.objects.update(ended_at=timezone.now() - dt.timedelta(seconds=31))

    assert claim_ended_legs() == []
    assert not sort_out_legs()


def test_a_trainee_cannot_send_and_an_inspector_watches_without_being_here(whip, session, trainee):
    from tests.live.test_register import inspector_of

    with pytest.raises(StaffOnly):
        sends(session, trainee)
    with pytest.raises(NotInTheRoom):
        watches(session, trainee)
    assert watches(session, inspector_of(session)).way == LegWay.WATCHES


def test_rows_of_yesterday_are_forgotten(whip, session, trainee):
    come_in(session, enrolled(session))
    come_in(session, trainee)
    leg = watches(session, trainee)
    end_leg(session_id=session.pk, public_id=leg.public_id, by=trainee)
    assert forget_closed_legs() == 0
    MediaLeg.objects.update(ended_at=timezone.now() - dt.timedelta(days=2))

    assert forget_closed_legs() == 1


def test_passwords_of_the_relay_are_made_for_a_term(whip, session, trainee):
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
