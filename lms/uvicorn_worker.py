"""uvicorn for websocket workers with big rooms: a delivery costs it a half to a third of what it costs daphne.

It is started by ``python -m lms.webserver`` where `SOCKET_SERVER` says so, with the words daphne understands, and it
streams bodies by itself.
"""

import argparse
from collections.abc import Sequence

import uvicorn

# As daphne's: the application closes far smaller frames with a code that says why.
FRAME_BYTES = 1024 * 1024
PING_SECONDS = 20
PONG_SECONDS = 30
# Lines that are still open when the worker has to go; the pages come back by themselves.
GOODBYE_SECONDS = 5


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
        ws="websockets-sansio",
        ws_max_size=FRAME_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PONG_SECONDS,
        # Small frames: compressing each for each socket costs more than everything else together.
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=GOODBYE_SECONDS,
        server_header=False,
    )


def serve(words: Sequence[str]) -> None:
    uvicorn.Server(configuration(words)).run()
