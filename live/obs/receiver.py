"""Runs the listening program: its keys, and the inbox of each caller."""

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from live.obs.program import CLOSED, DATA, HEAD, LISTENING, OPENED
from media_pipeline.services.live_streams import Limits, sandboxed_listener

logger = logging.getLogger(__name__)

PROGRAM = Path(__file__).with_name("program.py")
# A month of forwarding; it is restarted after any exit.
LIMITS = Limits(cpu_seconds=30 * 24 * 3600, file_bytes=1024**2, memory_bytes=4 * 1024**3, nice=0)
MOST_CALLERS = 64
# A caller with more unread bytes, whose ffmpeg does not keep up, is disconnected.
INBOX_BYTES = 8 * 1024**2
PAUSE_SECONDS = 1.0
TAIL_BYTES = 2000


class Inbox:
    """The unread bytes of one caller. Empty bytes mark the end."""

    def __init__(self) -> None:
        self._blocks: asyncio.Queue[bytes] = asyncio.Queue()
        self.size = 0
        self.received = 0
        self.has_ended = False

    def put(self, block: bytes) -> None:
        self.size += len(block)
        self.received += len(block)
        self._blocks.put_nowait(block)

    def end(self) -> None:
        if not self.has_ended:
            self.has_ended = True
            self._blocks.put_nowait(b"")

    async def get(self) -> bytes:
        block = await self._blocks.get()
        self.size -= len(block)
        return block


class OnCaller(Protocol):
    def __call__(self, *, stream: str, inbox: Inbox, disconnect_sender: Callable[[], None]) -> None: ...


class Receiver:
    """`on_caller` is called for each caller that knew the passphrase of its stream; it must not block."""

    def __init__(self, *, address: str, port: int, folder: Path, on_caller: OnCaller) -> None:
        self.address = address
        self.port = port
        self.folder = folder
        self.on_caller = on_caller
        self.process: asyncio.subprocess.Process | None = None
        self._keys: dict[str, str] = {}
        self._inboxes: dict[int, Inbox] = {}

    async def run(self) -> None:
        """Keep it running until this is canceled."""
        self.folder.mkdir(parents=True, exist_ok=True)
        while True:
            await self._run_once()
            await asyncio.sleep(PAUSE_SECONDS)

    def allow(self, keys: Mapping[str, str]) -> None:
        """Accept these streams, with these passphrases, and no others: callers of other streams are disconnected."""
        if self._keys != keys:
            self._keys = dict(keys)
            self._send_command({"keys": self._keys})

    def _send_command(self, command: dict[str, object]) -> None:
        if self.process and self.process.stdin and not self.process.stdin.is_closing():
            self.process.stdin.write(json.dumps(command).encode() + b"\n")

    async def _run_once(self) -> None:
        argv = [sys.executable, "-I", "-S", str(PROGRAM), self.address, str(self.port), str(MOST_CALLERS)]
        command, environment = await asyncio.to_thread(
            sandboxed_listener,
            argv,
            folder=self.folder,
            limits=LIMITS,
            readable=[PROGRAM, Path(sys.base_prefix)],
        )
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=self.folder,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        self.process = process
        self._send_command({"keys": self._keys})
        listening = asyncio.ensure_future(_tail_of(process))
        try:
            with suppress(asyncio.IncompleteReadError):
                await self._read_frames(process)
        finally:
            self.process = None
            for inbox in self._inboxes.values():
                inbox.end()
            self._inboxes.clear()
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
            tail = await listening
        logger.warning("The SRT listener exited and is restarted: %s", tail)

    async def _read_frames(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None  # noqa: S101 - asked for above
        while True:
            kind, number, length = HEAD.unpack(await process.stdout.readexactly(HEAD.size))
            body = await process.stdout.readexactly(length) if length else b""
            inbox = self._inboxes.get(number)
            if kind == LISTENING:
                logger.info("Listening for OBS on %s:%s (SRT).", self.address, self.port)
            elif kind == OPENED:
                self._open(number, body.decode())
            elif kind == DATA and inbox:
                inbox.put(body)
                if inbox.size > INBOX_BYTES:
                    logger.warning(
                        "An SRT caller is disconnected: it sends more than this server can process."
                    )
                    self._disconnect(number)
            elif kind == CLOSED and inbox:
                inbox.end()
                del self._inboxes[number]

    def _open(self, number: int, stream: str) -> None:
        inbox = self._inboxes[number] = Inbox()
        self.on_caller(stream=stream, inbox=inbox, disconnect_sender=lambda: self._disconnect(number, inbox))

    def _disconnect(self, number: int, inbox: Inbox | None = None) -> None:
        # After a new start its number may be another caller's.
        if inbox is None or self._inboxes.get(number) is inbox:
            self._send_command({"close": number})


async def _tail_of(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None  # noqa: S101 - asked for above
    tail = b""
    while said := await process.stderr.read(4096):
        tail = (tail + said)[-TAIL_BYTES:]
    return tail.decode("utf-8", "replace").strip()
