"""People stop jobs and start them again."""

from pathlib import Path

import pytest

from accounts.models import User
from jobs.enums import OPEN_STATES
from media_pipeline.enums import JobState, StepKind, VideoState
from media_pipeline.errors import JobNotCancelable, JobNotRetryable
from media_pipeline.services.jobs.canceling import cancel_job
from media_pipeline.services.jobs.retrying import retry_job
from media_pipeline.services.jobs.working import run_job
from tests.media_pipeline import clips
from tests.media_pipeline.transcode_jobs.helpers import Upload, job_of, once_running, staged

pytestmark = pytest.mark.engines("encodes in steps, and stops the encoder")


def test_a_canceled_job_is_not_worked_on(landscape: Path, upload: Upload, manager: User):
    video = upload(landscape)

    cancel_job(job=job_of(video), by=manager)
    run_job(job_id=job_of(video).pk)

    assert job_of(video).state == JobState.CANCELED
    assert not video.versions.exists()


@pytest.mark.engines("encodes a film of many seconds to stop it", nightly=True)
def test_canceling_stops_the_work_within_seconds(clip_folder: Path, upload: Upload, manager: User):
    video = upload(clips.make_video(clip_folder / "half-minute.mp4", size="1280x720", seconds=30))

    with once_running(StepKind.CHUNK, lambda: cancel_job(job=job_of(video), by=manager)):
        run_job(job_id=job_of(video).pk)

    job = job_of(video)
    assert job.state == JobState.CANCELED
    assert job.percent < 60
    assert not job.steps.filter(state__in=OPEN_STATES).exists()
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


def test_only_a_quarantined_job_can_be_retried(landscape: Path, upload: Upload, manager: User):
    video = upload(landscape)

    with pytest.raises(JobNotRetryable):
        retry_job(job=job_of(video), by=manager)

    run_job(job_id=job_of(video).pk)
    with pytest.raises(JobNotCancelable):
        cancel_job(job=job_of(video), by=manager)
