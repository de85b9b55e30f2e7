"""What the tests of the media server share: the server itself, a site that uses it, and browsers made of aiortc."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import requests
from aioice import ice
from aiortc import (
    AudioStreamTrack,
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)
from django.test import Client

from accounts.models import User
from live.models import LiveSession
from tests.live.conftest import ROOT, Server, db, start_server, stop_server
from tests.served_site import free_port, until_served
from tests.waiting import becomes_true

MEDIA_TOKEN = "a-token-that-no-browser-may-see"
CSRF = "t" * 32
# Without this, aiortc asks a public STUN server.
NO_HELPERS = RTCConfiguration(iceServers=[])

# Use only the loopback interface.
ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]


class MediaProcess:
    """tests.live.whip.media_server in a process of its own."""

    def __init__(
        self, places: str = "relative", *, port: int | None = None, handshake_seconds: float = 6
    ) -> None:
        self.port = port or free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.live.whip.media_server", str(self.port), MEDIA_TOKEN, places),
                str(handshake_seconds),
            ],
            cwd=ROOT,
        )
        until_served(self.port, self.process)

    def sessions(self) -> dict[str, dict[str, str]]:
        return requests.get(f"{self.origin}/state", timeout=10).json()["sessions"]

    def ways(self) -> list[str]:
        return sorted(one["way"] for one in self.sessions().values())

    def address(self, way: str) -> str:
        return f"{self.origin}/{{stream}}/{way}"

    def stop(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def media() -> Iterator[MediaProcess]:
    process = MediaProcess()
    yield process
    process.stop()


def site_with(media: MediaProcess, **environment: str) -> Server:
    return start_server(
        LIVE_MEDIA_BACKEND="whip",
        LIVE_WHIP_ADDRESS=media.address("whip"),
        LIVE_WHEP_ADDRESS=media.address("whep"),
        LIVE_MEDIA_TOKEN=MEDIA_TOKEN,
        **environment,
    )


@pytest.fixture(scope="session")
def whip_site(django_db_setup: None, media: MediaProcess) -> Iterator[Server]:
    server = site_with(media)
    yield server
    stop_server(server)


async def until(condition: Callable[[], Any], seconds: float = 20) -> Any:
    """Wait for an effect of another process; `condition` may block."""
    async with asyncio.timeout(seconds):
        while not (found := await db(condition)):  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.1)
        return found


class Page:
    """The HTTP requests of a login's page."""

    def __init__(self, site: Server, session: LiveSession, user: User, device: str = "device-1") -> None:
        client = Client()
        client.force_login(user)
        self.site = site
        self.base = f"{site.origin}/en/live/{session.class_session.public_id}/"
        self.device = device
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.cookies.update({"sessionid": client.cookies["sessionid"].value, "csrftoken": CSRF})
        self.http.headers["X-CSRFToken"] = CSRF

    def offer(self, way: str, offer: str | bytes, **query: str) -> requests.Response:
        return self.http.post(
            f"{self.base}{way}/",
            params={"device": self.device, **query},
            data=offer.encode() if isinstance(offer, str) else offer,
            headers={"Content-Type": "application/sdp"},
            timeout=30,
            allow_redirects=False,
        )

    def end(self, place: str) -> int:
        return self.http.delete(self.site.origin + place, timeout=30).status_code


async def page_of(site: Server, session: LiveSession, user: User, device: str = "device-1") -> Page:
    return await db(Page, site, session, user, device)


@asynccontextmanager
async def peer() -> AsyncIterator[RTCPeerConnection]:
    connection = RTCPeerConnection(NO_HELPERS)
    try:
        yield connection
    finally:
        await connection.close()


async def offered(connection: RTCPeerConnection) -> str:
    """The offer of a connection, with its candidates."""
    await connection.setLocalDescription(await connection.createOffer())
    return connection.localDescription.sdp


async def an_offer() -> str:
    async with peer() as connection:
        connection.addTransceiver("video", direction="recvonly")
        connection.addTransceiver("audio", direction="recvonly")
        return await offered(connection)


async def connected(connection: RTCPeerConnection, answer: requests.Response) -> None:
    assert answer.status_code == 201, answer.text
    await connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
    await becomes_true(lambda: connection.connectionState == "connected")


class Frames:
    """Counts the pictures that come."""

    def __init__(self, track: MediaStreamTrack) -> None:
        self.count = 0
        self.task = asyncio.ensure_future(self._take(track))

    async def _take(self, track: MediaStreamTrack) -> None:
        while True:
            await track.recv()
            self.count += 1

    async def more(self) -> None:
        before = self.count
        await becomes_true(lambda: self.count >= before + 3)

    async def stop(self) -> None:
        """Wait until no picture has come for half a second, in which fifteen would have."""
        async with asyncio.timeout(20):
            seen = -1
            while seen != self.count:
                seen = self.count
                await asyncio.sleep(0.5)


@asynccontextmanager
async def sending(page: Page, **query: str) -> AsyncIterator[requests.Response]:
    """An instructor on air, as the media server reports it."""
    async with peer() as connection:
        connection.addTrack(VideoStreamTrack())
        connection.addTrack(AudioStreamTrack())
        offer = await offered(connection)
        answer = await asyncio.to_thread(page.offer, "whip", offer, **query)
        await connected(connection, answer)
        yield answer


@asynccontextmanager
async def watching(page: Page) -> AsyncIterator[tuple[requests.Response, Frames]]:
    """A trainee who sees pictures."""
    async with peer() as connection:
        came: list[MediaStreamTrack] = []
        connection.on("track", came.append)
        connection.addTransceiver("video", direction="recvonly")
        connection.addTransceiver("audio", direction="recvonly")
        offer = await offered(connection)
        answer = await asyncio.to_thread(page.offer, "whep", offer)
        await connected(connection, answer)
        frames = Frames(next(track for track in came if track.kind == "video"))
        try:
            yield answer, frames
        finally:
            frames.task.cancel()


def code_of(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, json.loads(answer.text)["code"]
