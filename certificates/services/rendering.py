"""Rendering of certificates: each file once, from frozen claims, completely or not at all."""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path

from django.db import Error as DatabaseProblem
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from certificates.enums import FileKind
from certificates.errors import AlreadyDrawn, NotAllowedHere, NothingFailed
from certificates.models import Artifact, Proposal, RenderJob
from certificates.services.file_storage import (
    delete_orphaned_files,
    move_into_place,
    name_of,
    temporary_file,
    write_durably,
)
from certificates.services.notices import create_issue_notice
from certificates.services.sealed_pdfs import SealedPdf, render_sealed_pdf
from jobs.enums import OPEN_STATES, JobState
from jobs.services.leases import finish
from jobs.services.recovery import restart
from jobs.services.working import work_on

logger = logging.getLogger(__name__)


def render_certificates(*, job_ids: Sequence[int]) -> int:
    """Draw the certificates of a message independently. Returns how many were drawn here.

    The error of a failed job is stored on its row and does not stop the others. Called twice or by two workers, each
    certificate keeps one file and one row. Raises django.db.Error if the database is unavailable.
    """
    waiting = RenderJob.objects.filter(pk__in=job_ids, state__in=OPEN_STATES).order_by("pk")
    drawn = 0
    for job_id in list(waiting.values_list("pk", flat=True)):
        try:
            drawn += render_certificate(job_id=job_id) is not None
        except DatabaseProblem:
            raise
        except Exception:
            # The row stores the error for staff; the log has the traceback.
            logger.exception("Certificate of job %s was not drawn.", job_id)
    return drawn


def render_certificate(*, job_id: int) -> Artifact | None:
    """Draw the certificate of a job. Called twice or by two workers, it keeps one file and one row.

    Returns the artifact, or None where another worker holds the job. An error of drawing is stored on the job and raised.
    """
    related = ("credential__type", "credential__center", "copy")
    drawn = work_on(RenderJob, job_id, _draw, related=related)
    return drawn or _drawn(RenderJob.objects.get(pk=job_id))


def _draw(job: RenderJob) -> Artifact:
    sealed = render_sealed_pdf(job)
    with temporary_file() as file:
        write_durably(file, sealed.pdf)
        return _finish(job, file, sealed)


def _drawn(job: RenderJob) -> Artifact | None:
    return Artifact.objects.filter(credential=job.credential_id, kind=job.kind, copy=job.copy_id).first()


@transaction.atomic
def _finish(job: RenderJob, file: Path, sealed: SealedPdf) -> Artifact:
    """Store a drawn file as the artifact of the certificate, unless it has one already."""
    finish(job)
    first = _drawn(job)
    if first is not None:
        return first
    pdf = sealed.pdf
    name = name_of(job, pdf)
    artifact = Artifact.objects.create(
        credential=job.credential,
        kind=job.kind,
        copy=job.copy,
        path=name,
        sha256=hashlib.sha256(pdf).hexdigest(),
        size=len(pdf),
        key_id=sealed.key_id,
        rendered_at=timezone.now(),
    )
    if job.kind == FileKind.CERTIFICATE and job.copy is None:
        create_issue_notice(credential=job.credential)
    if job.fence > 1:
        delete_orphaned_files(job)
    # Last, so that a database error leaves no file.
    move_into_place(file, name)
    return artifact


@transaction.atomic
def retry_rendering(*, job_id: int, by: User) -> RenderJob:
    """Give a failed job three more attempts. Raises AlreadyDrawn, NotAllowedHere, NothingFailed."""
    job = (
        RenderJob.objects.select_for_update(of=("self",))
        .select_related("credential__type", "credential__center", "copy")
        .get(pk=job_id)
    )
    if not may(by, Act.PROPOSE_CERTIFICATES, on=job.credential):
        raise NotAllowedHere(center=job.credential.center)
    if job.state == JobState.DONE:
        raise AlreadyDrawn(number=job.credential.number)
    if job.state != JobState.FAILED:
        raise NothingFailed
    log(job.credential, "certificates.redraw", user=by, data={"jobs": 1})
    _restart([job])
    job.refresh_from_db()
    return job


@transaction.atomic
def retry_failed(*, proposal_id: int, by: User) -> int:
    """Give every failed drawing of a proposal three more attempts. Returns how many.

    Raises NotAllowedHere, NothingFailed.
    """
    proposal = Proposal.objects.select_related("center").get(pk=proposal_id)
    if not may(by, Act.PROPOSE_CERTIFICATES, on=proposal):
        raise NotAllowedHere(center=proposal.center)
    jobs = list(
        RenderJob.objects.select_for_update(of=("self",))
        .select_related("credential__type", "credential__center", "copy")
        .filter(credential__proposal=proposal_id, state=JobState.FAILED)
    )
    if not jobs:
        raise NothingFailed
    log(proposal, "certificates.redraw", user=by, data={"jobs": len(jobs)})
    _restart(jobs)
    return len(jobs)


def _restart(jobs: Sequence[RenderJob]) -> None:
    """Reset locked jobs. Attempts count from zero again, so files of earlier attempts are deleted first."""
    for job in jobs:
        delete_orphaned_files(job)
    restart(RenderJob, [job.pk for job in jobs])
