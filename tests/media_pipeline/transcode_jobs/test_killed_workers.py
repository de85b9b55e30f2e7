"""Real workers are killed, stopped, duplicated and starved: every acknowledged upload is published once and completely.

The invariant of every fault (docs/explanation/media-jobs.md): one job, its versions exactly 1 and 2, each valid, no
partial file visible at any time, no process and no staging left, and at most one chunk of work lost.
"""

import datetime as dt
import itertools
import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from jobs.services.recovery import recover
from media_pipeline.enums import JobState, StepKind, StepState, VideoState
from media_pipeline.folders import published_folder, staging_folder
from media_pipeline.models import PublishedVersion, TranscodeJob, TranscodeStep, Video
from media_pipeline.services.jobs.canceling import cancel_job
from media_pipeline.transcoding.plan import plan_from_json
from media_pipeline.transcoding.validate import validate_package
from tests.media_pipeline import clips
from tests.media_pipeline.transcode_jobs.workers import Worker, encoders, send_work, started_workers, wait_for
from tests.waiting import time_passes

pytestmark = [
    pytest.mark.engines("workers encode, are killed and start again"),
    pytest.mark.xdist_group("workers"),
    pytest.mark.django_db(transaction=True),
]
Start = Callable[..., Worker]


@pytest.fixture
def start() -> Iterator[Start]:
    with started_workers() as starts:
        yield starts


@pytest.fixture(scope="session")
def many_chunks(clip_folder: Path) -> Path:
    """26 s that chunks of 6 s cut into four, in both phases; cheap to encode."""
    return clips.make_video(
        clip_folder / "many.mp4", size="640x360", fps="10", seconds=26, options=("-g", "10")
    )


@pytest.fixture(scope="session")
def one_long_chunk(clip_folder: Path) -> Path:
    """A video whose chunk keeps a core busy for a while."""
    return clips.make_video(clip_folder / "long.mp4", size="1280x720", seconds=17)


def running(kind: StepKind = StepKind.CHUNK, **facts: object) -> TranscodeStep | None:
    return TranscodeStep.objects.filter(kind=kind, state=StepState.RUNNING, **facts).first()


def at_work(kind: StepKind = StepKind.CHUNK) -> bool:
    """An encoder of a running step has begun."""
    return bool(running(kind) and list(staging_folder().glob("*/try-*/chunk-*.mp4")))


def is_done(video: Video) -> bool:
    return video.jobs.filter(state=JobState.DONE).exists()


def expire_leases_of(worker: Worker) -> None:
    """Let the leases of a dead worker expire, run recovery, and let the pause after it pass."""
    wait_for(lambda: not worker.is_connected())
    held = TranscodeStep.objects.filter(state=StepState.RUNNING, worker__startswith=f"{worker.name}@")
    held.update(lease_until=timezone.now() - dt.timedelta(minutes=1))

    def is_recovered() -> bool:
        recover(TranscodeStep)
        return not held.exists()

    # Beat recovers every minute: once it may pass by a job that another worker locks at that moment.
    wait_for(is_recovered)
    TranscodeStep.objects.filter(state=StepState.WAITING).update(due_at=timezone.now())
    send_work(3)


def assert_whole(video: Video) -> None:
    """Exactly one version a phase, each valid, and nothing else anywhere."""
    video.refresh_from_db()
    assert video.state == VideoState.PUBLISHED
    versions = list(PublishedVersion.objects.filter(video=video).order_by("number"))
    assert [version.number for version in versions] == [1, 2]
    assert video.published == versions[1]
    folder = published_folder() / video.public_id.hex
    assert sorted(path.name for path in folder.iterdir()) == ["1", "2"]
    for version in versions:
        validate_package(published_folder() / version.path, plan_from_json(version.plan))
    wait_for(lambda: not encoders(), seconds=20)
    # A quarantined job keeps its parts.
    aside = {
        str(pk) for pk in TranscodeJob.objects.filter(state=JobState.QUARANTINED).values_list("pk", flat=True)
    }
    wait_for(lambda: {path.name for path in staging_folder().iterdir()} <= aside, seconds=20)


def lost_attempts(video: Video) -> int:
    """How many steps were done more than once."""
    return sum(attempts - 1 for attempts in steps_of(video).values_list("attempts", flat=True))


def steps_of(video: Video):
    return TranscodeStep.objects.filter(job__video=video)


def test_two_workers_share_the_chunks_of_one_video(
    many_chunks: Path, upload: Callable[..., Video], start: Start
):
    start("one")
    start("two")
    video = upload(many_chunks)
    wait_for(lambda: send_work(2) or TranscodeStep.objects.exclude(worker="").exists())

    wait_for(lambda: is_done(video))

    chunks = steps_of(video).filter(kind=StepKind.CHUNK).order_by("started_at")
    names = [worker.partition("@")[0] for worker in chunks.values_list("worker", flat=True)]
    assert len(names) == 8
    assert set(names) == {"one", "two"}
    # Alternating, not one half each.
    assert sum(one != other for one, other in itertools.pairwise(names)) > 1
    assert lost_attempts(video) == 0
    assert_whole(video)


@pytest.mark.engines("twenty workers are killed while they encode", nightly=True)
def test_a_worker_killed_at_any_moment_costs_at_most_a_chunk_twenty_times_in_a_row(
    many_chunks: Path, upload: Callable[..., Video], start: Start
):
    dice = random.Random(2026)
    pair = [start("w0"), start("w1")]
    hits = 0
    for run in range(20):
        video = upload(many_chunks, title=f"درس {run}")
        send_work(2)
        wait_for(lambda: TranscodeStep.objects.filter(job__video=video).exclude(worker="").exists())  # noqa: B023
        time_passes(dice.uniform(0, 2), "a kill at any moment of the three seconds that such a video takes")
        victim = pair.pop(dice.randrange(2))
        held = list(
            TranscodeStep.objects.filter(
                state=StepState.RUNNING, worker__startswith=f"{victim.name}@"
            ).values_list("kind", flat=True)
        )

        victim.kill()
        expire_leases_of(victim)

        pair.append(start(f"w{run + 2}"))
        wait_for(lambda: is_done(video))  # noqa: B023
        hits += bool(held)
        assert lost_attempts(video) <= 1
        assert_whole(video)
    # Most of the victims were in the middle of something.
    assert hits >= 10
    assert PublishedVersion.objects.count() == 40


def test_ffmpeg_goes_with_a_worker_that_is_killed_alone(
    one_long_chunk: Path, upload: Callable[..., Video], start: Start
):
    worker = start("one")
    video = upload(one_long_chunk)
    send_work()
    wait_for(at_work)

    worker.kill(with_ffmpeg=False)

    wait_for(lambda: not encoders(), seconds=20)
    assert not PublishedVersion.objects.exists()
    assert not published_folder().exists()
    start("two")
    expire_leases_of(worker)
    wait_for(lambda: is_done(video))
    assert lost_attempts(video) == 1
    assert_whole(video)


@pytest.mark.parametrize(
    "who",
    [
        "the worker",
        pytest.param(
            "its whole group", marks=pytest.mark.engines("the same by another signal", nightly=True)
        ),
    ],
)
def test_a_worker_asked_to_stop_gives_its_chunk_back_at_once(
    one_long_chunk: Path, upload: Callable[..., Video], start: Start, who: str
):
    worker = start("one")
    video = upload(one_long_chunk)
    send_work()
    wait_for(at_work)

    if who == "the worker":
        os.kill(worker.pid, signal.SIGTERM)
    else:
        # As a supervisor that signals all processes, ffmpeg included.
        for process in worker.family():
            process.terminate()

    wait_for(lambda: not worker.is_alive(), seconds=60)
    chunk = steps_of(video).get(kind=StepKind.CHUNK, phase=1)
    assert (chunk.state, chunk.attempts, chunk.lease_until) == (StepState.WAITING, 0, None)
    wait_for(lambda: not encoders() and not list(staging_folder().glob("*/try-*")), seconds=20)
    assert not published_folder().exists()
    start("two")
    send_work()
    wait_for(lambda: is_done(video))
    assert set(steps_of(video).values_list("attempts", flat=True)) == {1}
    assert_whole(video)


def test_messages_that_come_three_times_to_three_workers_publish_once(
    many_chunks: Path, upload: Callable[..., Video], start: Start
):
    for name in ("one", "two", "three"):
        start(name)
    video = upload(many_chunks)
    send_work(9)

    wait_for(lambda: is_done(video))

    send_work(9)
    assert lost_attempts(video) == 0
    assert_whole(video)


def test_a_file_that_kills_its_worker_is_quarantined_and_others_continue(
    many_chunks: Path, landscape: Path, upload: Callable[..., Video], start: Start, tmp_path: Path
):
    # No sandbox here: from inside it ffmpeg could not kill the worker.
    for name, target in (("ffprobe", clips.BINARIES.ffprobe), ("real", clips.BINARIES.ffmpeg)):
        (tmp_path / name).symlink_to(target)
    killer = tmp_path / "ffmpeg"
    killer.write_text(
        f'#!/bin/sh\ncase "$*" in *source.mkv*) kill -9 $PPID;; *) exec {tmp_path}/real "$@";; esac\n'
    )
    killer.chmod(0o755)
    poison = clips.make_video(tmp_path / "poison.mkv", size="320x240")
    worker = start("one", PATH=str(tmp_path), FFMPEG_BINARY=str(killer))
    bad = upload(poison)

    for attempt in (1, 2, 3):
        send_work()
        wait_for(lambda: steps_of(bad).filter(kind=StepKind.ANALYZE, attempts=attempt).exists())  # noqa: B023
        wait_for(lambda: not encoders() and running(StepKind.ANALYZE))
        expire_leases_of(worker)
    good = upload(landscape)
    send_work(2)
    wait_for(lambda: is_done(good))

    bad.refresh_from_db()
    step = steps_of(bad).get(kind=StepKind.ANALYZE)
    assert (step.state, step.attempts, bad.state) == (StepState.FAILED, 3, VideoState.FAILED)
    assert "died" in bad.jobs.get().error
    assert not bad.versions.exists()
    assert_whole(good)


def test_stopping_a_video_ends_its_encoder(
    one_long_chunk: Path, upload: Callable[..., Video], start: Start, manager: User
):
    worker = start("one")
    video = upload(one_long_chunk)
    send_work()
    wait_for(at_work)

    cancel_job(job=video.jobs.get(), by=manager)

    wait_for(lambda: not encoders(), seconds=20)
    wait_for(lambda: not list(staging_folder().iterdir()), seconds=20)
    assert worker.is_alive()
    assert video.jobs.get().state == JobState.CANCELED
    assert not published_folder().exists()
    assert not TranscodeStep.objects.filter(state=StepState.DONE, kind=StepKind.CHUNK).exists()
