"""A trainee's voice: who may speak, what ends it, and its way to the page that mixes it in."""

import asyncio
import json
import os
import struct
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import websockets

from accounts.models import User
from live.broadcast.folders import voices_folder
from live.broadcast.sender_lease import FILE, OBS_DEVICE, acquire_lease
from live.enums import LiveRole
from live.errors import Muted, NotCalled, VoiceNotMixed, VoiceTaken
from live.hub import CloseCode
from live.media_servers import stream_path
from live.models import Event, LiveSession
from live.queries.admission import Reader
from live.queries.hands import hands_up
from live.queries.voice import voice_in, voice_shown
from live.services import voice as voices
from live.services.hands import call_hand, lower_hand, raise_hand
from live.services.moderation import kick_person, mute_all, mute_person, remove_person
from live.services.sessions import end_room
from live.services.video import issue_sender_ticket
from live.services.voice import (
    end_lost_voices,
    end_own_voice,
    end_voice,
    issue_voice_ticket,
    purge_voices,
    start_voice,
)
from media_pipeline.services.live_streams import live_stream_folders
from tests.live.broadcast.recorder import chunks, recording, voice
from tests.live.conftest import Client, Server, db, enrolled, ticket_for

pytestmark = pytest.mark.django_db(transaction=True)


def is_sent(session: LiveSession, by: User, device: str = "browser-1") -> None:
    """Make the class look as if it were being sent."""
    served, _ = live_stream_folders(stream_path(session))
    acquire_lease(served, who=by.pk, device=device, take_over=True)
    # The lease does not expire on a slow machine.
    os.utime(served / FILE, (time.time() + 3600,) * 2)


def called(session: LiveSession, user: User, instructor: User) -> None:
    hand = raise_hand(session_id=session.pk, by=user)
    call_hand(session_id=session.pk, by=instructor, seq=hand.seq)


@pytest.fixture
def speaker(session: LiveSession, trainee: User, instructor: User) -> User:
    """A trainee who may speak."""
    is_sent(session, instructor)
    called(session, trainee, instructor)
    return trainee


def ticket_of(session: LiveSession, user: User) -> str:
    return issue_voice_ticket(session=session, user=user, language="en")


# --- Admission ---------------------------------------------------------------------------------------------------------


def test_only_who_was_called_may_speak(session, trainee, instructor):
    is_sent(session, instructor)
    for user in (trainee, instructor):
        with pytest.raises(NotCalled):
            ticket_of(session, user)
    raise_hand(session_id=session.pk, by=trainee)
    with pytest.raises(NotCalled):
        ticket_of(session, trainee)


def test_a_muted_trainee_may_not_speak(session, speaker, instructor):
    hand = hands_up(session.pk)[0]
    mute_person(session_id=session.pk, by=instructor, seq=hand.seq)

    with pytest.raises(Muted):
        ticket_of(session, speaker)


@pytest.mark.parametrize("device", [None, OBS_DEVICE])
def test_a_voice_is_refused_when_no_browser_sends_the_class(session, trainee, instructor, device):
    called(session, trainee, instructor)
    if device:
        is_sent(session, instructor, device)

    with pytest.raises(VoiceNotMixed):
        ticket_of(session, trainee)


def test_one_speaks_at_a_time(session, speaker, instructor):
    other = enrolled(session)
    called(session, other, instructor)
    begun = start_voice(session_id=session.pk, by=speaker, take=1)

    with pytest.raises(VoiceTaken):
        start_voice(session_id=session.pk, by=other, take=1)
    assert start_voice(session_id=session.pk, by=speaker, take=2) == begun


def test_everyone_is_notified_who_speaks_and_so_are_newcomers(session, speaker):
    session.refresh_from_db()
    reader = Reader(session, speaker, LiveRole.TRAINEE)
    before = voice_shown(reader)
    begun = start_voice(session_id=session.pk, by=speaker, take=1)
    session.refresh_from_db()

    assert before is None
    assert voice_shown(Reader(session, speaker, LiveRole.TRAINEE)) == {
        "seq": begun.seq,
        "who": reader.key_of(speaker.pk),
        "name": begun.name,
    }


ENDS: dict[str, Callable[..., Any]] = {
    "the instructor ends it": lambda session, user, by: end_voice(session_id=session.pk, by=by),
    "the trainee ends it": lambda session, user, by: end_own_voice(session_id=session.pk, by=user),
    "the hand goes down": lambda session, user, by: lower_hand(session_id=session.pk, by=user),
    "muted": lambda session, user, by: mute_person(
        session_id=session.pk, by=by, seq=hands_up(session.pk)[0].seq
    ),
    "all muted": lambda session, user, by: mute_all(session_id=session.pk, by=by),
    "sent out": lambda session, user, by: kick_person(
        session_id=session.pk, by=by, seq=hands_up(session.pk)[0].seq
    ),
    "removed": lambda session, user, by: remove_person(
        session_id=session.pk, by=by, seq=hands_up(session.pk)[0].seq
    ),
    "the class ends": lambda session, user, by: end_room(
        session_id=session.pk, by=by, reason="انقطاع التيار"
    ),
}


@pytest.mark.parametrize("how", ENDS)
def test_what_ends_a_voice(session, speaker, instructor, how):
    begun = start_voice(session_id=session.pk, by=speaker, take=1)
    ENDS[how](session, speaker, instructor)

    ended = Event.objects.get(session=session, kind="voice.ended")
    assert (ended.subject, ended.target) == (speaker, begun.seq)
    assert voice_in(session.pk) is None
    assert hands_up(session.pk) == []


def test_a_voice_whose_connection_is_lost_ends(session, speaker, monkeypatch):
    start_voice(session_id=session.pk, by=speaker, take=1)
    soon = end_lost_voices()
    monkeypatch.setattr(voices, "VOICE_LOST_SECONDS", -1)

    assert (soon, end_lost_voices(), end_lost_voices()) == (0, 1, 0)
    assert voice_in(session.pk) is None


def test_a_voice_ends_when_the_class_is_sent_with_obs(session, speaker, instructor):
    start_voice(session_id=session.pk, by=speaker, take=1)
    is_sent(session, instructor, OBS_DEVICE)

    assert end_lost_voices() == 1


def test_what_was_said_is_dropped_with_its_class(session, speaker, instructor):
    folder = voices_folder(session.pk)
    folder.mkdir(parents=True)
    purge_voices()
    stays = folder.exists()
    end_room(session_id=session.pk, by=instructor, reason="انقطاع التيار")
    purge_voices()

    assert stays
    assert not folder.exists()


# --- Transfer -----------------------------------------------------------------------------------------------------


class Microphone:
    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.client = Client(socket)
        self.welcome: dict[str, Any] = {}

    async def put(self, take: int, number: int, data: bytes) -> dict[str, Any]:
        await self.socket.send(struct.pack(">II", take, number) + data)
        return await self.client.frame(20)


@asynccontextmanager
async def microphone(server: Server, session: LiveSession, user: User) -> AsyncIterator[Microphone]:
    ticket = await db(ticket_of, session, user)
    async with websockets.connect(
        server.url + "voice/", origin=server.origin, proxy=None, max_size=None
    ) as connection:
        one = Microphone(connection)
        one.welcome = await one.client.ask("hello", ticket=ticket, device="device-1")
        assert one.welcome["type"] == "welcome", one.welcome
        yield one


async def heard(server: Server, session: LiveSession, instructor: User, seq: int, size: int) -> bytes:
    """The bytes of a voice that the instructor's page receives, up to `size`."""
    ticket = await db(lambda: issue_sender_ticket(session=session, user=instructor, language="en"))
    data = b""
    async with (
        websockets.connect(server.url + "voice/listen/", origin=server.origin, proxy=None) as socket,
        asyncio.timeout(30),
    ):
        await socket.send(
            json.dumps({"type": "listen", "id": str(uuid.uuid4()), "ticket": ticket, "of": seq})
        )
        while len(data) < size:
            frame = await socket.recv()
            if isinstance(frame, bytes):
                data += frame
                await socket.send(json.dumps({"type": "heard", "id": str(uuid.uuid4()), "bytes": len(data)}))
    return data


@pytest.mark.engines("sockets of a whole server")
async def test_a_voice_reaches_the_sending_page_byte_for_byte(server, session, speaker, instructor):
    pieces = chunks(voice(), 12)
    async with microphone(server, session, speaker) as one:
        begun = await db(voice_in, session.pk)
        await one.client.ask("take", take=1, source="voice")
        for number, piece in enumerate(pieces[:6], 1):
            assert (await one.put(1, number, piece))["chunk"] == number
        one.socket.transport.abort()
    # After a disconnect the page gets its position and continues.
    async with microphone(server, session, speaker) as one:
        assert (await one.client.ask("take", take=1, source="voice"))["chunk"] == 6
        for number, piece in enumerate(pieces[6:], 7):
            assert (await one.put(1, number, piece))["chunk"] == number
        data = await heard(server, session, instructor, begun.seq, len(voice()))

    assert data == voice()
    assert await db(lambda: Event.objects.filter(session=session, kind="voice.started").count()) == 1


@pytest.mark.engines("sockets of a whole server")
async def test_the_instructor_ends_a_voice_at_once(server, session, speaker, instructor):
    async with microphone(server, session, speaker) as one:
        async with server.member(session, instructor, device="device-9") as staff:
            assert (await staff.ask("voice.end"))["type"] == "ack"
        assert await one.client.closed(20) == CloseCode.ENDED
    with pytest.raises(NotCalled):
        await db(ticket_of, session, speaker)


@pytest.mark.engines("sockets of a whole server")
async def test_the_voice_of_a_person_who_is_sent_out_ends(server, session, speaker, instructor):
    async with microphone(server, session, speaker) as one:
        hand = (await db(hands_up, session.pk))[0]
        await db(lambda: kick_person(session_id=session.pk, by=instructor, seq=hand.seq))
        assert await one.client.closed(20) in {CloseCode.ENDED, CloseCode.NOT_ADMITTED}


@pytest.mark.engines("sockets of a whole server")
@pytest.mark.parametrize("what", ["a picture", "no media"])
async def test_anything_but_one_sound_is_refused_and_ends_the_voice(server, session, speaker, what):
    data = chunks(recording(), 8)[0] if what == "a picture" else b"GIF89a this is a picture, not a voice"
    async with microphone(server, session, speaker) as one:
        await one.client.ask("take", take=1, source="voice")
        answer = await one.put(1, 1, data)
        assert await one.client.closed(20) == CloseCode.PROTOCOL

    assert answer["code"] == "media_refused"
    assert await db(voice_in, session.pk) is None


@pytest.mark.engines("starts a whole server")
async def test_a_refused_voice_gets_its_error_although_the_room_gets_the_end_first(
    server_with_silent_redis, session, speaker
):
    async with microphone(server_with_silent_redis, session, speaker) as one:
        await one.client.ask("take", take=1, source="voice")
        answer = await one.put(1, 1, b"GIF89a this is a picture, not a voice")
        code = await one.client.closed(20)

    assert (answer["code"], code) == ("media_refused", CloseCode.PROTOCOL)


@pytest.mark.engines("sockets of a whole server")
async def test_tickets_open_only_what_they_are_for_and_once(server, session, speaker, instructor):
    async def refused(path: str, ticket: str, **words: Any) -> str:
        async with websockets.connect(server.url + path, origin=server.origin, proxy=None) as socket:
            client = Client(socket)
            await socket.send(json.dumps({"id": str(uuid.uuid4()), "ticket": ticket, **words}))
            answer = await client.frame(20)
            assert await client.closed(20) == CloseCode.TICKET
            return answer["code"]

    hello = {"type": "hello", "device": "device-1"}
    room = await db(ticket_for, session, speaker)
    sender = await db(lambda: issue_sender_ticket(session=session, user=instructor, language="en"))
    own = await db(ticket_of, session, speaker)

    assert await refused("voice/", room, **hello) == "ticket_invalid"
    assert await refused("voice/", sender, **hello) == "ticket_invalid"
    assert await refused("media/", own, **hello) == "ticket_invalid"
    assert await refused("voice/listen/", own, type="listen", of=1) == "ticket_invalid"
    async with websockets.connect(server.url + "voice/", origin=server.origin, proxy=None) as socket:
        assert (await Client(socket).ask("hello", ticket=own, device="device-1"))["type"] == "welcome"
    assert await refused("voice/", own, **hello) == "ticket_used"


@pytest.mark.engines("sockets of a whole server")
async def test_a_ticket_of_one_whose_hand_went_down_meanwhile_opens_nothing(server, session, speaker):
    ticket = await db(ticket_of, session, speaker)
    await db(lambda: lower_hand(session_id=session.pk, by=speaker))
    async with websockets.connect(server.url + "voice/", origin=server.origin, proxy=None) as socket:
        client = Client(socket)
        answer = await client.ask("hello", ticket=ticket, device="device-1")
        assert await client.closed(20) == CloseCode.TICKET

    assert answer["code"] == "not_called"
