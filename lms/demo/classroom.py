"""A participant of a live class, with a websocket client that is independent of our own code."""

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from lms.demo.browser import Browser, StepFailedError

ANSWER_SECONDS = 20


class Participant:
    """One person in the room: says hello with a ticket, sends commands, collects the room's events by `seq`."""

    def __init__(self, browser: Browser, room: str) -> None:
        self.browser = browser
        self.room = room
        self.device = str(uuid.uuid4())
        self.events: dict[int, dict[str, Any]] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.socket: ClientConnection | None = None
        self.reader: asyncio.Task[None] | None = None
        self.news = asyncio.Condition()

    async def enter(self) -> dict[str, Any]:
        """Join, or join again after the connection was lost: missed events are replayed."""
        ticket = await asyncio.to_thread(self.browser.post_json, f"/ar/live/{self.room}/ticket/")
        site = urlsplit(self.browser.site)
        self.socket = await connect(
            f"ws://{site.netloc}/ws/live/", origin=Origin(f"{site.scheme}://{site.netloc}"), proxy=None
        )
        self.reader = asyncio.create_task(self._read(self.socket))
        hello: dict[str, Any] = {"ticket": ticket["ticket"], "device": self.device}
        if self.events:
            hello["since"] = max(self.events)
        return await self.send_command("hello", **hello)

    async def leave(self) -> None:
        if self.socket and self.reader:
            await self.socket.close()
            await self.reader

    async def send_command(self, kind: str, **facts: Any) -> dict[str, Any]:
        """Send a command and wait for its answer. A command that was not answered can be sent again: its id is kept."""
        if self.socket is None:
            raise StepFailedError("this participant has not joined yet")
        command = {"type": kind, "id": str(uuid.uuid4()), **facts}
        await self.socket.send(json.dumps(command))
        answer = await self._until(lambda: self.answers.get(command["id"]), f"an answer to {kind}")
        if answer["type"] == "error":
            raise StepFailedError(f"{kind} was refused: {answer['code']} {answer['message']}")
        return answer

    async def wait_for_event(self, kind: str, **facts: Any) -> dict[str, Any]:
        """Wait for an event of this kind that carries these facts."""

        def found() -> dict[str, Any] | None:
            for event in self.events.values():
                if event["kind"] == kind and all(event.get(name) == fact for name, fact in facts.items()):
                    return event
            return None

        return await self._until(found, f"the event {kind}")

    async def _until(self, found: Callable[[], dict[str, Any] | None], what: str) -> dict[str, Any]:
        async with self.news:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await self.news.wait_for(lambda: found() is not None)
            except TimeoutError as error:
                raise StepFailedError(f"the live class never sent {what}") from error
            answer = found()
            assert answer is not None  # noqa: S101 - what was just waited for
            return answer

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for text in socket:
                frame = json.loads(text)
                async with self.news:
                    if frame["type"] == "events":
                        self.events.update({event["seq"]: event for event in frame["events"]})
                    elif frame.get("id"):
                        self.answers[frame["id"]] = frame
                    self.news.notify_all()
        except ConnectionClosed:
            return
