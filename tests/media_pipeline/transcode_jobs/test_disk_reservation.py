"""A job begins only when the disk has space for it."""

from pathlib import Path

import pytest
from django.utils import translation
from pytest_django.fixtures import Settings

from media_pipeline.enums import JobState
from media_pipeline.models import TranscodeJob
from media_pipeline.queries.jobs import job_progress
from media_pipeline.services.jobs.disk_reservation import free_bytes
from media_pipeline.services.jobs.releasing import release_held_jobs
from media_pipeline.services.jobs.working import run_job, work_on_next
from tests.media_pipeline.transcode_jobs.helpers import Upload, job_of

pytestmark = pytest.mark.engines("encodes in steps while the disk is short of space")

GIGABYTE = 1_000_000_000


def test_a_job_waits_for_disk_space_and_continues_by_itself(
    landscape: Path, upload: Upload, settings: Settings
):
    settings.MEDIA_KEEP_FREE_BYTES = 10**15
    video = upload(landscape)

    run_job(job_id=job_of(video).pk)
    held = job_of(video)
    with translation.override("en"):
        told = job_progress(held).hold
    release_held_jobs()
    still = job_of(video).state
    settings.MEDIA_KEEP_FREE_BYTES = 0
    release_held_jobs()
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
    release_held_jobs()
    assert job_of(second).reserved_bytes > 0
