"""Picks up what a lost message, a killed worker or a wiped broker left behind."""

import datetime as dt
import re
import shutil
import time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from media_pipeline.enums import JobState
from media_pipeline.folders import staging_folder
from media_pipeline.models import TranscodeJob
from media_pipeline.services.bell import ring
from media_pipeline.services.jobs import MAX_ATTEMPTS, quarantine

# Longer than a message normally waits for a free worker; a second bell for a waiting job is harmless.
RING_AGAIN_AFTER = dt.timedelta(seconds=60)
ABANDONED_SECONDS = 3600


@transaction.atomic
def sweep_jobs() -> list[int]:
    """Ring again for jobs nobody took or whose lease ran out; quarantine those out of attempts.

    Returns the ids it rang for. Two sweepers at once share the rows between them and ring once for each.
    """
    now = timezone.now()
    lost = TranscodeJob.objects.select_for_update(of=("self",), skip_locked=True).filter(
        Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now),
        rung_at__lt=now - RING_AGAIN_AFTER,
    )
    rung = []
    for job in lost:
        if job.attempts >= MAX_ATTEMPTS:
            quarantine(job)
            continue
        job.rung_at = now
        job.save(update_fields=["rung_at"])
        ring(job.pk)
        rung.append(job.pk)
    transaction.on_commit(_clear_staging)
    return rung


def _clear_staging() -> None:
    """Remove what dead workers left: folders of attempts that no running job owns."""
    if not staging_folder().is_dir():
        return
    held = TranscodeJob.objects.filter(state=JobState.RUNNING, lease_until__gte=timezone.now())
    owned = {f"{pk}-{fence}" for pk, fence in held.values_list("pk", "fence")}
    for folder in staging_folder().iterdir():
        is_attempt = re.fullmatch(r"\d+-\d+", folder.name)
        is_old = time.time() - folder.stat().st_mtime > ABANDONED_SECONDS
        if folder.name not in owned and (is_attempt or is_old):
            shutil.rmtree(folder, ignore_errors=True)
