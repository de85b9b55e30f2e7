"""Runs ffmpeg and ffprobe with limits of time, memory and output, in the sandbox. Nothing else starts them."""

import functools
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from media_pipeline.transcoding.failures import TranscodingFailed

LIMITED_PROCESS = Path(__file__).with_name("limited_process.py")
STDERR_TAIL_BYTES = 4_000
LINE_LIMIT_BYTES = 65_536
TICK_SECONDS = 0.5
# The fields of `-progress` that change only when work is done; speed and fps change while it hangs.
PROGRESS_FIELDS = frozenset({"frame", "out_time_us", "total_size"})
SYSTEM_FOLDERS = ("/usr", "/lib", "/lib64", "/bin", "/etc/alternatives", "/etc/ld.so.cache")

OnLine = Callable[[str], None]
OnTick = Callable[[], None]


class ProcessFailed(TranscodingFailed):
    """The process ended with an error. `tail` is the end of its output."""

    def __init__(self, message: str, tail: str = "") -> None:
        super().__init__(f"{message}: {tail.strip()[-400:]}" if tail.strip() else message)
        self.tail = tail


class SandboxFailed(ProcessFailed):
    """The sandbox itself could not be built; the file is not to blame."""


class Killed(ProcessFailed):
    """The process was ended, by the kernel for want of memory or by a limit; the file need not be to blame."""


class TimedOut(ProcessFailed):
    """The process took longer than its wall-clock limit."""


class Stalled(ProcessFailed):
    """The process printed no progress for longer than its limit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one process, in seconds and bytes."""

    wall_seconds: float = 30
    stall_seconds: float = 30
    cpu_seconds: int = 60
    file_bytes: int = 64 * 1024**2
    memory_bytes: int = 4 * 1024**3
    nice: int = 10


@dataclass(frozen=True, slots=True)
class Finished:
    cpu_seconds: float
    wall_seconds: float
    tail: str


def run(
    argv: Sequence[str],
    *,
    folder: Path,
    limits: Limits,
    readable: Sequence[Path] = (),
    on_line: OnLine | None = None,
    on_tick: OnTick | None = None,
) -> Finished:
    """Run `argv` in `folder`, the one place it should write; `readable` are the files it may read.

    `on_line` gets each line of standard output and `on_tick` is called about twice a second; whatever either
    raises kills the process group and is raised to the caller, which is how a job is canceled.
    A `-progress` line without a change counts as no progress. Raises ProcessFailed or one of its kinds.
    """
    command = sandboxed_command(argv, folder=folder, limits=limits, readable=readable)
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment_in(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        tail = _ProcessWatcher(process, limits, on_line, on_tick).wait_within_limits(started)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()
    if process.returncode != 0:
        if tail.startswith("bwrap: "):
            raise SandboxFailed("the sandbox could not be built", tail)
        message = f"{Path(argv[0]).name} ended with {process.returncode}"
        # Bubblewrap reports the signal that ended its program as shells do.
        if process.returncode < 0 or process.returncode - 128 in set(signal.Signals):
            raise Killed(message, tail)
        raise ProcessFailed(message, tail)
    return Finished(usage.ru_utime + usage.ru_stime, time.monotonic() - started, tail)


class _ProcessWatcher:
    """Follows one process until it closes its outputs, within its limits."""

    def __init__(
        self, process: subprocess.Popen[bytes], limits: Limits, on_line: OnLine | None, on_tick: OnTick | None
    ) -> None:
        self.process = process
        self.limits = limits
        self.on_line = on_line
        self.on_tick = on_tick
        self.tail = b""
        self.rest = b""
        self.seen: dict[str, str] = {}

    def wait_within_limits(self, started: float) -> str:
        alive_at = ticked_at = started
        with selectors.DefaultSelector() as selector:
            for pipe in (self.process.stdout, self.process.stderr):
                selector.register(pipe, selectors.EVENT_READ)  # type: ignore[arg-type]
            while selector.get_map():
                ready = selector.select(timeout=TICK_SECONDS)
                for key, _ in ready:
                    data = os.read(key.fd, 65_536)
                    if not data:
                        selector.unregister(key.fileobj)
                    elif key.fileobj is self.process.stderr:
                        self.tail = (self.tail + data)[-STDERR_TAIL_BYTES:]
                    elif self._read_lines(data):
                        alive_at = time.monotonic()
                now = time.monotonic()
                if now - started > self.limits.wall_seconds:
                    raise TimedOut(f"no end after {self.limits.wall_seconds:.0f} s", self._stderr_tail())
                if now - alive_at > self.limits.stall_seconds:
                    raise Stalled(f"no progress for {self.limits.stall_seconds:.0f} s", self._stderr_tail())
                if self.on_tick and now - ticked_at >= TICK_SECONDS:
                    self.on_tick()
                    ticked_at = now
        return self._stderr_tail()

    def _read_lines(self, data: bytes) -> bool:
        """Pass complete lines to `on_line`; return True when one of them is new."""
        *lines, self.rest = (self.rest + data).split(b"\n")
        if len(self.rest) > LINE_LIMIT_BYTES:
            raise ProcessFailed("an endless line of output", self._stderr_tail())
        is_new = False
        for raw in lines:
            line = raw.decode("utf-8", "replace")
            name, equals, value = line.partition("=")
            if not equals:
                is_new = True
            elif name in PROGRESS_FIELDS and self.seen.get(name) != value:
                self.seen[name] = value
                is_new = True
            if self.on_line:
                self.on_line(line)
        return is_new

    def _stderr_tail(self) -> str:
        return self.tail.decode("utf-8", "replace")


def sandboxed_command(
    argv: Sequence[str],
    *,
    folder: Path,
    limits: Limits,
    readable: Sequence[Path] = (),
    has_network: bool = False,
) -> list[str]:
    """The command that runs `argv` within `limits`, as a child of this process that dies with it."""
    bounds = (os.getpid(), limits.nice, limits.cpu_seconds, limits.file_bytes, limits.memory_bytes)
    sandboxed = bubblewrapped(argv, folder, readable, has_network=has_network)
    return [sys.executable, "-I", "-S", str(LIMITED_PROCESS), *map(str, bounds), *sandboxed]


def environment_in(folder: Path) -> dict[str, str]:
    """The whole environment of a sandboxed process."""
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(folder), "TMPDIR": str(folder)}


def bubblewrapped(
    argv: Sequence[str], folder: Path, readable: Sequence[Path], *, has_network: bool = False
) -> list[str]:
    """`argv` inside bubblewrap, without network or foreign files, where bubblewrap works; else unchanged."""
    bubblewrap = working_bubblewrap()
    if bubblewrap is None:
        return list(argv)
    # Nothing can be mounted over a symbolic link, and `/bin` itself is one: the program goes by its real name.
    program = Path(argv[0]).resolve()
    sandbox = _bubblewrap_argv(bubblewrap, [program, *readable])
    if has_network:
        sandbox.append("--share-net")
    return [*sandbox, "--bind", str(folder), str(folder), str(program), *argv[1:]]


@functools.cache
def working_bubblewrap() -> str | None:
    """Path of bubblewrap if this host lets it make namespaces (many containers do not)."""
    return None if sandbox_problem() else shutil.which("bwrap")


def sandbox_problem() -> str:
    """Why the sandbox does not work here, in a few words; empty where it works."""
    bubblewrap = shutil.which("bwrap")
    if bubblewrap is None:
        return "bubblewrap (bwrap) is not installed"
    try:
        trial = subprocess.run(
            [*_bubblewrap_argv(bubblewrap, []), "/usr/bin/true"],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not run: {error}"
    return f"bubblewrap said: {trial.stderr.strip()[-300:]}" if trial.returncode else ""


def _bubblewrap_argv(bubblewrap: str, readable: Sequence[Path]) -> list[str]:
    # As process 1 the program is reaped by bubblewrap itself, and its CPU time is counted.
    sandbox = [
        bubblewrap,
        "--unshare-all",
        "--die-with-parent",
        "--as-pid-1",
        "--dev",
        "/dev",
        "--proc",
        "/proc",
    ]
    for folder in SYSTEM_FOLDERS:
        sandbox += ["--ro-bind-try", folder, folder]
    for path in readable:
        if not any(path.is_relative_to(folder) for folder in SYSTEM_FOLDERS):
            sandbox += ["--ro-bind", str(path.resolve()), str(path)]
    return sandbox
