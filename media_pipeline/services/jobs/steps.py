"""Runs each kind of step. ffmpeg works in the attempt's own folder; `finish` records the result."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.files import sync
from jobs.services.leases import fenced, finish
from media_pipeline.enums import StepKind
from media_pipeline.errors import DiskSpaceNeeded
from media_pipeline.models import TranscodeJob, TranscodeStep, Video
from media_pipeline.services.bucket_renditions import drop_rendition_set
from media_pipeline.services.digests import digest_files
from media_pipeline.services.jobs.advancing import advance
from media_pipeline.services.jobs.checkpoints import keep_parts, parts_folder, reopen_lost_parts, source_of
from media_pipeline.services.jobs.disk_reservation import hold_for_disk, reserve_disk
from media_pipeline.services.jobs.heartbeats import attempt_folder, tick
from media_pipeline.services.jobs.next_steps import plan_of
from media_pipeline.services.publishing import publish_version
from media_pipeline.stores import current_store
from media_pipeline.transcoding.analysis import analyze
from media_pipeline.transcoding.assemble import assemble_package
from media_pipeline.transcoding.binaries import Binaries, find_binaries
from media_pipeline.transcoding.chunks import encode_chunk
from media_pipeline.transcoding.plan import Options, make_plan
from media_pipeline.transcoding.probe import Policy, probe, probe_from_json
from media_pipeline.transcoding.sound import encode_sounds


@dataclass(frozen=True, slots=True)
class Work:
    """The inputs of a step."""

    job: TranscodeJob
    step: TranscodeStep
    source: Path
    folder: Path
    binaries: Binaries

    def tick(self, fraction: float = 0.0) -> None:
        tick(self.step, fraction)


def run_step(step: TranscodeStep) -> None:
    """Run the step and record its result. Raises what the transcoder raises, and LeaseLost, WorkerStopping, SourceMissing."""
    folder = attempt_folder(step)
    folder.mkdir(parents=True)
    work = Work(
        job=step.job,
        step=step,
        source=source_of(step.job.video, step.job_id),
        folder=folder,
        binaries=find_binaries({**os.environ, "FFMPEG_BINARY": settings.FFMPEG_BINARY}),
    )
    STEP_HANDLERS[StepKind(step.kind)](work)


def _probe(work: Work) -> None:
    seen = probe(
        work.source,
        folder=work.folder,
        binaries=work.binaries,
        policy=Policy(max_seconds=settings.MEDIA_MAX_SECONDS),
        on_tick=work.tick,
    )
    with transaction.atomic():
        step = fenced(work.step, related=("job",))
        Video.objects.filter(pk=step.job.video_id).update(probe=seen.as_json())
        finish(step, checkpoint={})


def _analyze(work: Work) -> None:
    seen = probe_from_json(work.job.video.probe or {})
    analysis = analyze(work.source, seen, folder=work.folder, binaries=work.binaries, on_tick=work.tick)
    plan = make_plan(seen, analysis, plan_options())
    with transaction.atomic():
        step = fenced(work.step, related=("job",))
        step.job.plan = plan.as_json()
        step.job.save(update_fields=["plan"])
        try:
            reserve_disk(step.job)
        except DiskSpaceNeeded:
            hold_for_disk(step.job)
        finish(step, checkpoint={"analysis": analysis.as_json()})


def plan_options() -> Options:
    return Options(
        has_full_hd=settings.MEDIA_FULL_HD,
        has_av1=settings.MEDIA_AV1,
        chunk_seconds=settings.MEDIA_CHUNK_SECONDS,
        # A video of less than three chunks is encoded in one go.
        one_chunk_seconds=settings.MEDIA_CHUNK_SECONDS * 3,
    )


def _chunk(work: Work) -> None:
    files = encode_chunk(
        work.source,
        plan_of(work.job),
        phase=work.step.phase,
        chunk=work.step.number,
        folder=work.folder,
        binaries=work.binaries,
        on_fraction=work.tick,
    )
    _keep_files(work.step, files.values())


def _sound(work: Work) -> None:
    files = encode_sounds(
        work.source,
        plan_of(work.job),
        folder=work.folder,
        binaries=work.binaries,
        on_fraction=work.tick,
    )
    _keep_files(work.step, files.values())


def _keep_files(step: TranscodeStep, files: Iterable[Path]) -> None:
    files = list(files)
    for path in files:
        sync(path)
    with transaction.atomic():
        # Fenced: a worker that lost its lease must not touch the output of another one.
        step = fenced(step)
        finish(step, checkpoint=keep_parts(files, step.job_id))


def _assemble(work: Work) -> None:
    if _has_lost_parts(work.step):
        return
    plan = plan_of(work.job)
    package = work.folder / "package"
    package.mkdir()
    assemble_package(
        plan,
        phase=work.step.phase,
        parts=parts_folder(work.job.pk),
        folder=package,
        binaries=work.binaries,
        on_tick=work.tick,
    )
    # Before anything is locked: reading takes seconds, a bucket may take minutes.
    digests = digest_files(package.glob("*.mp4"), on_tick=work.tick)
    rendition_set = current_store().put(package, owner=work.job.video.public_id.hex, on_tick=work.tick)
    try:
        with transaction.atomic():
            step = fenced(work.step, related=("job",))
            video = Video.objects.select_for_update(of=("self",)).get(pk=step.job.video_id)
            version = publish_version(
                video=video,
                plan=plan.up_to(step.phase),
                package=package,
                rendition_set=rendition_set,
                digests=digests,
            )
            finish(step, checkpoint={"version": version.number})
    except Exception:
        drop_rendition_set(rendition_set)
        raise


@transaction.atomic
def _has_lost_parts(step: TranscodeStep) -> bool:
    """When parts are gone from the disk they are encoded again, and joining them waits for that."""
    step = fenced(step, related=("job",))
    if not reopen_lost_parts(step.job):
        return False
    step.delete()
    advance(job_id=step.job_id)
    return True


STEP_HANDLERS: dict[StepKind, Callable[[Work], None]] = {
    StepKind.PROBE: _probe,
    StepKind.ANALYZE: _analyze,
    StepKind.CHUNK: _chunk,
    StepKind.SOUND: _sound,
    StepKind.ASSEMBLE: _assemble,
}
