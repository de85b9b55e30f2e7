"""The uvicorn worker: frames that are shared by many sockets equal those written to each alone."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
import websockets

from lms.uvicorn_worker import configuration
from tests.waiting import becomes_true


class Hall:
    """An application that keeps what each socket may be sent by."""

    def __init__(self) -> None:
        self.sends: list[Any] = []
        self.arrived = asyncio.Semaphore(0)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self.sends.append(send)
        self.arrived.release()
        while (await receive())["type"] != "websocket.disconnect":
            pass

    async def say(self, message: dict[str, Any]) -> None:
        for send in self.sends:
            await send(message)


@pytest.fixture
async def hall() -> AsyncIterator[tuple[Hall, str]]:
    hall = Hall()
    settings = configuration(["-p", "0", "-v", "0", "tests.project.test_shared_frames:Hall"])
    settings.app = hall
    server = uvicorn.Server(settings)
    running = asyncio.create_task(server.serve())
    await becomes_true(lambda: server.started)
    yield hall, f"ws://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    await running


# Around the lengths where the head of a frame grows (RFC 6455, section 5.2).
@pytest.mark.parametrize("length", [0, 125, 126, 65535, 65536, 300_000])
async def test_a_shared_text_arrives_whole_and_in_its_order_at_every_socket(hall, length):
    application, address = hall
    text = ("م" if length % 2 else "a") * length
    shared = {"type": "websocket.send", "text": text, "wire": None}
    async with (
        websockets.connect(address, proxy=None) as one,
        websockets.connect(address, proxy=None) as other,
    ):
        for _ in range(2):
            await application.arrived.acquire()
        await application.say({"type": "websocket.send", "text": "before"})
        await application.say(shared)
        await application.say(shared)
        await application.say({"type": "websocket.send", "text": "after"})

        for socket in (one, other):
            assert [await socket.recv() for _ in range(4)] == ["before", text, text, "after"]
    assert shared["wire"].endswith(text.encode())


async def test_a_socket_that_is_being_closed_gets_no_shared_text(hall):
    application, address = hall
    async with websockets.connect(address, proxy=None) as socket:
        await application.arrived.acquire()
        await application.say({"type": "websocket.close", "code": 4408})
        with pytest.raises(RuntimeError):
            await application.say({"type": "websocket.send", "text": "late", "wire": None})

        with pytest.raises(websockets.ConnectionClosedError) as closed:
            await socket.recv()
    assert closed.value.rcvd.code == 4408
