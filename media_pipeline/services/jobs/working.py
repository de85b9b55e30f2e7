"""Runs steps one after the other, and records how an unfinished attempt ended."""

import logging
import os
import shutil
import socket
import time

from django.db import transaction
from wagtail.log_actions import log

from jobs.dispatching import dispatch
from jobs.services.leases import fail, fenced, hold, refuse, release_lease
from jobs.services.working import attempt
from media_pipeline.enums import JobState
from media_pipeline.errors import SourceMissing, WorkerStopping
from media_pipeline.folders import job_folder
from media_pipeline.models import TranscodeJob, TranscodeStep, Video
from media_pipeline.services.jobs.concurrency import concurrency_slot
from media_pipeline.services.jobs.disk_reservation import hold_for_disk, is_disk_full
from media_pipeline.services.jobs.heartbeats import attempt_folder
from media_pipeline.services.jobs.leasing import lease_next
from media_pipeline.services.jobs.next_steps import HELD
from media_pipeline.services.jobs.steps import run_step
from media_pipeline.services.jobs.stopping import is_stopping, stoppable
from media_pipeline.transcoding.failures import Refused, TranscodingFailed

logger = logging.getLogger(__name__)

# Seconds after which a worker re-dispatches the task, so that other tasks of its queue run.
LOOP_SECONDS = 60


def work(*, worker: str = "") -> None:
    """Run steps until none is due, this machine has no free slot, or 60 s have passed; then re-dispatch the task.

    Safe to call any number of times, by any number of workers.
    """
    end = time.monotonic() + LOOP_SECONDS
    while time.monotonic() < end:
        with concurrency_slot() as is_free:
            if not is_free or not work_on_next(worker or default_name()):
                return
    dispatch(TranscodeStep.task_name, expires=TranscodeStep.message_expires)


def run_job(*, job_id: int) -> None:
    """Run the steps of one job in this process until none is due."""
    while work_on_next(default_name(), job_id):
        pass


def default_name() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"


def work_on_next(worker: str, job_id: int | None = None) -> bool:
    if is_stopping():
        return False
    with stoppable():
        step = lease_next(worker=worker, job_id=job_id)
        if step is None:
            return False
        try:
            attempt(step, _do, expected=(TranscodingFailed, OSError))
        finally:
            shutil.rmtree(attempt_folder(step), ignore_errors=True)
            remove_if_over(step.job_id)
    return True


def _do(step: TranscodeStep) -> None:
    try:
        run_step(step)
    except WorkerStopping:
        release_lease(step)
    except Refused as refused:
        _refuse(step, refused)
    except SourceMissing as missing:
        # No later attempt would find it: the step fails at once.
        fail(step, str(missing), is_last=True)
    except (TranscodingFailed, OSError) as error:
        if is_stopping():
            # The supervisor that stops this worker has stopped ffmpeg, too.
            release_lease(step)
        elif is_disk_full(error, attempt_folder(step)):
            logger.warning("step %s: the disk is full", step.pk)
            _hold(step)
        else:
            raise


@transaction.atomic
def _hold(step: TranscodeStep) -> None:
    hold_for_disk(fenced(step, related=("job",)).job)
    hold(step, pause=HELD)


@transaction.atomic
def _refuse(step: TranscodeStep, refused: Refused) -> None:
    refuse(step, error=str(refused))
    video = Video.objects.select_for_update(of=("self",)).get(pk=step.job.video_id)
    if not video.published_id:
        video.refusal = {"reason": refused.reason.value, "facts": refused.facts}
        video.save(update_fields=["refusal"])
    log(video, "media_pipeline.video.refuse", data={"reason": refused.reason.value})


def remove_if_over(job_id: int) -> None:
    """Remove the folder of a job that ended, except where a person may try again with the parts that are done."""
    kept = (JobState.QUEUED, JobState.RUNNING, JobState.HELD, JobState.QUARANTINED)
    if not TranscodeJob.objects.filter(pk=job_id, state__in=kept).exists():
        shutil.rmtree(job_folder(job_id), ignore_errors=True)
