"""A full disk in the middle of a step: the step is held, no partial file is visible, and the job recovers.

The worker runs in a mount namespace of its own, with a small tmpfs for the media.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone, translation

from jobs.enums import OPEN_STATES
from media_pipeline.enums import JobState, StepKind, StepState
from media_pipeline.folders import media_folder, published_folder, staging_folder
from media_pipeline.models import PublishedVersion, TranscodeStep, Video
from media_pipeline.queries.jobs import job_progress
from media_pipeline.services.jobs.releasing import release_held_jobs
from media_pipeline.transcoding.plan import plan_from_json
from media_pipeline.transcoding.validate import validate_package
from tests.external_programs import on_a_small_disk
from tests.media_pipeline import clips
from tests.media_pipeline.transcode_jobs.workers import Worker, encoders, send_work, started_workers, wait_for

pytestmark = [
    pytest.mark.engines("a worker encodes on a disk that fills up"),
    pytest.mark.django_db(transaction=True),
]
# The expected size of the video below, and a margin.
ROOM_TO_BEGIN = 24_000_000


@pytest.fixture
def start() -> Iterator[Callable[..., Worker]]:
    with started_workers() as starts:
        yield starts


def test_a_disk_that_fills_up_in_mid_chunk_holds_the_video_and_nothing_else(
    clip_folder: Path, upload: Callable[..., Video], start: Callable[..., Worker]
):
    source = clips.make_video(clip_folder / "seventeen.mp4", size="1280x720", seconds=17)
    video = upload(source)
    job = video.jobs.get()
    worker = start("one", wrapper=on_a_small_disk(media_folder(), size="64m"), MEDIA_KEEP_FREE_BYTES="0")
    seen = Path(f"/proc/{worker.pid}/root")
    staging, published = (seen / str(folder)[1:] for folder in (staging_folder(), published_folder()))
    small_disk = seen / str(media_folder())[1:]
    # Before the mount the worker sees this machine's own disk.
    wait_for(lambda: shutil.disk_usage(small_disk).total < 100_000_000 and any(small_disk.iterdir()))
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        # Full enough that a chunk still begins: it must not end before the rest is filled.
        file.write(bytes(shutil.disk_usage(small_disk).free - ROOM_TO_BEGIN))
        send_work()
        wait_for(lambda: list(staging.glob("*/try-*/chunk-*.mp4")))
        # Stopped, not raced: a short chunk can be done before the rest is filled.
        encoding = [process for process in worker.family() if "ffmpeg" in process.name()]
        for process in encoding:
            process.suspend()
        with pytest.raises(OSError, match="No space"):
            file.write(bytes(ROOM_TO_BEGIN))
            while True:
                file.write(bytes(4096))
        for process in encoding:
            process.resume()
    assert encoding

    wait_for(lambda: video.jobs.filter(state=JobState.HELD).exists())
    job.refresh_from_db()
    chunk = job.steps.get(kind=StepKind.CHUNK, phase=1)
    assert (chunk.state, chunk.attempts) == (StepState.WAITING, 0)
    assert not job.steps.filter(state__in=OPEN_STATES, due_at__lt=timezone.now()).exists()
    assert not PublishedVersion.objects.exists()
    assert not published.exists()
    wait_for(lambda: not encoders() and not list(staging.glob("*/try-*")), seconds=20)
    with translation.override("en"):
        assert "disk space are needed" in job_progress(job).hold

    ballast.unlink()
    release_held_jobs()
    send_work()
    wait_for(lambda: video.jobs.filter(state=JobState.DONE).exists())

    versions = list(PublishedVersion.objects.order_by("number"))
    assert [version.number for version in versions] == [1, 2]
    for version in versions:
        validate_package(published / version.path, plan_from_json(version.plan))
    assert set(TranscodeStep.objects.values_list("attempts", flat=True)) == {1}
    wait_for(lambda: not list(staging.iterdir()), seconds=20)
