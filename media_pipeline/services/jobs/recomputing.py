"""Computes the state of a job, and with it that of its video, from the steps. Nothing else writes them."""

from collections.abc import Mapping

from django.db.models import Case, Count, F, IntegerField, Sum, When
from django.utils import timezone
from wagtail.log_actions import log

from jobs.enums import OPEN_STATES
from media_pipeline.enums import LIVE_JOB_STATES, JobState, StepState, VideoState
from media_pipeline.models import TranscodeJob, Video

VIDEO_STATES: dict[str, str] = {
    JobState.QUEUED: VideoState.UPLOADED,
    JobState.HELD: VideoState.UPLOADED,
    JobState.RUNNING: VideoState.PROCESSING,
    JobState.REFUSED: VideoState.REFUSED,
    JobState.QUARANTINED: VideoState.FAILED,
    JobState.CANCELED: VideoState.FAILED,
}


def recompute_state(job: TranscodeJob) -> TranscodeJob:
    """Write the state, percent and error that follow from the steps of `job`. The caller has locked its row; the video's row is locked here."""
    steps = dict(job.steps.values_list("state").annotate(Count("pk")))
    before, job.state = job.state, state_of(steps, is_held=job.hold is not None)
    is_live = job.state in LIVE_JOB_STATES
    job.percent = 100 if job.state == JobState.DONE else percent_of(job)
    if is_live:
        job.finished_at = None
    else:
        job.finished_at = job.finished_at or timezone.now()
        job.reserved_bytes, job.hold = 0, None
    job.error = "" if job.state == JobState.DONE else _last_error(job) or job.error
    job.save(update_fields=["state", "percent", "finished_at", "reserved_bytes", "hold", "error"])
    _recompute_video(job)
    if job.state == JobState.QUARANTINED != before:
        log(job.video, "media_pipeline.video.fail", data={"error": job.error})
    return job


def state_of(steps: Mapping[str, int], *, is_held: bool) -> JobState:
    """The state of a job with so many steps in each state. Every job has at least one step."""
    if steps.get(StepState.RUNNING):
        return JobState.RUNNING
    if steps.get(StepState.WAITING) and is_held:
        return JobState.HELD
    if steps.get(StepState.WAITING):
        return JobState.RUNNING if steps.get(StepState.DONE) else JobState.QUEUED
    for ending, state in (
        (StepState.REFUSED, JobState.REFUSED),
        (StepState.FAILED, JobState.QUARANTINED),
        (StepState.CANCELED, JobState.CANCELED),
    ):
        if steps.get(ending):
            return state
    return JobState.DONE


def percent_of(job: TranscodeJob) -> int:
    """How much of the work is done, by cost; 100 only once everything is published."""
    seen = job.steps.aggregate(done=Sum(F("cost") * F("progress")), whole=Sum("cost"))
    return min(99, int(seen["done"] / seen["whole"])) if seen["whole"] else 0


def _last_error(job: TranscodeJob) -> str:
    """The error of the step that ended the job, else of one that is tried again."""
    failed = job.steps.exclude(error="").exclude(state__in=(StepState.DONE, StepState.CANCELED))
    is_open = Case(When(state__in=OPEN_STATES, then=1), default=0, output_field=IntegerField())
    return failed.order_by(is_open, "pk").values_list("error", flat=True).first() or ""


def _recompute_video(job: TranscodeJob) -> None:
    video = Video.objects.select_for_update(of=("self",)).get(pk=job.video_id)
    # A published version stays, whether reprocessing or the second phase succeeds or not.
    state = VideoState.PUBLISHED if video.published_id else VIDEO_STATES.get(job.state, video.state)
    if state != video.state:
        video.state = state
        video.save(update_fields=["state"])
