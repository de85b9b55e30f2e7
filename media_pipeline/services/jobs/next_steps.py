"""Creates the steps of a job, each when its inputs exist."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from media_pipeline.enums import StepKind, StepState
from media_pipeline.models import TranscodeJob, TranscodeStep
from media_pipeline.transcoding.ladder import FIRST_PHASE
from media_pipeline.transcoding.plan import Plan, plan_from_json

# Reprocessing comes after new videos in each phase: people wait for those.
REDO_RANK = 1_000_000.0
# Until then the steps of a held job are not due: it is released only when the disk has space.
HELD = dt.timedelta(days=3650)
# Weights of a second of video, estimated, not measured: a picture of a million points, its decoding, its sound.
PER_MEGAPIXEL = 1.0
DECODING = 0.3
SOUND = 0.1


def plan_of(job: TranscodeJob) -> Plan:
    """The plan of a job that has one."""
    return plan_from_json(job.plan or {})


def add_next_steps(job: TranscodeJob) -> None:
    """Create the steps that may begin now. Called with the job's row locked; doing it again changes nothing."""
    done = {
        (kind, phase)
        for kind, phase, state in job.steps.values_list("kind", "phase", "state")
        if state == StepState.DONE
    }
    if not job.plan:
        if (StepKind.PROBE, 0) in done:
            add_step(job, StepKind.ANALYZE)
        return
    plan = plan_of(job)
    if not job.steps.filter(phase__gt=0).exists():
        TranscodeStep.objects.bulk_create(_encoding_steps(job, plan))
    for phase in publishing_phases(job, plan):
        if _is_encoded(job, phase) and (
            phase == FIRST_PHASE or job.is_redo or (StepKind.ASSEMBLE, FIRST_PHASE) in done
        ):
            add_step(job, StepKind.ASSEMBLE, phase=phase)


def publishing_phases(job: TranscodeJob, plan: Plan) -> list[int]:
    """The phases that end with a published version: publishing the first phase of a reprocessed video would remove qualities."""
    return plan.phases[-1:] if job.is_redo else plan.phases


def add_step(job: TranscodeJob, kind: StepKind, *, phase: int = 0) -> None:
    """Add a step that others wait for, unless it is there."""
    TranscodeStep.objects.get_or_create(
        job=job,
        kind=kind,
        phase=phase,
        number=0,
        defaults={
            "center_id": job.video.center_id,
            "rank": REDO_RANK if job.is_redo else 0.0,
            "due_at": _due_at(job),
        },
    )


def _due_at(job: TranscodeJob) -> dt.datetime:
    return timezone.now() + (HELD if job.hold else dt.timedelta(0))


def _encoding_steps(job: TranscodeJob, plan: Plan) -> Iterator[TranscodeStep]:
    rank = plan.seconds + (REDO_RANK if job.is_redo else 0.0)

    def step(kind: StepKind, phase: int, number: int, cost: float) -> TranscodeStep:
        return TranscodeStep(
            job=job,
            center_id=job.video.center_id,
            kind=kind,
            phase=phase,
            number=number,
            rank=rank,
            cost=cost,
            due_at=_due_at(job),
        )

    if plan.sounds:
        yield step(StepKind.SOUND, FIRST_PHASE, 0, plan.seconds * SOUND * len(plan.sounds))
    for phase in plan.phases:
        renditions = plan.renditions_of(phase)
        points = sum(rendition.width * rendition.height for rendition in renditions) / 1_000_000
        for chunk in plan.chunks if renditions else ():
            yield step(
                StepKind.CHUNK, phase, chunk.number, chunk.seconds * (points * PER_MEGAPIXEL + DECODING)
            )


def _is_encoded(job: TranscodeJob, phase: int) -> bool:
    needed = job.steps.filter(kind__in=(StepKind.CHUNK, StepKind.SOUND), phase__lte=phase)
    return not needed.exclude(state=StepState.DONE).exists()
