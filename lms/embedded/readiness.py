"""Whether a web process is ready, and its replacement when it is not: in the embedded mode and in a container."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg

from lms.embedded.supervisor import Process, log_line

READY_SECONDS = 90
READINESS_WATCH_SECONDS = 5
UNREADY_SECONDS = 30
# How long one answer of the site or of the database is waited for.
ANSWER_SECONDS = 10
# Three exits before the first answer are an error.
FALLS_ALLOWED = 3


class ServeError(Exception):
    """The site cannot be served; the message says in one line what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a web process listens on loopback, and the public address of the site it serves."""

    port: int
    site_url: str

    def request(self, path: str) -> bytes:
        """A request as the proxy sends it: the site answers by its own name and, in production, over HTTPS only."""
        site = urlsplit(self.site_url)
        lines = (f"GET {path} HTTP/1.1", f"Host: {site.netloc}", f"X-Forwarded-Proto: {site.scheme}")
        return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


async def answers(address: Address, path: str = "/healthz") -> bool:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", address.port)
            with contextlib.closing(writer):
                writer.write(address.request(path))
                return b" 200 " in await reader.readline()
    except (OSError, TimeoutError):
        return False


async def database_answers(url: str) -> bool:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            connection = await psycopg.AsyncConnection.connect(url)
            async with connection:
                await connection.execute("SELECT 1")
    except (OSError, TimeoutError, psycopg.Error):
        return False
    return True


async def until_answering(address: Address, processes: Sequence[Process]) -> None:
    """Wait for the first answer. Raises ServeError when the process keeps exiting, or without an answer in READY_SECONDS."""
    deadline = time.monotonic() + READY_SECONDS
    while not await answers(address):
        fallen = next((process for process in processes if process.falls >= FALLS_ALLOWED), None)
        if fallen:
            raise ServeError(f"{fallen.name} does not start: {' | '.join(list(fallen.recent)[-3:])}")
        if time.monotonic() > deadline:
            raise ServeError(f"The site did not answer within {READY_SECONDS} s: see {processes[0].log}.")
        await asyncio.sleep(0.2)


async def keep_ready(web: Process, address: Address, *, database_url: str) -> None:
    """Replace the web process when it has not been ready for `UNREADY_SECONDS` although the database answers.

    While the database is away a new process would not be ready either, and the sockets of this one would be lost. A
    process that was started again has `READY_SECONDS` more.
    """
    ready_at, falls = time.monotonic(), web.falls
    while True:
        await asyncio.sleep(READINESS_WATCH_SECONDS)
        if await answers(address, "/readyz") or not await database_answers(database_url):
            ready_at = time.monotonic()
        elif web.falls != falls:
            ready_at, falls = time.monotonic() + READY_SECONDS, web.falls
        elif time.monotonic() - ready_at > UNREADY_SECONDS:
            log_line(web.name, f"was not ready for {UNREADY_SECONDS} s; it is replaced")
            web.kill()
            ready_at = time.monotonic()
