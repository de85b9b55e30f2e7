"""Offers through the site to a separate media server: who gets a connection, and when it ends."""

import asyncio
import os
import signal
import threading

import pytest
import requests
from django.utils import timezone

from accounts.models import User
from live.enums import MediaDirection
from live.errors import VideoTaken
from live.models import MediaConnection
from live.services.hands import raise_hand
from live.services.moderation import kick_person, remove_person
from live.services.sessions import end_room
from live.whip.connection_reaper import ConnectionReaper
from live.whip.exchange import MediaServer, OfferRefused, ServerUnreachable, StreamNotFound
from live.whip.media_connections import confirm_sending, end_stale_connections
from tests.live.conftest import db, enrolled, instructor_of, stop_server
from tests.live.shortening import shortened
from tests.live.whip import peers
from tests.live.whip.peers import (
    MEDIA_TOKEN,
    MediaProcess,
    an_offer,
    code_of,
    page_of,
    sending,
    site_with,
    until,
    watching,
)

pytestmark = [
    pytest.mark.engines("WebRTC between a media server and a whole site"),
    pytest.mark.xdist_group("media server"),
    pytest.mark.django_db(transaction=True),
]

# The fixtures of both.
media = peers.media
whip_site = peers.whip_site


@pytest.fixture(autouse=True)
def one_setting_for_all(settings):
    """The tests act as another process of the same site."""
    settings.LIVE_MEDIA_BACKEND = "whip"


# Not a real offer, but of the right type.
BROKEN = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video nine UDP/TLS/RTP/SAVPF x\r\n"


def connection_in(answer: requests.Response) -> str:
    return answer.headers["Location"].split("/")[-2]


async def test_what_an_instructor_sends_is_watched_through_the_site(
    whip_site, media, session, trainee, instructor
):
    desk = await page_of(whip_site, session, instructor)
    phone = await page_of(whip_site, session, trainee)
    async with (
        whip_site.member(session, instructor, device="device-2") as staff,
        whip_site.member(session, trainee) as viewer,
    ):
        assert viewer.welcome["video"] == {"on": False, "by": "peer", "ice": []}
        async with sending(desk) as sent:
            await staff.ask("video.sending", leg=connection_in(sent))
            await viewer.until(viewer.last + 1)
            async with watching(phone) as (watched, frames):
                await frames.more()
                for answer in (sent, watched):
                    assert answer.headers["Content-Type"] == "application/sdp"
                    assert answer.headers["Location"].startswith(
                        f"/en/live/{session.class_session.public_id}/"
                    )
                    said = f"{answer.headers} {answer.text}"
                    assert MEDIA_TOKEN not in said
                    assert f":{media.port}" not in said
                assert media.ways() == ["whep", "whip"]

                assert await asyncio.to_thread(phone.end, watched.headers["Location"]) == 200
                assert media.ways() == ["whip"]
            assert await asyncio.to_thread(desk.end, sent.headers["Location"]) == 200
            assert media.ways() == []
        await viewer.until(viewer.last + 1)

    assert [event["kind"] for event in viewer.events] == ["video.started", "video.stopped"]
    await until(lambda: not MediaConnection.objects.filter(closed_at=None).exists())


async def test_a_second_sender_is_refused_until_it_takes_over(whip_site, media, session, instructor):
    other = await db(instructor_of, session)
    first = await page_of(whip_site, session, instructor)
    second = await page_of(whip_site, session, other)
    async with sending(first) as sent:
        refused = await asyncio.to_thread(second.offer, "whip", await an_offer())
        assert code_of(refused) == (403, "video_taken")

        async with sending(second, take_over="1"):
            await until(lambda: media.ways() == ["whip"])
            with pytest.raises(VideoTaken):
                await db(
                    lambda: confirm_sending(
                        session_id=session.pk, by=instructor, public_id=connection_in(sent)
                    )
                )
            again = await asyncio.to_thread(first.offer, "whip", await an_offer())
            assert code_of(again) == (403, "video_taken")
    await db(end_room, session_id=session.pk, by=instructor, reason="انقطاع التيار")
    await until(lambda: media.ways() == [])


async def kick(session, trainee: User, instructor: User) -> None:
    raised = await db(lambda: raise_hand(session_id=session.pk, by=trainee))
    await db(lambda: kick_person(session_id=session.pk, by=instructor, seq=raised.seq))


async def remove(session, trainee: User, instructor: User) -> None:
    raised = await db(lambda: raise_hand(session_id=session.pk, by=trainee))
    await db(lambda: remove_person(session_id=session.pk, by=instructor, seq=raised.seq))


async def withdraw(session, trainee: User, instructor: User) -> None:
    await db(session.class_session.cohort.enrollments.filter(person=trainee.person).update, state="withdrawn")


async def deactivate(session, trainee: User, instructor: User) -> None:
    await db(User.objects.filter(pk=trainee.pk).update, is_active=False)


@pytest.mark.parametrize(("act", "status"), [(kick, 403), (remove, 403), (withdraw, 404), (deactivate, 302)])
async def test_a_person_who_is_no_longer_admitted_receives_no_more_media(
    whip_site, media, session, trainee, instructor, act, status
):
    second = await db(enrolled, session)
    desk = await page_of(whip_site, session, instructor)
    phone, other = await page_of(whip_site, session, trainee), await page_of(whip_site, session, second)
    async with (
        whip_site.member(session, trainee),
        whip_site.member(session, second, device="device-2"),
        sending(desk) as sent,
        watching(phone) as (_, frames),
        watching(other) as (_, others),
    ):
        await frames.more()
        await act(session, trainee, instructor)
        # The bar is five seconds; a loaded machine is given more before it counts as broken.
        await until(lambda: media.ways() == ["whep", "whip"])
        await frames.stop()
        await others.more()
        refused = await asyncio.to_thread(phone.offer, "whep", await an_offer())
        assert refused.status_code == status
        await asyncio.to_thread(desk.end, sent.headers["Location"])
    await db(end_room, session_id=session.pk, by=instructor, reason="انقطاع التيار")
    await until(lambda: media.ways() == [])


async def test_the_end_of_the_class_ends_every_connection(whip_site, media, session, trainee, instructor):
    desk, phone = await page_of(whip_site, session, instructor), await page_of(whip_site, session, trainee)
    async with whip_site.member(session, trainee), sending(desk), watching(phone) as (_, frames):
        await frames.more()
        await db(end_room, session_id=session.pk, by=instructor, reason="انقطاع التيار")
        await until(lambda: media.ways() == [])

    await until(lambda: not MediaConnection.objects.filter(closed_at=None).exists())


async def test_a_connection_made_between_two_looks_is_ended_though_the_room_is_empty_by_then(
    session, instructor, monkeypatch
):
    looked, look = threading.Event(), end_stale_connections

    def looks() -> bool:
        found = look()
        looked.set()
        return found

    monkeypatch.setattr("live.whip.connection_reaper.end_stale_connections", looks)
    connection_reaper = ConnectionReaper()
    connection_reaper.start()
    await until(looked.is_set)
    await db(_connection_of, session, instructor)
    connection_reaper.start()
    await db(end_room, session_id=session.pk, by=instructor, reason="انقطاع التيار")

    await until(lambda: not MediaConnection.objects.filter(ended_at=None).exists())


async def test_another_process_ends_what_a_killed_one_left(
    media, session, trainee, instructor, django_db_setup
):
    first, second = site_with(media), site_with(media)
    try:
        desk, phone = await page_of(first, session, instructor), await page_of(first, session, trainee)
        async with first.member(session, trainee), sending(desk), watching(phone) as (_, frames):
            await frames.more()
            os.kill(first.process.pid, signal.SIGKILL)
            first.process.wait()
            await kick(session, trainee, instructor)
            async with second.member(session, instructor):
                await until(lambda: media.ways() == ["whip"])
                await db(end_room, session_id=session.pk, by=instructor, reason="انقطاع التيار")
                await until(lambda: media.ways() == [])
    finally:
        stop_server(second)


async def test_only_who_is_in_the_room_may_watch(whip_site, session, trainee):
    phone = await page_of(whip_site, session, trainee)

    assert code_of(await asyncio.to_thread(phone.offer, "whep", await an_offer())) == (403, "not_in_room")


async def test_a_trainee_cannot_send(whip_site, session, trainee):
    phone = await page_of(whip_site, session, trainee)

    assert code_of(await asyncio.to_thread(phone.offer, "whip", await an_offer())) == (403, "staff_only")


async def test_outsiders_find_nothing(whip_site, session, instructor):
    outsider = await page_of(whip_site, session, await db(User.objects.create, username="outsider"))
    offer = await an_offer()
    leg = await db(_connection_of, session, instructor)

    assert (await asyncio.to_thread(outsider.offer, "whip", offer)).status_code == 404
    assert (await asyncio.to_thread(outsider.offer, "whep", offer)).status_code == 404
    assert (
        await asyncio.to_thread(outsider.end, f"/en/live/{session.class_session.public_id}/legs/{leg}/")
        == 404
    )


def _connection_of(session, user: User) -> str:
    now = timezone.now()
    leg = MediaConnection.objects.create(
        session=session,
        user=user,
        direction=MediaDirection.SENDS,
        device="device-1",
        opened_at=now,
        last_seen_at=now,
    )
    return str(leg.public_id)


async def test_a_connection_is_ended_only_by_its_own_person(whip_site, session, trainee, instructor):
    phone = await page_of(whip_site, session, trainee)
    leg = await db(_connection_of, session, instructor)
    place = f"/en/live/{session.class_session.public_id}/legs/{leg}/"

    assert await asyncio.to_thread(phone.end, place) == 404
    patched = await asyncio.to_thread(phone.http.patch, whip_site.origin + place, timeout=10)
    assert patched.status_code == 405


@pytest.mark.parametrize(
    ("offer", "status", "code"),
    [
        (BROKEN, 422, "offer_not_taken"),
        ("v=0\r\nthis is no offer", 422, "offer_not_taken"),
        ("GET / HTTP/1.1", 422, "offer_not_taken"),
        (b"v=0\r\n\xff\xfe", 422, "offer_not_taken"),
        ("v=0\r\n" + "a=x\r\n" * 20_000, 413, "offer_too_big"),
    ],
    ids=["broken", "junk", "no SDP", "no text", "too big"],
)
async def test_what_is_no_offer_is_refused(whip_site, media, session, instructor, offer, status, code):
    desk = await page_of(whip_site, session, instructor)

    assert code_of(await asyncio.to_thread(desk.offer, "whip", offer)) == (status, code)
    assert media.ways() == []
    assert await db(MediaConnection.objects.filter(ended_at=None).count) == 0


async def test_offers_are_counted(whip_site, session, trainee):
    phone = await page_of(whip_site, session, trainee)
    answers = [await asyncio.to_thread(phone.offer, "whep", "v=0\r\n") for _ in range(42)]

    # A minute may turn meanwhile.
    assert 429 in [answer.status_code for answer in answers]


async def test_watching_a_stream_without_a_sender_has_its_own_code(whip_site, session, trainee):
    phone = await page_of(whip_site, session, trainee)
    async with whip_site.member(session, trainee):
        answer = await asyncio.to_thread(phone.offer, "whep", await an_offer())

    assert code_of(answer) == (409, "no_picture_yet")


async def test_a_slow_or_unreachable_server_is_reported_and_recovers(session, instructor, django_db_setup):
    server = MediaProcess(handshake_seconds=1)
    site = site_with(server, **shortened({"live.whip.exchange.ANSWER_SECONDS": 2}))
    try:
        desk = await page_of(site, session, instructor)
        server.process.send_signal(signal.SIGSTOP)
        slow = await asyncio.to_thread(desk.offer, "whip", await an_offer())
        server.process.send_signal(signal.SIGCONT)
        assert code_of(slow) == (503, "media_server_away")
        assert "Messages and slides go on" in slow.json()["message"]
        # A connection for the abandoned offer times out at the media server. The page retries below its rate limit.
        for _ in range(15):
            answer = await asyncio.to_thread(desk.offer, "whip", await an_offer())
            if answer.status_code == 201:
                break
            await asyncio.sleep(0.5)
            await until(lambda: not server.ways())
        assert answer.status_code == 201
        server.stop()
        away = await asyncio.to_thread(desk.offer, "whip", await an_offer())
        assert code_of(away) == (503, "media_server_away")
    finally:
        server.stop()
        stop_server(site)


# --- Requests to the media server --------------------------------------------------------------------------------


@pytest.fixture
def placed(request: pytest.FixtureRequest):
    process = MediaProcess(request.param)
    yield process
    process.stop()


@pytest.mark.parametrize("placed", ["absolute", "moved"], indirect=True)
async def test_a_location_and_a_redirect_on_the_same_origin_are_followed(placed):
    server = MediaServer(token=MEDIA_TOKEN)

    answer = await server.answer(f"{placed.origin}/class/whip", await an_offer())

    assert answer.resource.startswith(f"{placed.origin}/sessions/")
    assert await server.hang_up(answer.resource)
    assert placed.ways() == []
    # Ended is ended.
    assert await server.hang_up(answer.resource)


@pytest.mark.parametrize("placed", ["foreign"], indirect=True)
async def test_a_location_elsewhere_is_refused(placed):
    with pytest.raises(ServerUnreachable):
        await MediaServer(token=MEDIA_TOKEN).answer(f"{placed.origin}/class/whip", await an_offer())


async def test_a_refused_token_and_a_missing_sender_are_different_errors(media):
    offer = await an_offer()

    with pytest.raises(ServerUnreachable):
        await MediaServer(token="another-token").answer(f"{media.origin}/class/whip", offer)
    with pytest.raises(StreamNotFound):
        await MediaServer(token=MEDIA_TOKEN).answer(f"{media.origin}/class/whep", offer)
    with pytest.raises(OfferRefused):
        await MediaServer(token=MEDIA_TOKEN).answer(f"{media.origin}/class/whip", BROKEN)
