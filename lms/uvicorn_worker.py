"""uvicorn for websocket workers with big rooms: a delivery costs it a half to a third of what it costs daphne.

``python -m lms.webserver`` starts it where `SOCKET_SERVER` is `uvicorn`, with the command line of daphne. It streams
bodies by itself.
"""

import argparse
from collections.abc import Sequence
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State

# As daphne's: the application closes far smaller frames with a code that says why.
FRAME_BYTES = 1024 * 1024
PING_SECONDS = 20
PONG_SECONDS = 30
# Seconds for connections that are still open when the worker stops; pages reconnect by themselves.
SHUTDOWN_GRACE_SECONDS = 5


class SharingProtocol(WebSocketsSansIOProtocol):
    """Writes an event that goes to a whole room as bytes made once, which is what `websockets.broadcast` does.

    Such an event has a key `wire`. Frames of a server are not masked (RFC 6455, section 5.1) and ours are not compressed, so
    those of one text are the same for every socket.
    """

    async def send(self, message: Any) -> None:
        is_ready = self.writable.is_set() and self.conn.state is State.OPEN and not self.disconnected
        if "wire" not in message or not is_ready:
            await super().send(message)
            return
        wire = message["wire"]
        if wire is None:
            data = message["text"].encode()
            wire = message["wire"] = Frame(Opcode.TEXT, data).serialize(mask=False)
        self.transport.write(wire)


def configuration(words: Sequence[str]) -> uvicorn.Config:
    parser = argparse.ArgumentParser(prog="python -m lms.webserver", description=__doc__)
    parser.add_argument("-b", "--bind", default="127.0.0.1")
    parser.add_argument("-p", "--port", type=int, default=8000)
    parser.add_argument("--proxy-headers", action="store_true")
    parser.add_argument("-v", "--verbosity", type=int, default=1)
    parser.add_argument("application")
    arguments = parser.parse_args(words)
    return uvicorn.Config(
        arguments.application,
        host=arguments.bind,
        port=arguments.port,
        # Only the proxy reaches this port.
        proxy_headers=arguments.proxy_headers,
        forwarded_allow_ips="*" if arguments.proxy_headers else None,
        access_log=arguments.verbosity > 1,
        log_level="info" if arguments.verbosity > 1 else "warning",
        lifespan="off",
        loop="asyncio",
        # Reads a peer's next frame when the last one was taken.
        ws=SharingProtocol,
        ws_max_size=FRAME_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PONG_SECONDS,
        # Small frames: compressing each for each socket costs more than everything else together.
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=SHUTDOWN_GRACE_SECONDS,
        server_header=False,
    )


def serve(words: Sequence[str]) -> None:
    uvicorn.Server(configuration(words)).run()
