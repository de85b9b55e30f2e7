"""A cohort with a class going on, its people, and a real server with real sockets."""

import asyncio
import datetime as dt
import json
import os
import socket
import subprocess
import sys
import uuid
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import websockets
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone
from playwright.sync_api import Browser

from accounts.enums import RoleName
from accounts.models import User
from courses.models import Enrollment
from live.models import Event, LiveSession
from live.queries.video import stream_path
from live.services.sessions import open_room
from live.services.tickets import issue_ticket
from media_pipeline.services.live_streams import live_stream_folders
from tests.chromium import DEVICES, launched, left_closed
from tests.factories.accounts import MembershipFactory, TraineeFactory
from tests.factories.courses import EnrollmentFactory
from tests.factories.live import LiveSessionFactory, OpenLiveSessionFactory
from tests.live.browser_broadcast import shown_by
from tests.live.shortening import shortened
from tests.live.simulated_attendance import Clock
from tests.served_site import database_url, free_port, until_served

ROOT = Path(__file__).resolve().parents[2]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Add the log of the room and the contents of its pages to the report of a failed test."""
    report = yield
    things = getattr(item, "funcargs", {})
    if report.when == "call" and report.failed:
        if isinstance(session := things.get("session"), LiveSession):
            report.sections.append(("Log of the room", log_of(session)))
        if isinstance(devices := things.get("devices"), Browser):
            report.sections.append(("Pages of the room", shown_by(devices)))
    return report


def log_of(session: LiveSession) -> str:
    try:
        events = list(Event.objects.filter(session_id=session.pk).order_by("seq"))
    except DatabaseError as error:
        # What failed may have broken the transaction, or ended the server.
        return f"It cannot be read: {error}"
    return "\n".join(f"{one.created_at:%H:%M:%S.%f} {one.seq} {one.kind} {one.payload}" for one in events)


def enrolled(session: LiveSession, **fields: Any) -> User:
    """A trainee of the session's cohort, with a login."""
    user = TraineeFactory(**fields)
    EnrollmentFactory(person=user.person, cohort=session.class_session.cohort)
    return user


def instructor_of(session: LiveSession) -> User:
    return MembershipFactory(role=RoleName.INSTRUCTOR, center=session.class_session.cohort.center).user


def enrollment_of(user: User) -> Enrollment:
    return Enrollment.objects.get(person=user.person)


@pytest.fixture
def planned(db: None) -> LiveSession:
    """A class that has not been opened."""
    return LiveSessionFactory()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(timezone.now().replace(microsecond=0))
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def opened(clock: Clock, planned: LiveSession) -> LiveSession:
    """A class of an hour and a half, opened at 0 by its instructor."""
    meeting = planned.class_session
    meeting.starts_at = clock.start
    meeting.ends_at = clock.start + dt.timedelta(minutes=90)
    meeting.save()
    open_room(session_id=planned.pk, by=instructor_of(planned))
    planned.refresh_from_db()
    return planned


@pytest.fixture
def session(db: None) -> LiveSession:
    """A class going on."""
    return OpenLiveSessionFactory()


@pytest.fixture
def folders(session: LiveSession) -> tuple[Path, Path]:
    """Where the class is served from, and where what is sent waits."""
    return live_stream_folders(stream_path(session))


@pytest.fixture
def trainee(session: LiveSession) -> User:
    return enrolled(session)


@pytest.fixture
def instructor(session: LiveSession) -> User:
    return instructor_of(session)


@pytest.fixture(scope="session")
def browser_with_devices(one_browser: Browser) -> Iterator[Browser]:
    flags = [
        "--autoplay-policy=no-user-gesture-required",
        "--auto-select-desktop-capture-source=Entire screen",
        # Media also uses only the loopback interface.
        "--allow-loopback-in-peer-connection",
        "--disable-features=WebRtcHideLocalIpsWithMdns",
    ]
    with launched(one_browser.browser_type, *DEVICES, *flags) as browser:
        yield browser


@pytest.fixture
def devices(browser_with_devices: Browser) -> Iterator[Browser]:
    """A browser with a fake camera and microphone, permitted without a prompt."""
    with left_closed(browser_with_devices) as browser:
        yield browser


class Client:
    """A member's socket, spoken to as a browser does. Events and errors are kept as they come."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.events: list[dict[str, Any]] = []
        self.welcome: dict[str, Any] = {}
        self.errors: list[dict[str, Any]] = []
        self.unread: defaultdict[str, deque[dict[str, Any]]] = defaultdict(deque)

    @property
    def last(self) -> int:
        return self.events[-1]["seq"] if self.events else self.welcome["seq"]

    async def command(self, kind: str, **facts: Any) -> str:
        command_id = facts.pop("id", None) or str(uuid.uuid4())
        await self.socket.send(json.dumps({"type": kind, "id": command_id, **facts}))
        return command_id

    async def frame(self, within: float = 5) -> dict[str, Any]:
        frame = json.loads(await asyncio.wait_for(self.socket.recv(), within))
        if frame["type"] == "events":
            self.events += frame["events"]
        elif frame["type"] == "welcome":
            self.welcome = frame
        elif frame["type"] == "error":
            self.errors.append(frame)
        elif frame["type"] == "passing":
            self.unread[frame["kind"]].append(frame)
        return frame

    async def answer(self, command_id: str) -> dict[str, Any]:
        while True:
            frame = await self.frame()
            if frame.get("id") == command_id:
                return frame

    async def ask(self, kind: str, **facts: Any) -> dict[str, Any]:
        return await self.answer(await self.command(kind, **facts))

    async def until(self, seq: int, within: float = 10) -> list[dict[str, Any]]:
        """Wait for event `seq`; return everything received so far."""
        async with asyncio.timeout(within):
            while not self.events or self.events[-1]["seq"] < seq:
                await self.frame(within)
        return self.events

    async def passing(
        self, kind: str, until: Callable[[dict[str, Any]], bool] = bool, within: float = 10
    ) -> list[dict[str, Any]]:
        """Ephemeral frames of `kind` not read yet, also those passed while an answer was awaited, until one fits."""
        frames: list[dict[str, Any]] = []
        async with asyncio.timeout(within):
            while not frames or not until(frames[-1]):
                while not self.unread[kind]:
                    await self.frame(within)
                frames.append(self.unread[kind].popleft())
        return frames

    async def closed(self, within: float = 10) -> int:
        """Read until the server closes; return its close code."""
        async with asyncio.timeout(within):
            while True:
                try:
                    await self.frame(within)
                except websockets.ConnectionClosed as error:
                    return error.rcvd.code if error.rcvd else 1006


class Server:
    """A server process on the test database."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port = port
        self.process = process
        self.origin = f"http://127.0.0.1:{port}"
        self.url = f"ws://127.0.0.1:{port}/ws/live/"

    @asynccontextmanager
    async def socket(self, origin: str | None = None) -> AsyncIterator[Client]:
        async with websockets.connect(self.url, origin=origin or self.origin, proxy=None) as connection:
            yield Client(connection)

    @asynccontextmanager
    async def member(
        self, session: LiveSession, user: User, *, since: int | None = None, device: str = "device-1"
    ) -> AsyncIterator[Client]:
        """An admitted socket."""
        ticket = await db(ticket_for, session, user)
        async with self.socket() as client:
            await client.ask("hello", ticket=ticket, device=device, since=since)
            yield client

    async def refuses(self, ticket: str) -> tuple[str, int]:
        """How the ticket is refused: the error's code and the close code."""
        async with self.socket() as client:
            answer = await client.ask("hello", ticket=ticket, device="device-1")
            return answer["code"], await client.closed()


def ticket_for(session: LiveSession, user: User) -> str:
    return issue_ticket(session=session, user=user, language="en")


async def db(function: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    """Call `function` in a thread that gives its database connection back."""
    return await database_sync_to_async(function, thread_sensitive=False)(*args, **facts)


def start_server(**environment: str) -> Server:
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "lms.webserver",
            "-b",
            "127.0.0.1",
            "-p",
            str(port),
            "tests.live.asgi:application",
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            # Shared by all processes of a site; a process with its own folder would treat missing files as lost.
            "PRIVATE_ROOT": str(settings.PRIVATE_ROOT),
            "DATABASE_URL": database_url(),
            **environment,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if not os.environ.get("SHOW_SERVER") else None,
    )
    server = Server(port, process)
    try:
        until_served(port, process)
    except AssertionError:
        stop_server(server)
        raise
    return server


def stop_server(server: Server) -> None:
    server.process.terminate()
    try:
        server.process.wait(10)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


@pytest.fixture(params=["daphne", "uvicorn"])
def server_with_silent_redis(request: pytest.FixtureRequest, django_db_setup: None) -> Iterator[Server]:
    """A server whose Redis takes connections and answers nothing: its own sockets get an event half a second before its
    command is acknowledged. It tries to notify every time, even just after a failure."""
    with socket.create_server(("127.0.0.1", 0)) as redis:
        address = f"redis://127.0.0.1:{redis.getsockname()[1]}/0"
        rings = shortened({"live.hub.notifier.SILENT_SECONDS": 0})
        server = start_server(SOCKET_SERVER=request.param, REDIS_URL=address, **rings)
        yield server
        stop_server(server)


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[Server]:
    server = start_server()
    yield server
    stop_server(server)
