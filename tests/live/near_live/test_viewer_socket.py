"""The viewer's socket in a real server: who is admitted, what they get, and who is disconnected."""

import asyncio
import json
import os
import signal
import subprocess
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import websockets

from accounts.models import User
from courses.enums import EnrollmentState
from live.hub import CloseCode
from live.near_live.fragment_relay import UNCONFIRMED_FRAGMENTS
from live.near_live.tickets import issue_viewer_ticket
from live.services.chat import send_message
from live.services.moderation import remove_person
from live.services.video import issue_sender_ticket
from media_pipeline.transcoding.binaries import find_binaries
from tests.live.broadcast.recorder import chunks, recording
from tests.live.conftest import (
    Client,
    Server,
    db,
    enrolled,
    enrollment_of,
    start_server,
    stop_server,
    ticket_for,
)
from tests.live.sockets.test_sender_socket import ended, sender
from tests.waiting import becomes_true

pytestmark = [
    pytest.mark.engines("sockets of a whole server, which encodes"),
    pytest.mark.django_db(transaction=True),
]


# Fragments in two seconds of class, but for the last ones.
REST = 7


class Screen:
    """A viewer's socket, spoken to as a page does."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.client = Client(socket)
        self.told: list[dict[str, Any]] = []
        self.got: list[bytes] = []

    async def frame(self) -> dict[str, Any] | bytes:
        frame = await asyncio.wait_for(self.socket.recv(), 20)
        if isinstance(frame, bytes):
            self.got.append(frame)
            return frame
        self.told.append(json.loads(frame))
        return self.told[-1]

    async def confirm(self) -> None:
        await self.client.command("got", count=len(self.got))

    async def follow(self, done: Any) -> None:
        """Read and confirm until `done()`."""
        async with asyncio.timeout(30):
            while not done():
                if isinstance(await self.frame(), bytes):
                    await self.confirm()

    async def gets(self, more: int) -> None:
        """Read until `more` binary frames have arrived."""
        enough = len(self.got) + more
        await self.follow(lambda: len(self.got) >= enough)

    @property
    def runs(self) -> list[int]:
        return [frame["run"] for frame in self.told if frame["type"] == "run"]

    @property
    def is_quiet(self) -> bool:
        return self.told[-1]["type"] == "quiet"

    async def closed(self) -> int:
        async with asyncio.timeout(20):
            while True:
                try:
                    await self.frame()
                except websockets.ConnectionClosed as error:
                    return error.rcvd.code if error.rcvd else 1006


def viewer_ticket(session, user: User) -> str:
    return issue_viewer_ticket(session=session, user=user, language="en")


@asynccontextmanager
async def knocking(server: Server) -> AsyncIterator[Screen]:
    # Without an end to its queue the library reads on when a test does not: a close has nothing to wait behind.
    async with websockets.connect(
        server.url + "flow/", origin=server.origin, proxy=None, max_size=None, max_queue=None
    ) as socket:
        yield Screen(socket)


@asynccontextmanager
async def viewer(server: Server, session, user: User) -> AsyncIterator[Screen]:
    ticket = await db(viewer_ticket, session, user)
    async with knocking(server) as screen:
        answer = await screen.client.ask("hello", ticket=ticket)
        assert answer["type"] == "welcome", answer
        yield screen


def shown(stream: bytes, folder: Path) -> list[dict[str, Any]]:
    """Every picture that a decoder makes of a stream."""
    path = folder / "shown.mp4"
    path.write_bytes(stream)
    found = subprocess.run(
        [
            *[str(find_binaries().ffprobe), "-v", "error", "-of", "json", "-select_streams", "v"],
            *["-show_entries", "frame=pts_time,key_frame", str(path)],
        ],
        check=True,
        capture_output=True,
    )
    assert not found.stderr
    return json.loads(found.stdout)["frames"]


async def test_a_viewer_gets_the_stream_while_it_is_sent_in_any_process(
    server, session, trainee, instructor, tmp_path
):
    second = await db(enrolled, session)
    # The other web server, too.
    other = await asyncio.to_thread(start_server, SOCKET_SERVER="uvicorn")
    try:
        async with (
            sender(server, session, instructor) as camera,
            viewer(server, session, trainee) as here,
            viewer(other, session, second) as there,
        ):
            await camera.take(1)
            pieces = chunks(recording(), 16)
            await camera.send(1, pieces[:8])
            for screen in (here, there):
                await screen.follow(lambda screen=screen: screen.runs)
            await camera.send(1, pieces, after=8)
            for screen in (here, there):
                await screen.gets(REST)
    finally:
        await asyncio.to_thread(stop_server, other)

    # The same initialization segment; each began at the keyframe that was the newest at that time.
    assert here.got[0] == there.got[0]
    run = next(frame for frame in here.told if frame["type"] == "run")
    assert run["codecs"].startswith("avc1.")
    for screen in (here, there):
        pictures = shown(b"".join(screen.got), tmp_path)
        assert pictures[0]["key_frame"] == 1
        # At least one in each fragment; the initialization segment has none.
        assert len(pictures) >= REST - 1


async def test_pictures_that_are_encoded_come_nearly_live_too(server, session, trainee, instructor, tmp_path):
    async with sender(server, session, instructor) as camera, viewer(server, session, trainee) as screen:
        await camera.take(1)
        pieces = chunks(recording(codec="vp8"), 8)
        await camera.send(1, pieces[:4])
        await screen.follow(lambda: screen.runs)
        await camera.send(1, pieces, after=4)
        await screen.gets(REST)

    assert len(shown(b"".join(screen.got), tmp_path)) >= REST - 1


async def test_a_killed_encoder_is_another_run_that_goes_on_where_it_was(
    server, session, trainee, instructor, folders
):
    pieces = chunks(recording(8), 32)
    async with sender(server, session, instructor) as camera, viewer(server, session, trainee) as screen:
        await camera.take(1)
        await camera.send(1, pieces[:16])
        await screen.follow(lambda: screen.runs and screen.is_quiet)
        for process in encoders(folders[0]):
            os.kill(process, signal.SIGKILL)
        await camera.send(1, pieces, after=16)
        await screen.follow(lambda: 2 in screen.runs and screen.is_quiet)

    first, second = (frame for frame in screen.told if frame["type"] == "run")
    # The encoder restarts at a keyframe that is not in the segments yet: viewers miss nothing.
    assert 0 < second["began"] - first["began"] <= 4


def encoders(root: Path) -> list[int]:
    """The ffmpeg that writes below `root`."""
    ffmpeg = bytes(find_binaries().ffmpeg)
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            name = (process / "cmdline").read_bytes().split(b"\0")[0]
            if name == ffmpeg and (process / "cwd").readlink().is_relative_to(root):
                found.append(int(process.name))
        except OSError:
            continue
    assert found
    return found


async def test_who_confirms_nothing_is_sent_a_few_seconds_and_no_more(server, session, trainee, instructor):
    async with sender(server, session, instructor) as camera, viewer(server, session, trainee) as screen:
        await camera.take(1)
        pieces = chunks(recording(12), 48)
        await camera.send(1, pieces[:8])
        async with asyncio.timeout(40):
            while not screen.runs:
                await screen.frame()
            await camera.send(1, pieces, after=8)
            while not screen.is_quiet or len(screen.got) < UNCONFIRMED_FRAGMENTS:
                await screen.frame()
        assert len(screen.got) == UNCONFIRMED_FRAGMENTS

        await screen.confirm()
        before = len(screen.got)
        async with asyncio.timeout(20):
            while len(screen.got) <= before:
                await screen.frame()


async def test_places_are_few_and_come_back(session, trainee, instructor):
    second = await db(enrolled, session)
    server = await asyncio.to_thread(start_server, LIVE_NEARLY_LIVE_VIEWERS="1")
    try:
        async with viewer(server, session, trainee), knocking(server) as screen:
            refused = await screen.client.ask("hello", ticket=await db(viewer_ticket, session, second))
            assert (refused["type"], refused["code"]) == ("error", "nearly_live_full")
            assert await screen.closed() == CloseCode.TICKET
        async with asyncio.timeout(20):
            while True:
                async with knocking(server) as screen:
                    answer = await screen.client.ask("hello", ticket=await db(viewer_ticket, session, second))
                if answer["type"] == "welcome":
                    break
    finally:
        await asyncio.to_thread(stop_server, server)


def remove(session, trainee, instructor) -> None:
    said = send_message(session_id=session.pk, by=trainee, text="x", client_id=uuid.uuid4())
    remove_person(session_id=session.pk, by=instructor, seq=said.seq)


def withdraw(session, trainee, instructor) -> None:
    enrollment = enrollment_of(trainee)
    enrollment.state = EnrollmentState.WITHDRAWN
    enrollment.save()


def deactivate(session, trainee, instructor) -> None:
    trainee.is_active = False
    trainee.save()


@pytest.mark.parametrize("act", [remove, withdraw, deactivate])
async def test_a_viewer_who_loses_the_right_to_watch_is_disconnected(
    server, session, trainee, instructor, act
):
    async with viewer(server, session, trainee) as screen:
        await db(act, session, trainee, instructor)
        assert await screen.closed() == CloseCode.NOT_ADMITTED


async def test_the_end_of_the_class_closes_it_and_leaves_no_fragment(
    server, session, trainee, instructor, folders
):
    async with sender(server, session, instructor) as camera, viewer(server, session, trainee) as screen:
        await camera.take(1)
        await camera.send(1, chunks(recording(), 8))
        await screen.follow(lambda: screen.runs)
        await ended(server, session, instructor)
        assert await screen.closed() == CloseCode.ENDED
    await becomes_true(lambda: not list(folders[0].glob("flow_")))


async def test_a_ticket_opens_one_socket_of_its_kind_once(server, session, trainee, instructor):
    ticket = await db(viewer_ticket, session, trainee)
    foreign = [
        await db(ticket_for, session, trainee),
        await db(lambda: issue_sender_ticket(session=session, user=instructor, language="en")),
    ]
    for one in (*foreign, "forged"):
        async with knocking(server) as screen:
            assert (await screen.client.ask("hello", ticket=one))["code"] == "ticket_invalid"
            assert await screen.closed() == CloseCode.TICKET
    for path in ("", "media/"):
        async with websockets.connect(server.url + path, origin=server.origin, proxy=None) as socket:
            refused = await Client(socket).ask("hello", ticket=ticket, device="device-1")
            assert refused["code"] == "ticket_invalid"
    async with knocking(server) as screen:
        assert (await screen.client.ask("hello", ticket=ticket))["type"] == "welcome"
    async with knocking(server) as screen:
        assert (await screen.client.ask("hello", ticket=ticket))["code"] == "ticket_used"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{}", "malformed"),
        ("[1]", "malformed"),
        ('{"type": "got", "id": "5f0c7a52-6a36-4f0e-9d0a-0d7f4b3f2c11", "count": -1}', "malformed"),
        ('{"type": "got", "id": "5f0c7a52-6a36-4f0e-9d0a-0d7f4b3f2c11", "count": 1}', "hello_first"),
        ('{"type": "beat", "id": "5f0c7a52-6a36-4f0e-9d0a-0d7f4b3f2c11"}', "malformed"),
        (b"\x00\x00", "malformed"),
        (" " * 9000, "too_big"),
    ],
)
async def test_bad_frames_are_refused_with_a_code(server, frame, code):
    async with knocking(server) as screen:
        await screen.socket.send(frame)
        answer = await screen.frame()

    assert (answer["type"], answer["code"]) == ("error", code)
