"""A job publishes its video once, whatever happens to the workers."""

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from media_pipeline.enums import JobState, StepKind, StepState, VideoState
from media_pipeline.folders import published_folder, staging_folder
from media_pipeline.models import TranscodeJob, TranscodeStep
from media_pipeline.services.jobs.leasing import lease_next
from media_pipeline.services.jobs.working import run_job
from tests.factories.media_pipeline import TranscodeJobFactory
from tests.media_pipeline.transcode_jobs.helpers import Upload, job_of, once_running, staged

pytestmark = pytest.mark.engines("encodes in steps")


def test_a_job_publishes_its_video_in_two_phases(landscape: Path, upload: Upload):
    video = upload(landscape)

    run_job(job_id=job_of(video).pk)

    video.refresh_from_db()
    job = job_of(video)
    assert (video.state, job.state, job.percent) == (VideoState.PUBLISHED, JobState.DONE, 100)
    # First the qualities for slow connections, then the whole ladder; no third.
    versions = list(video.versions.order_by("number"))
    assert [version.number for version in versions] == [1, 2]
    names = [{row.name for row in version.renditions.all()} for version in versions]
    assert names[0] == {"144p-low", "240p", "audio"}
    assert names[1] == {*names[0], "144p", "360p"}
    assert video.published == versions[1]
    assert set(job.steps.values_list("state", "attempts")) == {(StepState.DONE, 1)}
    assert (published_folder() / video.published.path / "master.m3u8").is_file()
    assert video.probe["video"]["width"] == 640
    assert job.plan["segment_seconds"] == 6
    assert staged() == []


def test_a_message_delivered_twice_changes_nothing(landscape: Path, upload: Upload):
    video = upload(landscape)

    run_job(job_id=job_of(video).pk)
    run_job(job_id=job_of(video).pk)

    assert video.versions.count() == 2
    assert set(job_of(video).steps.values_list("attempts", flat=True)) == {1}


def test_a_step_leased_by_another_worker_is_left_alone(landscape: Path, upload: Upload):
    video = upload(landscape)
    lease_next(worker="elsewhere/1")

    run_job(job_id=job_of(video).pk)

    step = job_of(video).steps.get()
    assert (step.worker, step.fence) == ("elsewhere/1", 1)
    assert not video.versions.exists()


def test_a_message_for_a_job_that_is_gone_is_harmless(db: None):
    run_job(job_id=999_999)

    assert not TranscodeJob.objects.exists()


@pytest.mark.parametrize("kind", [StepKind.PROBE, StepKind.CHUNK, StepKind.ASSEMBLE])
def test_a_worker_that_lost_its_lease_leaves_no_trace(landscape: Path, upload: Upload, kind: StepKind):
    video = upload(landscape)

    def take_over() -> None:
        TranscodeStep.objects.filter(state=StepState.RUNNING).update(fence=7, worker="two/2")

    with once_running(kind, take_over):
        run_job(job_id=job_of(video).pk)

    step = TranscodeStep.objects.get(worker="two/2")
    assert (step.kind, step.state, step.fence, step.progress) == (kind, StepState.RUNNING, 7, 0)
    assert not video.versions.exists()
    assert not published_folder().exists()
    assert not list(staging_folder().glob("*/try-*"))


def test_a_video_has_one_live_job(db: None):
    job = TranscodeJobFactory()

    with pytest.raises(IntegrityError, match="video_has_one_live_job"), transaction.atomic():
        TranscodeJobFactory(video=job.video)

    assert TranscodeJob.objects.count() == 1
