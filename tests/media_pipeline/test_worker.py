"""A real worker, killed in the middle of its work: the video is published once all the same."""

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from kombu import Connection

from media_pipeline import tasks
from media_pipeline.enums import JobState, VideoState
from media_pipeline.folders import published_folder, staging_folder
from media_pipeline.models import PublishedVersion, TranscodeJob, Video
from media_pipeline.services import sweep_jobs
from tests.media_pipeline import clips

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]


def start_worker() -> subprocess.Popen[bytes]:
    database = connection.settings_dict
    address = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "DATABASE_URL": f"postgres://{database['USER']}:{database['PASSWORD']}@{address}",
    }
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "lms",
        "worker",
        "-P",
        "prefork",
        "-c",
        "1",
        "-l",
        "WARNING",
    ]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def ring(job_id: int) -> None:
    """Ring where the worker of the embedded mode listens; the tests' own bell is heard by nobody."""
    folder = Path(settings.VAR_DIR) / "celery"
    places = {"data_folder_in": "messages", "data_folder_out": "messages", "control_folder": "control"}
    options = {name: str(folder / place) for name, place in places.items()}
    with Connection("filesystem://localhost", transport_options=options) as broker:
        tasks.transcode.apply_async((job_id,), connection=broker)


def kill(worker: subprocess.Popen[bytes]) -> None:
    """Kill -9 the worker with its pool, and nothing else: ffmpeg has to go by itself."""
    pool = [child for child in psutil.Process(worker.pid).children() if "celery" in " ".join(child.cmdline())]
    for process in [psutil.Process(worker.pid), *pool]:
        process.kill()
    worker.wait()


@pytest.fixture
def workers() -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    for name in ("messages", "processed", "control"):
        (Path(settings.VAR_DIR) / "celery" / name).mkdir(parents=True, exist_ok=True)

    def start() -> subprocess.Popen[bytes]:
        started.append(start_worker())
        return started[-1]

    yield start
    for worker in started:
        if worker.poll() is None:
            kill(worker)


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.1)


def encoders(folder: Path) -> list[psutil.Process]:
    """Living processes that work in `folder`."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        is_alive = process.info["status"] != psutil.STATUS_ZOMBIE
        if is_alive and any(str(folder) in part for part in process.info["cmdline"] or []):
            found.append(process)
    return found


def test_a_worker_killed_in_mid_work_costs_nothing_but_time(
    clip_folder: Path,
    upload: Callable[..., Video],
    workers: Callable[[], subprocess.Popen[bytes]],
):
    first = workers()
    video = upload(clips.film(clip_folder / "ten.mp4", size="1280x720", seconds=10))
    ring(video.jobs.get().pk)
    wait_for(lambda: list(staging_folder().glob("*/parts/video-*.mp4")))

    kill(first)

    wait_for(lambda: not encoders(staging_folder()), seconds=10)
    assert not PublishedVersion.objects.exists()
    assert not published_folder().exists()
    # The lease runs out.
    past = timezone.now() - dt.timedelta(minutes=2)
    TranscodeJob.objects.update(lease_until=past, rung_at=past)
    workers()
    rung = sweep_jobs()
    # Bells may come twice.
    for job_id in [*rung, *rung, *rung]:
        ring(job_id)
    wait_for(lambda: TranscodeJob.objects.filter(state=JobState.DONE).exists(), seconds=120)
    time.sleep(2)
    video.refresh_from_db()
    job = video.jobs.get()
    assert (video.state, job.attempts, job.fence) == (VideoState.PUBLISHED, 2, 2)
    assert PublishedVersion.objects.count() == 1
    assert [path.name for path in (published_folder() / video.public_id.hex).iterdir()] == ["1"]
    assert list(staging_folder().iterdir()) == []
