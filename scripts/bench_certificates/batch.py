"""A batch of certificates through real workers: how fast, how much memory, and whether the audit finds anything.

`$(WITH) .venv/bin/python -m scripts.bench_certificates.batch COUNT [kill]`: issues COUNT certificates in one batch on a
database, a Redis and a folder of its own, draws them with two Celery workers and prints one JSON object. With `kill`
one worker is killed -9 in the middle and another one is started; beat recovers lost work.
"""

import contextlib
import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg

from lms.embedded.environment import ROOT
from lms.embedded.postgres import free_port
from scripts.bench_database import new_database

DATABASE = "mihna_bench_certificates"
WORKERS = 2
LEASE_SECONDS = 20
MOST_SECONDS = 3600
SAMPLE_SECONDS = 0.5


@dataclasses.dataclass(frozen=True)
class Batch:
    """`seconds` is from the first file to the last one; megabytes are of the busiest worker with its pool."""

    people: int
    workers: int
    killed: bool
    propose_seconds: float
    approve_seconds: float
    approve_peak_mb: int
    seconds: float
    per_second: float
    # Resident memory when a tenth was drawn, when nine tenths were, and at most.
    rss_at_tenth_mb: float
    rss_at_nine_tenths_mb: float
    rss_peak_mb: float
    bytes_each: int
    audit: dict[str, Any]


class WorkerProcesses:
    """Workers and beat: started, measured, killed by pid."""

    def __init__(self, environment: dict[str, str], logs: Path) -> None:
        self.environment, self.logs = environment, logs
        self.workers: list[subprocess.Popen[bytes]] = []
        self.others: list[subprocess.Popen[bytes]] = []

    def _start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.logs / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "lms", *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_worker(self, name: str) -> None:
        words = (
            "worker",
            "-c",
            "1",
            "-n",
            f"{name}@here",
            "-l",
            "WARNING",
            "--without-gossip",
            "--without-mingle",
        )
        self.workers.append(self._start(name, *words))

    def start_beat(self) -> None:
        self.others.append(
            self._start("beat", "beat", "-l", "WARNING", "--pidfile=", "-s", str(self.logs / "schedule"))
        )

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        for one in _family(process.pid):
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        process.wait()

    def kill_one(self) -> None:
        self.kill(self.workers.pop(0))

    def megabytes(self) -> float:
        """Resident memory of the biggest worker with its pool."""
        return max(
            (sum(_resident(one) for one in _family(worker.pid)) / 1e6 for worker in self.workers), default=0
        )

    def stop_all(self) -> None:
        for process in (*self.workers, *self.others):
            if process.poll() is None:
                self.kill(process)


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


@contextlib.contextmanager
def _redis(folder: Path) -> Iterator[str]:
    program = shutil.which("redis-server")
    if not program:
        sys.exit("redis-server not found (Debian: apt install redis-server).")
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


def _tallies(connection: psycopg.Connection[Any]) -> dict[str, int]:
    rows = connection.execute("SELECT state, count(*) FROM certificates_renderjob GROUP BY state")
    return dict(rows.fetchall())


def _watch(
    connection: psycopg.Connection[Any], processes: WorkerProcesses, people: int, *, kill: bool
) -> dict[str, float]:
    """Wait until everything is drawn or given up; memory on the way."""
    at_tenth = at_nine_tenths = peak = 0.0
    to_kill, until = kill, time.monotonic() + MOST_SECONDS
    while True:
        tallies = _tallies(connection)
        done = tallies.get("done", 0)
        now = processes.megabytes()
        peak = max(peak, now)
        if not at_tenth and done >= people / 10:
            at_tenth = now
        if not at_nine_tenths and done >= people * 0.9:
            at_nine_tenths = now
        if to_kill and done >= people / 2:
            processes.kill_one()
            processes.start_worker("replacement")
            to_kill = False
        if done + tallies.get("failed", 0) >= people:
            return {"rss_at_tenth_mb": at_tenth, "rss_at_nine_tenths_mb": at_nine_tenths, "rss_peak_mb": peak}
        if time.monotonic() > until:
            sys.exit(f"Not drawn in {MOST_SECONDS} s: {tallies}")
        time.sleep(SAMPLE_SECONDS)


def _output(module: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """The JSON object in a command's last line; what it says besides goes to our own error stream."""
    run = subprocess.run(
        [sys.executable, *module], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    lines = run.stdout.splitlines()
    if not lines:
        sys.exit(f"{module} failed.")
    return dict(json.loads(lines[-1]))


def measure(people: int, *, kill: bool = False) -> Batch:
    """Issue and draw a batch. Needs the addresses of the database and the secrets, as `python -m lms.embedded run` gives them."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mihna-batch-")))
        stack.enter_context(new_database(DATABASE))
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lms.settings",
            "REDIS_URL": stack.enter_context(_redis(folder)),
            "VAR_DIR": str(folder),
            "PRIVATE_ROOT": str(folder / "private"),
            "CERTIFICATES_LEASE_SECONDS": str(LEASE_SECONDS),
        }
        connection = stack.enter_context(psycopg.connect(environment["DATABASE_URL"], autocommit=True))
        processes = WorkerProcesses(environment, folder)
        stack.callback(processes.stop_all)
        made = _output(["-m", "tests.certificates.batch_world", str(people)], environment)
        for number in range(1, WORKERS + 1):
            processes.start_worker(f"worker{number}")
        processes.start_beat()
        while not _tallies(connection).get("done"):
            time.sleep(0.02)
        started = time.perf_counter()
        memory = _watch(connection, processes, people, kill=kill)
        seconds = time.perf_counter() - started
        # Files that a killed worker was writing are purged two leases later.
        unfinished = folder / "private" / "certificates-unfinished"
        until = time.monotonic() + 6 * LEASE_SECONDS
        while list(unfinished.iterdir()) and time.monotonic() < until:
            time.sleep(SAMPLE_SECONDS)
        processes.stop_all()
        # No lease is running any more: whatever has no row is an orphan.
        audit = _output(
            ["manage.py", "audit_certificates"], {**environment, "CERTIFICATES_LEASE_SECONDS": "0"}
        )
        return Batch(
            people=people,
            workers=WORKERS,
            killed=kill,
            propose_seconds=made["seconds"]["propose"],
            approve_seconds=made["seconds"]["approve"],
            approve_peak_mb=made["peak_mb"],
            seconds=round(seconds, 2),
            per_second=round(people / seconds, 1),
            **{name: round(value, 1) for name, value in memory.items()},
            bytes_each=audit["bytes"] // max(1, audit["files"]),
            audit=audit,
        )


if __name__ == "__main__":
    found = measure(int(sys.argv[1]), kill="kill" in sys.argv[2:])
    print(json.dumps(dataclasses.asdict(found)))
    sys.exit(1 if found.audit["findings"] else 0)
