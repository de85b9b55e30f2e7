"""A running ffmpeg with untrusted input: sandboxed, in its own process group, always killed with its owner."""

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Self

from media_pipeline.services.live_streams import Limits, sandboxed_ffmpeg

TAIL_BYTES = 2000


class SandboxedFfmpeg:
    """Standard input, output and error are pipes; `tail` holds its last error output."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin and process.stdout and process.stderr  # noqa: S101 - asked for below
        self.process = process
        self.stdin, self.stdout, self._stderr = process.stdin, process.stdout, process.stderr
        self.tail = b""
        self._listening = asyncio.ensure_future(self._listen())

    @classmethod
    async def start(cls, argv: list[str], *, folder: Path, limits: Limits) -> Self:
        command, environment = await asyncio.to_thread(sandboxed_ffmpeg, argv, folder=folder, limits=limits)
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        return cls(process)

    async def _listen(self) -> None:
        while said := await self._stderr.read(4096):
            self.tail = (self.tail + said)[-TAIL_BYTES:]

    async def wait(self) -> bool:
        """Wait for the exit; return whether it succeeded."""
        code = await self.process.wait()
        await self._listening
        return code == 0

    def kill(self) -> None:
        # After it was waited for, its process id may belong to another process.
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    async def end(self) -> None:
        """Kill it and wait for the exit: no process may outlive its event loop."""
        self.kill()
        self.stdin.close()
        await self.wait()
