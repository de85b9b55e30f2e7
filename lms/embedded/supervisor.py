"""Keeps the processes of one machine running: starts them, prefixes their output, restarts those that end, stops all."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

PATIENCE_SECONDS = 6
LONGEST_PAUSE_SECONDS = 30
# A log that has grown so far becomes the older one, of which one is kept.
LOG_BYTES = 5_000_000
PR_SET_PDEATHSIG = 1
# The first signal ends everything; later ones are ignored while processes stop.
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def log_line(name: str, line: str) -> None:
    """One line of what happens, on the error stream: the output stream belongs to the command that is run."""
    # A full disk or a closed terminal loses lines, not the site.
    with contextlib.suppress(OSError):
        print(f"{name:>8} | {line}", file=sys.stderr, flush=True)


def die_with_parent() -> Callable[[], None] | None:
    """Runs in the child before exec: Linux ends it when the supervisor is killed."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask


class Process:
    """One program that is to run as long as the supervisor does, in a process group of its own."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.command = command
        self.environment = environment
        self.log = log
        self.is_quiet = False
        self.recent: deque[str] = deque(maxlen=20)
        self.falls = 0
        self._group: int | None = None
        self._is_stopping = False

    async def keep_running(self) -> None:
        """Run the program and start it again, after a growing pause, whenever it ends by itself."""
        pause = 0.0
        while not self._is_stopping:
            started = time.monotonic()
            try:
                end = ending(await self._run_once())
            except OSError as error:
                # No memory, process or file descriptor was to be had.
                end = f"not started: {error}"
            if self._is_stopping:
                return
            self.falls += 1
            lived = time.monotonic() - started
            pause = 0.0 if lived > LONGEST_PAUSE_SECONDS else min(LONGEST_PAUSE_SECONDS, pause * 2 or 0.5)
            log_line(self.name, f"ended ({end}); starting it again in {pause:.1f} s")
            await asyncio.sleep(pause)

    async def _run_once(self) -> int:
        # A pipe of our own: with asyncio's, the wait for the program would last as long as its children hold it.
        for_us, for_them = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *self.command,
                env=dict(self.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=for_them,
                stderr=for_them,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        finally:
            os.close(for_them)
        self._group = process.pid
        if self._is_stopping:
            # Asked while it started, when there was nothing to ask yet.
            self.stop()
        output = asyncio.create_task(self._pass_on(for_us))
        try:
            return await process.wait()
        finally:
            # The rest of its group (pool children of a killed worker) must not run at the same time as the next one.
            self.kill()
            self._group = None
            await process.wait()
            await asyncio.wait([output], timeout=1)
            output.cancel()

    async def _pass_on(self, pipe: int) -> None:
        output = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(output), os.fdopen(pipe, "rb")
        )
        with contextlib.closing(transport):
            while raw := await next_line(output):
                self._write(raw)
                line = raw.decode(errors="replace").rstrip()
                self.recent.append(line)
                if not self.is_quiet:
                    log_line(self.name, line)

    def _write(self, raw: bytes) -> None:
        # Where the disk is full a line is lost. The program must not wait for someone to read its output.
        with contextlib.suppress(OSError):
            with self.log.open("ab", buffering=0) as log:
                log.write(raw)
                size = log.tell()
            if size > LOG_BYTES:
                self.log.replace(self.log.with_name(f"{self.log.name}.1"))

    def stop(self) -> None:
        """Send the signal to the program only: it stops its children in order, which a signal to the group would kill at once."""
        self._is_stopping = True
        if self._group is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._group, signal.SIGTERM)

    def kill(self) -> None:
        """End the program and every child it left, at once."""
        if self._group is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._group, signal.SIGKILL)


async def next_line(output: asyncio.StreamReader) -> bytes:
    """The next line, or what there is of one too long for the buffer; empty at the end."""
    try:
        return await output.readline()
    except ValueError:
        return await output.read(2**16)


def ending(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"


def end_on_signals() -> None:
    """The first signal cancels the running task; the stopping that follows is not interrupted by a second one."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()

    def end() -> None:
        for number in ENDING_SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)
        log_line("site", "Stopping.")
        if task:
            task.cancel()

    for number in ENDING_SIGNALS:
        loop.add_signal_handler(number, end)


async def supervise(processes: Sequence[Process], work: Callable[[], Awaitable[int]]) -> int:
    """Keep ``processes`` running while ``work`` does; stop them all, whatever ends it, and return its status."""
    runners = [asyncio.create_task(process.keep_running()) for process in processes]
    try:
        return await work()
    finally:
        for process in processes:
            process.stop()
        _, late = await asyncio.wait(runners, timeout=PATIENCE_SECONDS)
        for process in processes:
            process.kill()
        for runner in late:
            runner.cancel()
        await asyncio.gather(*runners, return_exceptions=True)
