"""The sender's socket in a real server: all media arrives, even if connections are cut or processes killed."""

import asyncio
import itertools
import json
import struct
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
import websockets

from accounts.enums import RoleName
from accounts.services.memberships import end_role
from live.broadcast import Broadcast
from live.broadcast.sender_lease import SenderLease
from live.errors import StaffOnly
from live.hub import CloseCode
from live.models import Event
from live.server.broadcast_registry import ActiveBroadcast
from live.services.chat import send_message
from live.services.moderation import remove_person
from live.services.video import issue_sender_ticket
from media_pipeline.services.revocations import is_revoked, viewer_of, viewer_tag
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.live.broadcast.recorder import chunks, recording
from tests.live.broadcast.test_broadcast import played
from tests.live.conftest import Client, Server, db, enrolled, start_server, stop_server, ticket_for
from tests.waiting import becomes_true

pytestmark = [
    pytest.mark.engines("sockets of a whole server, which encodes"),
    pytest.mark.django_db(transaction=True),
]


class Sender:
    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.client = Client(socket)

    async def take(self, number: int, source: str = "camera") -> int:
        return (await self.client.ask("take", take=number, source=source))["chunk"]

    async def put(self, take: int, number: int, data: bytes) -> None:
        await self.socket.send(struct.pack(">II", take, number) + data)

    async def answer(self) -> dict[str, Any]:
        return json.loads(await asyncio.wait_for(self.socket.recv(), 10))

    async def send(self, take: int, pieces: list[bytes], *, after: int = 0) -> None:
        for number, piece in enumerate(pieces[after:], after + 1):
            await self.put(take, number, piece)
            assert await self.answer() == {"type": "ack", "take": take, "chunk": number}


@asynccontextmanager
async def sender(
    server: Server, session, user, *, device: str = "device-1", take_over: bool = False
) -> AsyncIterator[Sender]:
    ticket = await db(lambda: issue_sender_ticket(session=session, user=user, language="en"))
    async with websockets.connect(
        server.url + "media/", origin=server.origin, proxy=None, max_size=None
    ) as connection:
        one = Sender(connection)
        answer = await one.client.ask("hello", ticket=ticket, device=device, take_over=take_over)
        assert answer["type"] == "welcome", answer
        yield one


async def kinds_until(client: Client, kind: str) -> list[str]:
    async with asyncio.timeout(20):
        while kind not in [event["kind"] for event in client.events]:
            await client.frame(20)
    return [event["kind"] for event in client.events]


async def ended(server: Server, session, instructor) -> None:
    """End the class, as its instructor does."""
    async with server.member(session, instructor, device="device-9") as staff:
        await staff.ask("room.end", reason="انقطاع التيار")


async def finished(served: Path) -> Path:
    """The playlist of the whole class, once it has an end."""
    playlist = served / "360p.m3u8"
    await becomes_true(lambda: playlist.exists() and playlist.read_text().endswith("#EXT-X-ENDLIST\n"))
    return playlist


async def test_two_trainees_watch_what_the_instructor_sends(server, session, trainee, instructor, folders):
    second = await db(enrolled, session)
    async with (
        server.member(session, trainee) as one,
        server.member(session, second, device="device-2") as two,
        sender(server, session, instructor) as camera,
    ):
        assert one.welcome["video"]["on"] is False
        assert await camera.take(1) == 0
        await camera.send(1, chunks(recording(), 8))
        for viewer in (one, two):
            assert "video.started" in await kinds_until(viewer, "video.started")
        bases = [viewer.welcome["video"]["base"] for viewer in (one, two)]

        for base in bases:
            playlist = await asyncio.to_thread(
                requests.get, f"{server.origin}{base}360p-live.m3u8", timeout=5
            )
            assert playlist.status_code == 200
            assert playlist.headers["Cache-Control"] == "no-store"
            name = next(line for line in playlist.text.splitlines() if line.endswith("00000.mp4"))
            segment = await asyncio.to_thread(requests.get, f"{server.origin}{base}{name}", timeout=5)
            assert segment.status_code == 200
            assert "immutable" in segment.headers["Cache-Control"]
        forged = bases[0].replace("/media/l/", "/media/l/9")
        assert requests.get(f"{server.origin}{forged}live.m3u8", timeout=5).status_code == 404  # noqa: ASYNC210
    assert bases[0] != bases[1]
    await ended(server, session, instructor)

    picture, sound = played(await finished(folders[0]))
    assert picture == pytest.approx(4, abs=0.15)
    assert sound == pytest.approx(4, abs=0.15)


async def test_a_disconnect_loses_nothing_and_repeats_nothing(server, session, instructor, folders):
    pieces = chunks(recording(6), 24)
    async with sender(server, session, instructor) as camera:
        await camera.take(1)
        await camera.send(1, pieces[:8])
        # These leave, and their answers are never read.
        for number in (9, 10, 11):
            await camera.put(1, number, pieces[number - 1])
        camera.socket.transport.abort()
    async with sender(server, session, instructor) as camera:
        kept = await camera.take(1)
        assert 8 <= kept <= 11
        # A chunk whose ack was lost is sent again by the page.
        await camera.put(1, kept, pieces[kept - 1])
        assert (await camera.answer())["chunk"] == kept
        await camera.send(1, pieces, after=kept)
    sent = (folders[1] / "1.webm").read_bytes()
    await ended(server, session, instructor)

    assert sent == recording(6)
    assert played(await finished(folders[0]))[0] == pytest.approx(6, abs=0.15)


async def test_a_killed_server_goes_on_from_disk(session, instructor, folders):
    pieces = chunks(recording(6), 24)
    first = start_server()
    async with sender(first, session, instructor) as camera:
        await camera.take(1)
        await camera.send(1, pieces[:16])
        first.process.kill()
        first.process.wait()
    second = start_server()
    try:
        async with sender(second, session, instructor) as camera:
            assert await camera.take(1) == 16
            await camera.send(1, pieces, after=16)
        await ended(second, session, instructor)
        picture, _ = played(await finished(folders[0]))
    finally:
        stop_server(second)

    assert picture == pytest.approx(6, abs=0.3)


async def test_a_second_sender_is_refused_until_it_takes_over(server, session, instructor):
    async with sender(server, session, instructor) as camera:
        await camera.take(1)
        await camera.send(1, chunks(recording(), 8)[:2])
        ticket = await db(lambda: issue_sender_ticket(session=session, user=instructor, language="en"))
        async with websockets.connect(server.url + "media/", origin=server.origin, proxy=None) as other:
            refused = await Client(other).ask("hello", ticket=ticket, device="device-2")
            assert (refused["type"], refused["code"]) == ("error", "video_taken")
        async with sender(server, session, instructor, device="device-2", take_over=True) as second:
            assert await camera.client.closed() == CloseCode.NEWER_SOCKET
            assert await second.take(2) == 0
            await second.send(2, chunks(recording(), 8))


async def test_segments_that_are_made_after_the_stop_start_nothing(session, instructor, tmp_path):
    broadcast = Broadcast(served=tmp_path / "served", sent=tmp_path / "sent")
    await broadcast.open()
    live = ActiveBroadcast(
        session.pk, "path", instructor, SenderLease(instructor.pk, "device-1", "token"), broadcast, None
    )

    live.mark_received()
    await live.announce(1)
    await live.stop(by=instructor)
    await live.announce(2)
    await broadcast.release()

    kinds = await db(lambda: list(Event.objects.filter(session=session).values_list("kind", flat=True)))
    assert kinds == ["video.started", "video.stopped"]


async def test_stopping_is_announced_to_the_room(server, session, trainee, instructor):
    async with server.member(session, trainee) as viewer, sender(server, session, instructor) as camera:
        await camera.take(1)
        await camera.send(1, chunks(recording(), 8))
        await kinds_until(viewer, "video.started")
        await camera.client.ask("stop")
        kinds = await kinds_until(viewer, "video.stopped")

    assert kinds == ["video.started", "video.stopped"]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (struct.pack(">II", 1, 1) + b"GIF89a this is a picture, not a film", "media_refused"),
        (struct.pack(">II", 1, 5) + b"\x1a\x45\xdf\xa3", "chunk_gap"),
        (struct.pack(">II", 7, 1) + b"\x1a\x45\xdf\xa3", "chunk_gap"),
        (b"short", "malformed"),
        (b"\x00" * (512 * 1024 + 1), "too_big"),
        ("{}", "malformed"),
        (
            '{"type": "take", "id": "5f0c7a52-6a36-4f0e-9d0a-0d7f4b3f2c11", "take": 9, "source": "camera"}',
            "chunk_gap",
        ),
        (
            '{"type": "take", "id": "5f0c7a52-6a36-4f0e-9d0a-0d7f4b3f2c11", "take": 2, "source": "/etc"}',
            "malformed",
        ),
    ],
    ids=itertools.count(),
)
async def test_bad_frames_are_refused_with_a_code(server, session, instructor, frame, code):
    async with sender(server, session, instructor) as camera:
        await camera.take(1)
        await camera.socket.send(frame)
        answer = await camera.answer()

    assert (answer["type"], answer["code"]) == ("error", code)


async def test_a_trainee_cannot_send(server, session, trainee, instructor):
    with pytest.raises(StaffOnly):
        await db(lambda: issue_sender_ticket(session=session, user=trainee, language="en"))

    for user in (trainee, instructor):
        ticket = await db(ticket_for, session, user)
        async with websockets.connect(server.url + "media/", origin=server.origin, proxy=None) as socket:
            client = Client(socket)
            refused = await client.ask("hello", ticket=ticket, device="device-1")
            assert refused["code"] == "ticket_invalid"
            assert await client.closed() == CloseCode.TICKET


async def test_a_sender_ticket_opens_one_socket_once_and_no_room(server, session, instructor):
    ticket = await db(lambda: issue_sender_ticket(session=session, user=instructor, language="en"))
    async with server.socket() as room:
        assert (await room.ask("hello", ticket=ticket, device="device-1"))["code"] == "ticket_invalid"
    async with websockets.connect(server.url + "media/", origin=server.origin, proxy=None) as socket:
        assert (await Client(socket).ask("hello", ticket=ticket, device="device-1"))["type"] == "welcome"
    async with websockets.connect(server.url + "media/", origin=server.origin, proxy=None) as socket:
        assert (await Client(socket).ask("hello", ticket=ticket, device="device-1"))["code"] == "ticket_used"


def inspect_only(instructor) -> None:
    taught = instructor.memberships.get(role=RoleName.INSTRUCTOR)
    MembershipFactory(user=instructor, role=RoleName.INSPECTOR, center=taught.center)
    end_role(membership_id=taught.pk, reason="left", by=UserFactory(is_superuser=True))


async def test_an_instructor_who_only_inspects_from_now_on_sends_no_more(server, session, instructor):
    async with sender(server, session, instructor) as camera:
        await db(inspect_only, instructor)
        assert await camera.client.closed() == CloseCode.NOT_ADMITTED


async def test_the_instructor_sees_how_many_hear_them(server, session, trainee, instructor):
    second = await db(enrolled, session)
    async with (
        server.member(session, trainee) as one,
        server.member(session, second, device="device-2") as two,
        server.member(session, instructor, device="device-3") as staff,
    ):
        await one.ask("video.report", playing=True, hearing=True)
        await two.ask("video.report", playing=True, hearing=False)
        frame = (await staff.passing("video.audience", lambda frame: frame["playing"] == 2))[-1]

    assert (frame["playing"], frame["hearing"]) == (2, 1)
    assert await db(Event.objects.filter(session=session).count) == 0


def test_a_removed_person_gets_no_further_segment(session, trainee, instructor):

    said = send_message(session_id=session.pk, by=trainee, text="x", client_id=uuid.uuid4())
    remove_person(session_id=session.pk, by=instructor, seq=said.seq)

    assert is_revoked(viewer_tag(viewer_of(trainee)))
