"""Clients like lms/assets/js/room/connection.js: a ticket, a socket, reconnects."""

import asyncio
import json
import random
import uuid
from collections.abc import Callable
from typing import Any

import requests
import websockets

from tests.live.conftest import Server

BEAT_SECONDS = 15
ANSWER_SECONDS = 10
CONFIRM_EVENTS = 200
TOKEN = "t" * 32


class Phone:
    """One member. `heard` is every event in the order it came, over all sockets together."""

    def __init__(self, login: str, ticket_path: str, pick: Callable[[], Server]) -> None:
        self.login = login
        self.ticket_path = ticket_path
        self.pick = pick
        self.since: int | None = None
        self.confirmed = 0
        self.heard: list[tuple[int, str | None]] = []
        self.drops: list[str] = []
        self.is_resynced = False
        self.socket: websockets.ClientConnection | None = None
        self.is_in = asyncio.Event()
        # Seconds to stay away after the next drop, as in a tunnel.
        self.away = 0.0
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}

    # --- Connection --------------------------------------------------------------------------------------------

    async def live(self) -> None:
        attempts = 0
        while True:
            try:
                await self._stay()
            except (OSError, TimeoutError, requests.RequestException, websockets.WebSocketException) as error:
                self.drops.append(type(error).__name__)
            if self.is_in.is_set():
                attempts = 0
            self.is_in.clear()
            self.socket = None
            for answer in self._answers.values():
                answer.cancel()
            self._answers.clear()
            away, self.away = self.away, 0.0
            await asyncio.sleep(away or 0.5 + random.random() * (min(30, 2**attempts) - 0.5))
            attempts += 1

    def _ticket(self, server: Server) -> str:
        answer = requests.post(
            f"{server.origin}{self.ticket_path}",
            headers={"X-CSRFToken": TOKEN},
            cookies={"sessionid": self.login, "csrftoken": TOKEN},
            allow_redirects=False,
            timeout=10,
        )
        answer.raise_for_status()
        return answer.json()["ticket"]

    async def _stay(self) -> None:
        server = self.pick()
        ticket = await asyncio.to_thread(self._ticket, server)
        async with websockets.connect(
            server.url, origin=server.origin, proxy=None, close_timeout=1
        ) as socket:
            self.socket = socket
            beating = asyncio.create_task(self._beat(socket))
            try:
                await self._send("hello", ticket=ticket, device="device-1", since=self.since)
                # A socket that is silent for longer than a heartbeat and its answer take is dead.
                while True:
                    self._hear(
                        json.loads(await asyncio.wait_for(socket.recv(), BEAT_SECONDS + ANSWER_SECONDS))
                    )
                    if self.since is not None and self.since - self.confirmed >= CONFIRM_EVENTS:
                        self.confirmed = self.since
                        await self._send("seen", seen=self.since)
            finally:
                beating.cancel()

    async def _beat(self, socket: websockets.ClientConnection) -> None:
        await self.is_in.wait()
        while True:
            self.confirmed = self.since or 0
            await self._send("beat", seen=self.confirmed)
            await asyncio.sleep(BEAT_SECONDS)

    async def _send(self, kind: str, command_id: str | None = None, **facts: Any) -> None:
        if self.socket is not None:
            await self.socket.send(json.dumps({"type": kind, "id": command_id or str(uuid.uuid4()), **facts}))

    def _hear(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "welcome":
            self.is_resynced |= frame["resync"]
            if self.since is None:
                self.since = frame["seq"]
            self.confirmed = self.since
            self.is_in.set()
        elif frame["type"] == "events":
            for event in frame["events"]:
                self.heard.append((event["seq"], event.get("text")))
                self.since = event["seq"]
        elif frame.get("id") in self._answers:
            self._answers.pop(frame["id"]).set_result(frame)

    def drop(self, *, away: float = 0.0) -> None:
        """Drop the connection without a close frame."""
        self.away = away
        if self.socket is not None:
            self.socket.transport.abort()

    # --- Messages ---------------------------------------------------------------------------------------------

    async def say(self, text: str) -> tuple[str, int]:
        """Send until it is acknowledged, always under the same id. Return (id, sequence number)."""
        command_id = str(uuid.uuid4())
        while True:
            await self.is_in.wait()
            answer = self._answers[command_id] = asyncio.get_running_loop().create_future()
            try:
                await self._send("chat.send", command_id, text=text)
                async with asyncio.timeout(ANSWER_SECONDS):
                    frame = await answer
            except (TimeoutError, asyncio.CancelledError, websockets.WebSocketException):
                if (task := asyncio.current_task()) and task.cancelling():
                    raise
                self._answers.pop(command_id, None)
                await asyncio.sleep(0.2)
                continue
            if frame["type"] == "ack":
                return command_id, frame["seq"]
            assert frame["code"] in {"too_fast", "unavailable"}, frame
            await asyncio.sleep(1)
