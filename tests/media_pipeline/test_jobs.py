"""A job publishes its video once, whatever happens to the workers."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from accounts.models import User
from media_pipeline.enums import JobState, VideoState
from media_pipeline.errors import JobNotCancelable, JobNotRetryable
from media_pipeline.folders import published_folder, staging_folder
from media_pipeline.models import PublishedVersion, Rendition, TranscodeJob, Video
from media_pipeline.queries import refusal_sentence
from media_pipeline.services import cancel_job, retry_job, run_job, sweep_jobs
from media_pipeline.signals import video_ready
from tests.factories.media_pipeline import TranscodeJobFactory, VideoFactory
from tests.media_pipeline import clips

Upload = Callable[..., Video]


@pytest.fixture
def announced() -> Iterator[list[PublishedVersion]]:
    versions: list[PublishedVersion] = []

    def hear(version: PublishedVersion, **_: Any) -> None:
        versions.append(version)

    video_ready.connect(hear)
    yield versions
    video_ready.disconnect(hear)


def job_of(video: Video) -> TranscodeJob:
    return TranscodeJob.objects.get(video=video)


def staged() -> list[Path]:
    return list(staging_folder().iterdir()) if staging_folder().exists() else []


def test_a_job_publishes_its_video_and_announces_it(
    landscape: Path, upload: Upload, announced: list[PublishedVersion]
):
    video = upload(landscape)

    run_job(job_id=job_of(video).pk)

    video.refresh_from_db()
    job = job_of(video)
    assert (video.state, job.state, job.percent, job.attempts) == (
        VideoState.PUBLISHED,
        JobState.DONE,
        100,
        1,
    )
    assert [version.number for version in announced] == [1, 2]
    assert announced[-1] == video.published
    small = {row.name for row in announced[0].renditions.all()}
    assert small == {"144p-low", "144p", "240p", "audio"}
    assert {row.name for row in video.published.renditions.all()} == {
        "144p-low",
        "144p",
        "240p",
        "360p",
        "audio",
    }
    assert (published_folder() / video.published.path / "master.m3u8").is_file()
    assert video.probe["video"]["width"] == 640
    assert job.plan["segment_seconds"] == 6
    assert staged() == []


def test_a_bell_that_rings_twice_changes_nothing(
    landscape: Path, upload: Upload, announced: list[PublishedVersion]
):
    video = upload(landscape)

    run_job(job_id=job_of(video).pk)
    run_job(job_id=job_of(video).pk)

    assert len(announced) == 2
    assert video.versions.count() == 2
    assert job_of(video).attempts == 1


def test_a_job_in_other_hands_is_left_alone(landscape: Path, upload: Upload):
    video = upload(landscape)
    TranscodeJob.objects.update(
        state=JobState.RUNNING, fence=1, attempts=1, lease_until=timezone.now() + dt.timedelta(minutes=1)
    )

    run_job(job_id=job_of(video).pk)

    assert job_of(video).fence == 1
    assert not video.versions.exists()


def test_a_bell_for_a_job_that_is_gone_is_harmless(db: None):
    run_job(job_id=999_999)

    assert not TranscodeJob.objects.exists()


@contextmanager
def once_planned(act: Callable[[], object]) -> Iterator[None]:
    """Do `act` right after a worker has written its plan, as another process would."""
    waiting = [act]

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if waiting and sql.startswith("UPDATE") and '"plan" =' in sql:
            waiting.pop()()
        return result

    with connection.execute_wrapper(watch):
        yield


def test_a_worker_that_lost_its_lease_publishes_nothing(
    landscape: Path, upload: Upload, announced: list[PublishedVersion]
):
    video = upload(landscape)

    with once_planned(lambda: TranscodeJob.objects.update(fence=7)):
        run_job(job_id=job_of(video).pk)

    assert announced == []
    assert not video.versions.exists()
    assert not published_folder().exists()
    assert staged() == []
    assert job_of(video).fence == 7


def test_a_refused_file_ends_the_job_with_a_sentence(clip_folder: Path, landscape: Path, upload: Upload):
    cut = clip_folder / "cut-in-half.mp4"
    cut.write_bytes(landscape.read_bytes()[: landscape.stat().st_size // 2])
    video = upload(cut)

    run_job(job_id=job_of(video).pk)

    video.refresh_from_db()
    assert (video.state, job_of(video).state) == (VideoState.REFUSED, JobState.REFUSED)
    with translation.override("en"):
        assert refusal_sentence(video).startswith("The file is damaged")
    assert staged() == []


def test_a_failure_waits_for_the_sweeper_and_ends_in_quarantine(
    landscape: Path, upload: Upload, settings: Settings, manager: User
):
    video = upload(landscape)
    broken = Path(settings.PRIVATE_ROOT) / "ffmpeg"
    broken.parent.mkdir(exist_ok=True)
    broken.write_text("#!/bin/sh\necho no room left >&2; exit 1\n")
    broken.chmod(0o755)
    settings.FFMPEG_BINARY = str(broken)
    broken.with_name("ffprobe").symlink_to(clips.BINARIES.ffprobe)

    run_job(job_id=job_of(video).pk)
    after_first = job_of(video)
    run_job(job_id=after_first.pk)
    run_job(job_id=after_first.pk)

    assert (after_first.state, after_first.attempts) == (JobState.QUEUED, 1)
    assert "no room left" in after_first.error
    last = job_of(video)
    video.refresh_from_db()
    assert (last.state, last.attempts, video.state) == (JobState.QUARANTINED, 3, VideoState.FAILED)
    settings.FFMPEG_BINARY = ""
    retry_job(job=last, by=manager)
    run_job(job_id=last.pk)
    video.refresh_from_db()
    assert video.state == VideoState.PUBLISHED


def test_the_sweeper_rings_for_lost_and_abandoned_jobs_once(db: None):
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    lost = TranscodeJobFactory(rung_at=long_ago)
    abandoned = TranscodeJobFactory(
        rung_at=long_ago, state=JobState.RUNNING, lease_until=long_ago, attempts=1
    )
    TranscodeJobFactory(
        rung_at=long_ago, state=JobState.RUNNING, lease_until=timezone.now() + dt.timedelta(minutes=1)
    )
    TranscodeJobFactory(state=JobState.QUEUED)
    TranscodeJobFactory(rung_at=long_ago, state=JobState.DONE)

    first, second = sweep_jobs(), sweep_jobs()

    assert set(first) == {lost.pk, abandoned.pk}
    assert second == []


def test_a_job_that_kills_its_worker_three_times_is_set_aside(db: None):
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    poison = TranscodeJobFactory(rung_at=long_ago, state=JobState.RUNNING, lease_until=long_ago, attempts=3)

    rung = sweep_jobs()

    poison.refresh_from_db()
    poison.video.refresh_from_db()
    assert rung == []
    assert (poison.state, poison.video.state) == (JobState.QUARANTINED, VideoState.FAILED)
    assert poison.error


def test_the_sweeper_clears_what_dead_workers_left(
    db: None, django_capture_on_commit_callbacks: Callable[..., Any]
):
    job = TranscodeJobFactory(
        state=JobState.RUNNING, fence=2, lease_until=timezone.now() + dt.timedelta(minutes=1)
    )
    for name in (f"{job.pk}-1", f"{job.pk}-2", "captions-9-fresh"):
        (staging_folder() / name).mkdir(parents=True)

    with django_capture_on_commit_callbacks(execute=True):
        sweep_jobs()

    assert {path.name for path in staged()} == {f"{job.pk}-2", "captions-9-fresh"}


def test_a_canceled_job_is_not_worked_on(landscape: Path, upload: Upload, manager: User):
    video = upload(landscape)

    cancel_job(job=job_of(video), by=manager)
    run_job(job_id=job_of(video).pk)

    assert job_of(video).state == JobState.CANCELED
    assert not video.versions.exists()


def test_canceling_stops_the_work_within_seconds(clip_folder: Path, upload: Upload, manager: User):
    video = upload(clips.film(clip_folder / "half-minute.mp4", size="1280x720", seconds=30))

    with once_planned(lambda: cancel_job(job=job_of(video), by=manager)):
        run_job(job_id=job_of(video).pk)

    job = job_of(video)
    assert job.state == JobState.CANCELED
    assert job.percent < 60
    assert staged() == []


def test_only_a_job_set_aside_can_be_tried_again(landscape: Path, upload: Upload, manager: User):
    video = upload(landscape)

    with pytest.raises(JobNotRetryable):
        retry_job(job=job_of(video), by=manager)

    run_job(job_id=job_of(video).pk)
    with pytest.raises(JobNotCancelable):
        cancel_job(job=job_of(video), by=manager)


def test_a_video_has_one_live_job(db: None):
    job = TranscodeJobFactory()

    with pytest.raises(IntegrityError, match="video_has_one_live_job"), transaction.atomic():
        TranscodeJobFactory(video=job.video)

    assert TranscodeJob.objects.count() == 1


def test_a_published_version_never_changes(db: None):
    version = PublishedVersion.objects.create(
        video=VideoFactory(), number=1, path="x/1", seconds=2, has_poster=False, plan={}
    )

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        PublishedVersion.objects.update(seconds=3)

    version.refresh_from_db()
    assert version.seconds == 2
    assert not Rendition.objects.exists()


def test_a_folder_left_by_an_unfinished_publication_is_replaced(landscape: Path, upload: Upload):
    video = upload(landscape)
    orphan = published_folder() / video.public_id.hex / "1"
    orphan.mkdir(parents=True)
    (orphan / "half.mp4").write_bytes(b"half")

    run_job(job_id=job_of(video).pk)

    assert not (orphan / "half.mp4").exists()
    assert (orphan / "master.m3u8").exists()
