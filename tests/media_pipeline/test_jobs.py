"""A job publishes its video once, whatever happens to the workers."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from accounts.models import User
from media_pipeline.enums import LIVE_STEP_STATES, JobState, StepKind, StepState, VideoState
from media_pipeline.errors import JobInProgress, JobNotCancelable, JobNotRetryable
from media_pipeline.folders import published_folder, staging_folder
from media_pipeline.models import PublishedVersion, Rendition, TranscodeJob, TranscodeStep, Video
from media_pipeline.queries import job_progress, refusal_sentence
from media_pipeline.services import cancel_job, reprocess_video, retry_job, run_job, sweep_jobs
from media_pipeline.services.jobs.checkpoints import parts_folder
from media_pipeline.services.jobs.claiming import claim
from media_pipeline.services.jobs.reserving import free_bytes
from media_pipeline.services.jobs.working import work_on_next
from media_pipeline.transcoding.plan import plan_from_json
from media_pipeline.transcoding.validate import validate_package
from tests.factories.media_pipeline import TranscodeJobFactory, TranscodeStepFactory, VideoFactory
from tests.media_pipeline import clips

GIGABYTE = 1_000_000_000

Upload = Callable[..., Video]


def job_of(video: Video) -> TranscodeJob:
    return TranscodeJob.objects.get(video=video)


def staged() -> list[Path]:
    return list(staging_folder().iterdir()) if staging_folder().exists() else []


def test_a_job_publishes_its_video_in_two_phases(landscape: Path, upload: Upload):
    video = upload(landscape)

    run_job(job_id=job_of(video).pk)

    video.refresh_from_db()
    job = job_of(video)
    assert (video.state, job.state, job.percent) == (VideoState.PUBLISHED, JobState.DONE, 100)
    # First what weak lines need, then the whole ladder; no third.
    versions = list(video.versions.order_by("number"))
    assert [version.number for version in versions] == [1, 2]
    names = [{row.name for row in version.renditions.all()} for version in versions]
    assert names[0] == {"144p-low", "144p", "240p", "audio"}
    assert names[1] == {*names[0], "360p"}
    assert video.published == versions[1]
    assert set(job.steps.values_list("state", "attempts")) == {(StepState.DONE, 1)}
    assert (published_folder() / video.published.path / "master.m3u8").is_file()
    assert video.probe["video"]["width"] == 640
    assert job.plan["segment_seconds"] == 6
    assert staged() == []


def test_a_bell_that_rings_twice_changes_nothing(landscape: Path, upload: Upload):
    video = upload(landscape)

    run_job(job_id=job_of(video).pk)
    run_job(job_id=job_of(video).pk)

    assert video.versions.count() == 2
    assert set(job_of(video).steps.values_list("attempts", flat=True)) == {1}


def test_a_step_in_other_hands_is_left_alone(landscape: Path, upload: Upload):
    video = upload(landscape)
    claim(worker="elsewhere/1")

    run_job(job_id=job_of(video).pk)

    step = job_of(video).steps.get()
    assert (step.worker, step.fence) == ("elsewhere/1", 1)
    assert not video.versions.exists()


def test_a_bell_for_a_job_that_is_gone_is_harmless(db: None):
    run_job(job_id=999_999)

    assert not TranscodeJob.objects.exists()


@contextmanager
def once_running(kind: StepKind, act: Callable[[], object]) -> Iterator[None]:
    """Do `act` right after a worker has taken a step of `kind`, as another process would."""
    waiting = [act]

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        is_taking = sql.startswith("UPDATE") and '"lease_until" =' in sql
        if waiting and is_taking and TranscodeStep.objects.filter(kind=kind, state="running").exists():
            waiting.pop()()
        return result

    with connection.execute_wrapper(watch):
        yield


@pytest.mark.parametrize("kind", [StepKind.PROBE, StepKind.CHUNK, StepKind.ASSEMBLE])
def test_a_worker_that_lost_its_lease_leaves_no_trace(landscape: Path, upload: Upload, kind: StepKind):
    video = upload(landscape)

    def take_over() -> None:
        TranscodeStep.objects.filter(state=StepState.RUNNING).update(fence=7, worker="two/2")

    with once_running(kind, take_over):
        run_job(job_id=job_of(video).pk)

    step = TranscodeStep.objects.get(worker="two/2")
    assert (step.kind, step.state, step.fence, step.percent) == (kind, StepState.RUNNING, 7, 0)
    assert not video.versions.exists()
    assert not published_folder().exists()
    assert not list(staging_folder().glob("*/try-*"))


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


@pytest.fixture
def broken_ffmpeg(settings: Settings) -> Iterator[None]:
    broken = Path(settings.PRIVATE_ROOT) / "ffmpeg"
    broken.parent.mkdir(exist_ok=True)
    broken.write_text("#!/bin/sh\necho the codec is on holiday >&2; exit 1\n")
    broken.chmod(0o755)
    probe = broken.with_name("ffprobe")
    probe.symlink_to(clips.BINARIES.ffprobe)
    settings.FFMPEG_BINARY = str(broken)
    yield
    broken.unlink()
    probe.unlink()


def soon() -> dt.datetime:
    return timezone.now() + dt.timedelta(minutes=1)


@pytest.mark.usefixtures("broken_ffmpeg")
def test_a_failure_waits_for_the_sweeper_and_ends_in_quarantine(
    landscape: Path, upload: Upload, settings: Settings, manager: User
):
    video = upload(landscape)
    job = job_of(video)

    run_job(job_id=job.pk)
    run_job(job_id=job.pk)
    step = job.steps.get(kind=StepKind.ANALYZE)
    after_first = (step.state, step.attempts, job_of(video).state)
    for _ in range(2):
        sweep_jobs(now=soon())
        run_job(job_id=job.pk)

    assert after_first == (StepState.HELD, 1, JobState.RUNNING)
    assert "on holiday" in step.error
    step.refresh_from_db()
    video.refresh_from_db()
    assert (step.state, step.attempts) == (StepState.QUARANTINED, 3)
    assert (job_of(video).state, video.state) == (JobState.QUARANTINED, VideoState.FAILED)
    assert "on holiday" in job_of(video).error
    settings.FFMPEG_BINARY = ""
    retry_job(job=job, by=manager)
    run_job(job_id=job.pk)
    video.refresh_from_db()
    assert (video.state, job_of(video).error) == (VideoState.PUBLISHED, "")
    assert job.steps.get(kind=StepKind.PROBE).attempts == 1


def test_trying_again_encodes_only_what_is_not_done(landscape: Path, upload: Upload, manager: User):
    video = upload(landscape)
    job = job_of(video)
    stop = TranscodeStep.objects.filter(kind=StepKind.CHUNK, phase=2)
    with once_running(StepKind.ASSEMBLE, lambda: stop.update(state=StepState.QUARANTINED, attempts=3)):
        run_job(job_id=job.pk)
    settled = job_of(video)
    first_attempts = dict(job.steps.filter(state=StepState.DONE).values_list("pk", "started_at"))

    retry_job(job=job, by=manager)
    run_job(job_id=job.pk)

    video.refresh_from_db()
    assert (settled.state, video.state) == (JobState.QUARANTINED, VideoState.PUBLISHED)
    again = dict(job.steps.filter(pk__in=first_attempts).values_list("pk", "started_at"))
    assert again == first_attempts
    assert video.versions.count() == 2
    assert staged() == []


def test_a_deleted_source_is_told_in_words_and_not_tried_again(landscape: Path, upload: Upload):
    video = upload(landscape)
    Path(video.source.path).unlink()

    with translation.override("en"):
        run_job(job_id=job_of(video).pk)

    video.refresh_from_db()
    job = job_of(video)
    assert (job.state, video.state) == (JobState.QUARANTINED, VideoState.FAILED)
    assert "Upload it again" in job.error
    assert job.steps.get().attempts == 1
    assert not video.versions.exists()


def test_a_source_deleted_in_mid_work_costs_nothing(landscape: Path, upload: Upload):
    video = upload(landscape)

    with once_running(StepKind.CHUNK, Path(video.source.path).unlink):
        run_job(job_id=job_of(video).pk)

    assert job_of(video).state == JobState.DONE
    assert staged() == []


def test_parts_that_vanish_from_the_disk_are_encoded_again(landscape: Path, upload: Upload):
    video = upload(landscape)
    job = job_of(video)

    def lose() -> None:
        for path in parts_folder(job.pk).glob("chunk-*-240p.mp4"):
            path.unlink()

    with once_running(StepKind.ASSEMBLE, lose):
        run_job(job_id=job.pk)

    video.refresh_from_db()
    assert job_of(video).state == JobState.DONE
    validate_package(published_folder() / video.published.path, plan_from_json(video.published.plan))
    assert job.steps.get(kind=StepKind.CHUNK, phase=1).fence == 2


def test_a_job_waits_for_room_on_the_disk_and_goes_on_by_itself(
    landscape: Path, upload: Upload, settings: Settings
):
    settings.MEDIA_KEEP_FREE_BYTES = 10**15
    video = upload(landscape)

    run_job(job_id=job_of(video).pk)
    held = job_of(video)
    with translation.override("en"):
        told = job_progress(held).hold
    sweep_jobs()
    still = job_of(video).state
    settings.MEDIA_KEEP_FREE_BYTES = 0
    sweep_jobs()
    run_job(job_id=held.pk)

    assert (held.state, still, held.reserved_bytes) == (JobState.HELD, JobState.HELD, 0)
    assert "0 MB are free" in told and "goes on by itself" in told
    done = job_of(video)
    assert (done.state, done.reserved_bytes, done.hold) == (JobState.DONE, 0, None)
    assert set(done.steps.values_list("attempts", flat=True)) == {1}


def test_what_one_job_reserved_is_not_given_to_another(landscape: Path, upload: Upload, settings: Settings):
    first, second = upload(landscape), upload(landscape, title="آخر")
    for video in (first, second):
        for _ in range(2):
            work_on_next("one/1", job_of(video).pk)
        if video == first:
            assert job_of(first).reserved_bytes > 0
            # Gigabytes, because other tests write and remove files on this disk meanwhile.
            TranscodeJob.objects.filter(video=first).update(reserved_bytes=10 * GIGABYTE)
            settings.MEDIA_KEEP_FREE_BYTES = free_bytes() - 5 * GIGABYTE

    assert job_of(second).state == JobState.HELD
    run_job(job_id=job_of(first).pk)
    settings.MEDIA_KEEP_FREE_BYTES = 0
    sweep_jobs()
    assert job_of(second).reserved_bytes > 0


def test_the_sweeper_clears_what_dead_workers_left(
    db: None, django_capture_on_commit_callbacks: Callable[..., Any]
):
    step = TranscodeStepFactory(state=StepState.RUNNING, fence=2)
    done = TranscodeJobFactory(state=JobState.DONE)
    for name in (f"try-{step.pk}-1", f"try-{step.pk}-2", "parts"):
        (staging_folder() / str(step.job_id) / name).mkdir(parents=True)
    for name in (str(done.pk), "999999", "captions-9-fresh"):
        (staging_folder() / name / "parts").mkdir(parents=True)

    with django_capture_on_commit_callbacks(execute=True):
        sweep_jobs()

    assert {path.name for path in staged()} == {str(step.job_id), "captions-9-fresh"}
    left = {path.name for path in (staging_folder() / str(step.job_id)).iterdir()}
    assert left == {f"try-{step.pk}-2", "parts"}


def test_a_canceled_job_is_not_worked_on(landscape: Path, upload: Upload, manager: User):
    video = upload(landscape)

    cancel_job(job=job_of(video), by=manager)
    run_job(job_id=job_of(video).pk)

    assert job_of(video).state == JobState.CANCELED
    assert not video.versions.exists()


def test_canceling_stops_the_work_within_seconds(clip_folder: Path, upload: Upload, manager: User):
    video = upload(clips.film(clip_folder / "half-minute.mp4", size="1280x720", seconds=30))

    with once_running(StepKind.CHUNK, lambda: cancel_job(job=job_of(video), by=manager)):
        run_job(job_id=job_of(video).pk)

    job = job_of(video)
    assert job.state == JobState.CANCELED
    assert job.percent < 60
    assert not job.steps.filter(state__in=LIVE_STEP_STATES).exists()
    assert staged() == []


def test_a_stopped_video_can_be_prepared_after_all(landscape: Path, upload: Upload, manager: User):
    video = upload(landscape)
    job = job_of(video)
    with once_running(StepKind.SOUND, lambda: cancel_job(job=job, by=manager)):
        run_job(job_id=job.pk)

    retry_job(job=job, by=manager)
    run_job(job_id=job.pk)

    video.refresh_from_db()
    assert (job_of(video).state, video.state) == (JobState.DONE, VideoState.PUBLISHED)


def test_a_redo_keeps_the_old_version_until_the_new_one_is_whole(
    landscape: Path, upload: Upload, manager: User
):
    video = upload(landscape)
    run_job(job_id=job_of(video).pk)
    video.refresh_from_db()
    before = video.published

    again = reprocess_video(video=video, by=manager)
    with pytest.raises(JobInProgress):
        reprocess_video(video=video, by=manager)
    meanwhile = []
    while work_on_next("one/1", again.pk):
        video.refresh_from_db()
        meanwhile.append((video.state, video.published_id))

    assert set(meanwhile[:-1]) == {(VideoState.PUBLISHED, before.pk)}
    # One version, of all qualities: a first phase would take some away.
    assert list(video.versions.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    video.refresh_from_db()
    assert video.published.renditions.count() == before.renditions.count()


def test_a_new_ladder_asks_for_the_videos_of_the_old_one_once(
    landscape: Path, upload: Upload, settings: Settings
):
    video = upload(landscape)
    run_job(job_id=job_of(video).pk)

    call_command("reprocess_videos")
    unchanged = video.jobs.count()
    settings.MEDIA_FULL_HD = True
    call_command("reprocess_videos", "--dry-run")
    told = video.jobs.count()
    call_command("reprocess_videos")
    call_command("reprocess_videos")

    assert (unchanged, told, video.jobs.count()) == (1, 1, 2)
    assert video.jobs.first().is_redo


def test_old_versions_go_when_nobody_can_hold_an_address_of_theirs(landscape: Path, upload: Upload):
    video = upload(landscape)
    run_job(job_id=job_of(video).pk)
    folder = published_folder() / video.public_id.hex

    sweep_jobs(now=timezone.now() + dt.timedelta(hours=6))
    kept = sorted(path.name for path in folder.iterdir())
    sweep_jobs(now=timezone.now() + dt.timedelta(hours=9))

    assert kept == ["1", "2"]
    assert [path.name for path in folder.iterdir()] == ["2"]
    assert list(video.versions.values_list("number", flat=True)) == [2]


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
