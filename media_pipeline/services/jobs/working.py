"""Works on steps, one after the other, and writes how each attempt ended."""

import datetime as dt
import logging
import os
import shutil
import socket
import time

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from media_pipeline.enums import LIVE_STEP_STATES, JobState, StepState
from media_pipeline.errors import LeaseLost, SourceMissing, WorkerStopping
from media_pipeline.folders import job_folder
from media_pipeline.models import TranscodeJob, TranscodeStep, Video
from media_pipeline.services.bell import ring
from media_pipeline.services.jobs.claiming import claim
from media_pipeline.services.jobs.leases import Lease
from media_pipeline.services.jobs.reserving import hold_for_disk, is_disk_full
from media_pipeline.services.jobs.settling import settle
from media_pipeline.services.jobs.slots import a_slot
from media_pipeline.services.jobs.steps import do_step
from media_pipeline.services.jobs.stopping import is_stopping, stoppable
from media_pipeline.transcoding.failures import Refused, TranscodingFailed

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
ERROR_CHARACTERS = 2_000
# After this a worker lets other tasks of its queue have their turn and rings for itself.
SHIFT_SECONDS = 60
# What a full machine or a restarting server may need before the next attempt.
PAUSE = dt.timedelta(seconds=20)
DIED = "the worker died at every attempt"


def work(*, worker: str = "") -> None:
    """Do steps while there are any and this machine has room for one more; ring again at the end of the shift.

    Safe to call any number of times, by any number of workers.
    """
    end = time.monotonic() + SHIFT_SECONDS
    while time.monotonic() < end:
        with a_slot() as is_free:
            if not is_free or not work_on_next(worker or default_name()):
                return
    ring()


def run_job(*, job_id: int) -> None:
    """Do the steps of one job here and now, until none is left that may be taken."""
    while work_on_next(default_name(), job_id):
        pass


def default_name() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"


def work_on_next(worker: str, job_id: int | None = None) -> bool:
    if is_stopping():
        return False
    with stoppable():
        lease = claim(worker=worker, job_id=job_id)
        if lease is None:
            return False
        try:
            _attempt(lease)
        except LeaseLost:
            logger.info("step %s: the lease is lost, stopping", lease.step_id)
        finally:
            shutil.rmtree(lease.folder, ignore_errors=True)
            remove_if_over(lease.job_id)
    return True


def _attempt(lease: Lease) -> None:
    try:
        do_step(lease)
    except LeaseLost:
        raise
    except WorkerStopping:
        _give_back(lease)
    except Refused as refused:
        _refuse(lease, refused)
    except SourceMissing as missing:
        # No attempt can find it again: set aside at once.
        _fail(lease, str(missing), is_last=True)
    except (TranscodingFailed, OSError) as error:
        if is_stopping():
            # Whoever asked us to stop has ended ffmpeg, too.
            _give_back(lease)
        elif is_disk_full(error, lease.folder):
            logger.warning("step %s: the disk is full", lease.step_id)
            _hold(lease)
        else:
            logger.warning("step %s failed: %s", lease.step_id, error)
            _fail(lease, str(error))
    except Exception as error:
        # A defect of ours: the page of the video must not say that the worker died.
        _fail(lease, f"{type(error).__name__}: {error}")
        raise


@transaction.atomic
def _give_back(lease: Lease) -> None:
    """Nobody's fault: the attempt does not count, and the step may be taken at once."""
    job, step = lease.lock()
    step.state, step.lease_until, step.attempts = StepState.WAITING, None, step.attempts - 1
    step.percent = 0
    step.save(update_fields=["state", "lease_until", "attempts", "percent"])
    settle(job)
    ring()


@transaction.atomic
def _hold(lease: Lease) -> None:
    job, step = lease.lock()
    step.state, step.lease_until, step.attempts = StepState.HELD, None, step.attempts - 1
    step.percent, step.held_until = 0, None
    step.save(update_fields=["state", "lease_until", "attempts", "percent", "held_until"])
    hold_for_disk(job)
    settle(job)


@transaction.atomic
def _refuse(lease: Lease, refused: Refused) -> None:
    job, step = lease.lock()
    step.state, step.lease_until, step.error = StepState.REFUSED, None, str(refused)[:ERROR_CHARACTERS]
    step.save(update_fields=["state", "lease_until", "error"])
    job.steps.filter(state__in=LIVE_STEP_STATES).update(state=StepState.CANCELED, lease_until=None)
    video = Video.objects.select_for_update(of=("self",)).get(pk=job.video_id)
    if not video.published_id:
        video.refusal = {"reason": refused.reason.value, "facts": refused.facts}
        video.save(update_fields=["refusal"])
    settle(job)
    log(video, "media_pipeline.video.refuse", data={"reason": refused.reason.value})


@transaction.atomic
def _fail(lease: Lease, error: str, *, is_last: bool = False) -> None:
    job, step = lease.lock()
    step.error = error[:ERROR_CHARACTERS]
    end_attempt(job, step, is_last=is_last)
    settle(job)


def end_attempt(job: TranscodeJob, step: TranscodeStep, *, is_last: bool = False) -> None:
    """Have a failed step tried again after a pause or, when its attempts are used up, set aside. Both are locked."""
    step.lease_until, step.percent = None, 0
    if is_last or step.attempts >= MAX_ATTEMPTS:
        step.state, step.error = StepState.QUARANTINED, step.error or DIED
        # What does not build on it goes on: a watchable first phase is worth having.
        later = job.steps.filter(state__in=LIVE_STEP_STATES, phase__gte=step.phase).exclude(pk=step.pk)
        later.update(state=StepState.CANCELED, lease_until=None, held_until=None)
    else:
        step.state, step.held_until = StepState.HELD, timezone.now() + PAUSE
    step.save(update_fields=["state", "lease_until", "percent", "error", "held_until"])
    job.error = step.error
    job.save(update_fields=["error"])


def remove_if_over(job_id: int) -> None:
    """Remove the folder of a job that ended, except where a person may try again with the parts that are done."""
    kept = (JobState.QUEUED, JobState.RUNNING, JobState.HELD, JobState.QUARANTINED)
    if not TranscodeJob.objects.filter(pk=job_id, state__in=kept).exists():
        shutil.rmtree(job_folder(job_id), ignore_errors=True)
