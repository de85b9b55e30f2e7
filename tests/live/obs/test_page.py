"""The address for OBS: who gets it, when, and how often."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from live.enums import ObsPicture
from live.errors import MediaRefused, ObsKeyRefused, ObsMediaRefused, RoomEnded, StaffOnly
from live.models import ObsKey
from live.obs.keys import obs_target, record_obs_status, renew_obs_key
from live.obs.state import obs_address, obs_keys, obs_state
from live.services.sessions import end_room, open_room
from tests.live.conftest import instructor_of


@pytest.fixture(autouse=True)
def port(settings):
    settings.LIVE_SRT_PORT, settings.LIVE_SRT_HOST = 9710, "live.example.org"


@pytest.fixture
def staff(instructor) -> Client:
    client = Client()
    client.force_login(instructor)
    return client


def address_of(session) -> str:
    return reverse("obs:address", args=[session.class_session.public_id])


def test_an_address_is_shown_once_and_renewed(staff, session):
    made = staff.post(address_of(session), {"do": "renew", "picture": "screen"}).json()
    asked = staff.get(address_of(session)).json()
    again = staff.post(address_of(session), {"do": "renew", "picture": "camera"}).json()

    assert made["address"].startswith("srt://live.example.org:9710?streamid=")
    assert (asked["state"], asked["picture"]) == ("waiting", "screen")
    assert "address" not in asked
    assert again["address"] != made["address"]
    assert ObsKey.objects.count() == 1


def test_what_opens_the_way_in_is_not_in_the_database(session, instructor):
    key = renew_obs_key(session_id=session.pk, by=instructor, picture=ObsPicture.CAMERA)
    stored = [str(value) for value in ObsKey.objects.values_list().get(pk=key.pk)]
    passphrase = obs_keys()[key.stream]

    assert len(passphrase) == 32
    assert f"passphrase={passphrase}&" in obs_address(key)
    assert not any(passphrase in value for value in stored)


def test_an_ended_address_opens_nothing(staff, session):
    staff.post(address_of(session), {"do": "renew"})
    answer = staff.post(address_of(session), {"do": "end"}).json()

    assert answer["state"] == "off"
    assert obs_keys() == {}


def test_a_trainee_and_another_center_get_none(session, trainee):
    client = Client()
    client.force_login(trainee)

    assert client.post(address_of(session), {"do": "renew"}).status_code == 404
    with pytest.raises(StaffOnly):
        renew_obs_key(session_id=session.pk, by=trainee, picture=ObsPicture.CAMERA)
    assert not ObsKey.objects.exists()


def test_without_a_port_there_is_no_such_page(staff, session, settings):
    settings.LIVE_SRT_PORT = 0

    assert staff.get(address_of(session)).status_code == 404
    assert "data-obs" not in staff.get(reverse("live:room", args=[session.class_session.public_id])).text


def test_the_room_offers_it_to_its_staff_alone(staff, session, trainee):
    client = Client()
    client.force_login(trainee)
    room = reverse("live:room", args=[session.class_session.public_id])

    assert "data-obs" in staff.get(room).text
    assert "data-obs" not in client.get(room).text


def test_an_address_is_made_before_the_class_and_opens_with_it(planned):
    instructor = instructor_of(planned)
    key = renew_obs_key(session_id=planned.pk, by=instructor, picture=ObsPicture.CAMERA)
    before = obs_keys()
    open_room(session_id=planned.pk, by=instructor)

    assert before == {}
    assert list(obs_keys()) == [key.stream]


def test_a_person_who_no_longer_teaches_can_no_longer_send(session, instructor):
    key = renew_obs_key(session_id=session.pk, by=instructor, picture=ObsPicture.CAMERA)
    assert obs_target(stream=key.stream).by == instructor
    Membership.objects.filter(user=instructor).delete()

    with pytest.raises(ObsKeyRefused):
        obs_target(stream=key.stream)


def test_a_class_that_has_ended_gets_no_address(session, instructor):
    key = renew_obs_key(session_id=session.pk, by=instructor, picture=ObsPicture.CAMERA)
    end_room(session_id=session.pk, by=instructor, reason="انقطاع التيار")

    assert obs_keys() == {}
    with pytest.raises(RoomEnded):
        obs_target(stream=key.stream)
    with pytest.raises(RoomEnded):
        renew_obs_key(session_id=session.pk, by=instructor, picture=ObsPicture.CAMERA)


def test_the_page_shows_the_state(session, instructor, clock):
    key = renew_obs_key(session_id=session.pk, by=instructor, picture=ObsPicture.CAMERA)
    states = [obs_state(session).state]
    record_obs_status(stream=key.stream)
    states.append(obs_state(session).state)
    clock.at(300)
    states.append(obs_state(session).state)
    record_obs_status(stream=key.stream, refusal=ObsMediaRefused())
    states.append(obs_state(session).state)

    assert states == ["waiting", "sending", "waiting", "refused"]
    assert obs_state(session).code == MediaRefused.code
    assert key.made_at <= timezone.now()
