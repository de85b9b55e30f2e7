"""Drawing the paper: once, from frozen facts, whole or not at all."""

import datetime as dt
import hashlib
import os
import tempfile
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from certificates import tasks
from certificates.drawing import Paper, draw_certificate
from certificates.enums import FileKind, RenderState
from certificates.errors import AlreadyDrawn
from certificates.models import Artifact, Copy, Credential, RenderJob
from certificates.services.designs import assets_of

MAX_ATTEMPTS = 3
LEASE = dt.timedelta(minutes=3)
# A job nobody started after this long lost its bell.
GRACE = dt.timedelta(seconds=30)


def verify_url(code: str) -> str:
    """The address in the QR code: short, and the same in every language."""
    return f"{settings.SITE_URL}/v/{code}"


def paper_of(credential: Credential, copy: Copy | None = None) -> Paper:
    """What a certificate, or a numbered copy of it, says."""
    return Paper(
        number=credential.number,
        code=credential.code,
        issued_on=credential.issued_on,
        facts=credential.facts,
        design=credential.design,
        verify_url=verify_url(credential.code),
        copy_number=copy.number if copy else None,
        copied_on=copy.issued_on if copy else None,
        valid_from=credential.valid_from,
        valid_until=credential.valid_until,
        assets=assets_of(credential.design),
    )


def render_certificate(*, job_id: int) -> Artifact | None:
    """Draw the certificate of a job. Called twice or by two workers, it keeps one file and one row.

    Returns the artifact, or None where another worker holds the job. An error of drawing is kept on the job and
    raised; the sweep rings again until `MAX_ATTEMPTS`.
    """
    job = _lease(job_id)
    if job is None:
        return _drawn(RenderJob.objects.get(pk=job_id))
    try:
        pdf = draw_certificate(paper_of(job.credential, job.copy), card=job.kind == FileKind.CARD)
        path = _keep(job.credential, pdf)
    except Exception as error:
        _fail(job, error)
        raise
    return _finish(job, path, pdf)


def _drawn(job: RenderJob) -> Artifact | None:
    return Artifact.objects.filter(credential=job.credential_id, kind=job.kind, copy=job.copy_id).first()


@transaction.atomic
def _lease(job_id: int) -> RenderJob | None:
    """Take a job for `LEASE`, counting the attempt. None where it is done, given up or held by another worker."""
    job = (
        RenderJob.objects.select_for_update(of=("self",)).select_related("credential", "copy").get(pk=job_id)
    )
    held = job.state == RenderState.RUNNING and job.lease_until and job.lease_until > timezone.now()
    if held or job.state in {RenderState.DONE, RenderState.FAILED}:
        return None
    if job.attempts >= MAX_ATTEMPTS:
        job.state = RenderState.FAILED
        job.error = job.error or "every worker that drew this certificate died"
        job.save(update_fields=["state", "error"])
        return None
    job.state = RenderState.RUNNING
    job.attempts += 1
    job.lease_until = timezone.now() + LEASE
    job.save(update_fields=["state", "attempts", "lease_until"])
    return job


def _keep(credential: Credential, pdf: bytes) -> str:
    """Write the file whole: temporary name, fsync, rename.

    Its name carries its hash: two workers that draw one certificate seal two files, and neither overwrites the other's.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    name = f"certificates/{credential.issued_on.year}/{credential.public_id}-{digest[:16]}.pdf"
    storage = storages["private"]
    target = Path(storage.path(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return name


@transaction.atomic
def _finish(job: RenderJob, path: str, pdf: bytes) -> Artifact:
    artifact, _created = Artifact.objects.get_or_create(
        credential=job.credential,
        kind=job.kind,
        copy=job.copy,
        defaults={
            "path": path,
            "sha256": hashlib.sha256(pdf).hexdigest(),
            "size": len(pdf),
            "rendered_at": timezone.now(),
        },
    )
    RenderJob.objects.filter(pk=job.pk).update(state=RenderState.DONE, lease_until=None, error="")
    if artifact.path != path:
        # Another worker was first: its file is the certificate, this one never was.
        transaction.on_commit(partial(storages["private"].delete, path))
    return artifact


def _fail(job: RenderJob, error: Exception) -> None:
    state = RenderState.FAILED if job.attempts >= MAX_ATTEMPTS else RenderState.WAITING
    RenderJob.objects.filter(pk=job.pk).update(
        state=state, lease_until=None, error=f"{type(error).__name__}: {error}"[:2000]
    )


def sweep_render_jobs() -> int:
    """Ring again for jobs whose bell or worker was lost. Returns how many."""
    now = timezone.now()
    lost = RenderJob.objects.filter(
        Q(state=RenderState.WAITING, created_at__lt=now - GRACE)
        | Q(state=RenderState.RUNNING, lease_until__lt=now)
    ).values_list("pk", flat=True)[:500]
    for job_id in lost:
        tasks.render.delay(job_id)
    return len(lost)


@transaction.atomic
def retry_rendering(*, job_id: int) -> RenderJob:
    """Give a failed job three more attempts."""
    job = RenderJob.objects.select_for_update(of=("self",)).select_related("credential").get(pk=job_id)
    if job.state == RenderState.DONE:
        raise AlreadyDrawn(number=job.credential.number)
    job.state, job.attempts, job.lease_until, job.error = RenderState.WAITING, 0, None, ""
    job.save(update_fields=["state", "attempts", "lease_until", "error"])
    transaction.on_commit(partial(tasks.render.delay, job.pk), robust=True)
    return job
