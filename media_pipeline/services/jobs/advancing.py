"""Updates the whole job after a change of a step."""

from django.db.models import Min
from django.utils import timezone

from jobs.services.canceling import cancel_jobs
from jobs.services.dispatch import dispatch_jobs
from media_pipeline.enums import StepState
from media_pipeline.models import TranscodeJob, TranscodeStep
from media_pipeline.services.jobs.next_steps import add_next_steps
from media_pipeline.services.jobs.recomputing import recompute_state


def advance(*, job_id: int) -> None:
    """Called with the job's row locked; doing it again changes nothing."""
    job = TranscodeJob.objects.select_for_update(of=("self",)).get(pk=job_id)
    _cancel_what_cannot_be_used(job)
    add_next_steps(job)
    recompute_state(job)
    dispatch_steps(job)


def dispatch_steps(job: TranscodeJob) -> None:
    """Wake idle workers for the steps of a job that may be leased."""
    due = job.steps.filter(state=StepState.WAITING, due_at__lte=timezone.now())
    dispatch_jobs(TranscodeStep, list(due.values_list("pk", flat=True)[: TranscodeStep.dispatched_at_once]))


def _cancel_what_cannot_be_used(job: TranscodeJob) -> None:
    """Cancel all steps of a refused file, or those of a failed phase and later ones: a finished first phase stays."""
    if job.steps.filter(state=StepState.REFUSED).exists():
        first_phase = 0
    else:
        first_phase = job.steps.filter(state=StepState.FAILED).aggregate(first=Min("phase"))["first"]
    if first_phase is not None:
        rest = job.steps.filter(phase__gte=first_phase)
        cancel_jobs(TranscodeStep, list(rest.values_list("pk", flat=True)))
