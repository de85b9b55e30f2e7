"""Real Celery workers for tests of faults: started, sent work, killed by pid."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connection
from kombu import Connection

from media_pipeline import tasks
from media_pipeline.folders import staging_folder
from media_pipeline.models import TranscodeStep
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]
# Three chunks or more of a video of 20 s; a lease long enough for a busy machine.
SHORT = {"MEDIA_CHUNK_SECONDS": "6", "MEDIA_LEASE_SECONDS": "20", "MEDIA_STEPS_AT_ONCE": "4"}


def worker_environment(**more: str) -> dict[str, str]:
    database = connection.settings_dict
    address = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "DATABASE_URL": f"postgres://{database['USER']}:{database['PASSWORD']}@{address}",
        **SHORT,
        **more,
    }


def worker_command(name: str) -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "-A", "lms", "worker", "-P", "prefork", "-c", "1"),
        *("-n", f"{name}@here", "-l", "WARNING", "--without-gossip", "--without-mingle"),
        # How long the result of a process that died is waited for; ten seconds by default.
        "worker.lost_wait=0.2",
    ]


class Worker:
    """One worker with one process in its pool, in a process group of its own."""

    def __init__(self, name: str, *, wrapper: Sequence[str] = (), **environment: str) -> None:
        self.name = name
        self.log = Path(settings.VAR_DIR) / f"worker-{name}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*wrapper, *worker_command(name)],
                cwd=ROOT,
                # Its connections carry its name (libpq).
                env=worker_environment(PGAPPNAME=name, **environment),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def family(self) -> list[psutil.Process]:
        """The worker, its pool and what these started."""
        try:
            parent = psutil.Process(self.pid)
            return [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def kill(self, *, with_ffmpeg: bool = True) -> None:
        """Send SIGKILL; not to its ffmpeg, which has to end by itself."""
        family = self.family()
        pool = [process for process in family if with_ffmpeg or _is_celery(process)]
        for process in pool:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self.process.wait()

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def is_connected(self) -> bool:
        """Whether the database still has a connection of it: what a killed process sent last may be written after its end."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_stat_activity WHERE application_name = %s LIMIT 1", [self.name])
            return cursor.fetchone() is not None


def _is_celery(process: psutil.Process) -> bool:
    try:
        return "celery" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


@contextmanager
def started_workers() -> Iterator[Callable[..., Worker]]:
    """Starts workers; kills those left at the end."""
    for name in ("messages", "processed", "control"):
        folder = Path(settings.VAR_DIR) / "celery" / name
        folder.mkdir(parents=True, exist_ok=True)
        for message in folder.iterdir():
            message.unlink(missing_ok=True)
    started: list[Worker] = []

    def start(name: str, **options: object) -> Worker:
        started.append(Worker(name, **options))  # type: ignore[arg-type]
        return started[-1]

    try:
        yield start
    finally:
        for worker in started:
            if worker.is_alive():
                worker.kill()


def real_broker() -> Connection:
    """The broker of the embedded mode's workers; no worker reads the tests' own broker."""
    folder = Path(settings.VAR_DIR) / "celery"
    places = {"data_folder_in": "messages", "data_folder_out": "messages", "control_folder": "control"}
    options = {name: str(folder / place) for name, place in places.items()}
    return Connection("files://localhost", transport_options=options)


def send_work(times: int = 1) -> None:
    with real_broker() as broker:
        for _ in range(times):
            tasks.work.apply_async(connection=broker)


def wait_for(condition: Callable[[], object], seconds: float = 120) -> None:
    wait_until(condition, seconds, report=describe_steps)


def describe_steps() -> str:
    """The steps and the output of the workers, for the message of a failed test."""
    rows = [
        f"{step} {step.state} attempts={step.attempts} {step.worker} {step.error[-300:]}"
        for step in TranscodeStep.objects.order_by("pk")
    ]
    logs = [f"{log.name}: {log.read_text()[-1500:]}" for log in Path(settings.VAR_DIR).glob("worker-*.log")]
    return "\n".join([*rows, *logs])


def encoders(folder: Path | None = None) -> list[psutil.Process]:
    """Living processes that work in the staging folder."""
    folder = folder or staging_folder()
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        is_alive = process.info["status"] != psutil.STATUS_ZOMBIE
        if is_alive and any(str(folder) in part for part in process.info["cmdline"] or []):
            found.append(process)
    return found
