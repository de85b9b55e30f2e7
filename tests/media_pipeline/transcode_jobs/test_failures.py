"""Failures of a job have a message, are retried where that helps, and leave no files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django.fixtures import Settings

from accounts.models import User
from media_pipeline.enums import JobState, StepKind, StepState, VideoState
from media_pipeline.folders import published_folder, staging_folder
from media_pipeline.models import TranscodeStep
from media_pipeline.queries.videos import refusal_sentence
from media_pipeline.services.jobs.checkpoints import parts_folder
from media_pipeline.services.jobs.purging import purge_staging
from media_pipeline.services.jobs.retrying import retry_job
from media_pipeline.services.jobs.working import run_job
from media_pipeline.transcoding.plan import plan_from_json
from media_pipeline.transcoding.validate import validate_package
from tests.factories.jobs import put
from tests.factories.media_pipeline import TranscodeJobFactory, TranscodeStepFactory
from tests.media_pipeline import clips
from tests.media_pipeline.transcode_jobs.helpers import Upload, beat, job_of, once_running, staged

pytestmark = pytest.mark.engines("encodes in steps that fail")


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


@pytest.mark.usefixtures("broken_ffmpeg")
def test_a_failure_is_tried_again_after_a_pause_and_given_up_after_three_attempts(
    landscape: Path, upload: Upload, settings: Settings, manager: User
):
    video = upload(landscape)
    job = job_of(video)

    run_job(job_id=job.pk)
    run_job(job_id=job.pk)
    step = job.steps.get(kind=StepKind.ANALYZE)
    after_first = (step.state, step.attempts, job_of(video).state)
    for _ in range(2):
        beat(job)
        run_job(job_id=job.pk)

    assert after_first == (StepState.WAITING, 1, JobState.RUNNING)
    assert "on holiday" in step.error
    step.refresh_from_db()
    video.refresh_from_db()
    assert (step.state, step.attempts) == (StepState.FAILED, 3)
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
    with once_running(StepKind.ASSEMBLE, lambda: put(stop, StepState.FAILED, attempts=3)):
        run_job(job_id=job.pk)
    ended = job_of(video)
    first_attempts = dict(job.steps.filter(state=StepState.DONE).values_list("pk", "started_at"))

    retry_job(job=job, by=manager)
    run_job(job_id=job.pk)

    video.refresh_from_db()
    assert (ended.state, video.state) == (JobState.QUARANTINED, VideoState.PUBLISHED)
    again = dict(job.steps.filter(pk__in=first_attempts).values_list("pk", "started_at"))
    assert again == first_attempts
    assert video.versions.count() == 2
    assert staged() == []


def test_a_deleted_source_has_an_error_message_and_is_not_retried(landscape: Path, upload: Upload):
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


def test_files_of_dead_workers_are_purged(db: None):
    step = TranscodeStepFactory(state=StepState.RUNNING, fence=2)
    done = TranscodeJobFactory(state=JobState.DONE)
    for name in (f"try-{step.pk}-1", f"try-{step.pk}-2", "parts"):
        (staging_folder() / str(step.job_id) / name).mkdir(parents=True)
    for name in (str(done.pk), "999999", "captions-9-fresh"):
        (staging_folder() / name / "parts").mkdir(parents=True)

    purge_staging()

    assert {path.name for path in staged()} == {str(step.job_id), "captions-9-fresh"}
    left = {path.name for path in (staging_folder() / str(step.job_id)).iterdir()}
    assert left == {f"try-{step.pk}-2", "parts"}
