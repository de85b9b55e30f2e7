"""Drawing the paper: once, from frozen facts, whole or not at all."""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from itertools import batched
from pathlib import Path

from django.db import Error as DatabaseProblem
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from certificates.enums import FileKind, RenderState
from certificates.errors import AlreadyDrawn, NotAllowedHere, NothingFailed
from certificates.models import Artifact, Proposal, RenderJob
from certificates.services.keeping import (
    LEASE,
    forget_left_files,
    forget_unfinished_files,
    give_name,
    name_of,
    unfinished_file,
    write_through,
)
from certificates.services.notices import tell_of_issue
from certificates.services.papers import Sealed, draw_sealed
from jobs.dispatching import dispatch

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
# A job nobody started after this long lost its bell: half a minute at the usual lease.
GRACE = LEASE / 6
# How many certificates one message asks for: few enough that two workers share a class.
JOBS_IN_A_MESSAGE = 25
# How many lost jobs one sweep rings for.
SWEPT_AT_ONCE = 5000


def ring(job_ids: Iterable[int]) -> None:
    """Ask the workers for jobs, in messages of `JOBS_IN_A_MESSAGE`."""
    for chunk in batched(job_ids, JOBS_IN_A_MESSAGE, strict=False):
        dispatch("certificates.render_chunk", list(chunk))


def render_certificates(*, job_ids: Sequence[int]) -> int:
    """Draw the certificates of a message, each for itself. Returns how many were drawn here.

    One that cannot be drawn keeps its error on its own row and stops no other. Called twice or by two workers, each
    certificate keeps one file and one row. Raises django.db.Error where the database is not there.
    """
    waiting = RenderJob.objects.filter(
        pk__in=job_ids, state__in=(RenderState.WAITING, RenderState.RUNNING)
    ).order_by("pk")
    drawn = 0
    for job_id in list(waiting.values_list("pk", flat=True)):
        try:
            drawn += render_certificate(job_id=job_id) is not None
        except DatabaseProblem:
            raise
        except Exception:
            # The row keeps the error for staff; the log keeps where it came from.
            logger.exception("Certificate of job %s was not drawn.", job_id)
    return drawn


def render_certificate(*, job_id: int) -> Artifact | None:
    """Draw the certificate of a job. Called twice or by two workers, it keeps one file and one row.

    Returns the artifact, or None where another worker holds the job. An error of drawing is kept on the job and
    raised; the sweep rings again until `MAX_ATTEMPTS`.
    """
    job = _lease(job_id)
    if job is None:
        return _drawn(RenderJob.objects.get(pk=job_id))
    try:
        sealed = draw_sealed(job)
        with unfinished_file() as file:
            write_through(file, sealed.pdf)
            return _finish(job, file, sealed)
    except Exception as error:
        _fail(job, error)
        raise


def _drawn(job: RenderJob) -> Artifact | None:
    return Artifact.objects.filter(credential=job.credential_id, kind=job.kind, copy=job.copy_id).first()


@transaction.atomic
def _lease(job_id: int) -> RenderJob | None:
    """Take a job for `LEASE`, counting the attempt. None where it is done, given up or held by another worker."""
    job = (
        RenderJob.objects.select_for_update(of=("self",))
        .select_related("credential__type", "credential__center", "copy")
        .get(pk=job_id)
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


@transaction.atomic
def _finish(job: RenderJob, file: Path, sealed: Sealed) -> Artifact:
    """Make a drawn file the certificate's, unless another worker's already is."""
    RenderJob.objects.select_for_update().get(pk=job.pk)
    first = _drawn(job)
    if first is not None:
        _done(job)
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
    _done(job)
    if job.kind == FileKind.PAPER and job.copy is None:
        tell_of_issue(credential=job.credential)
    if job.attempts > 1:
        forget_left_files(job)
    # Last, so that what the database refuses leaves no file.
    give_name(file, name)
    return artifact


def _done(job: RenderJob) -> None:
    RenderJob.objects.filter(pk=job.pk).update(state=RenderState.DONE, lease_until=None, error="")


def _fail(job: RenderJob, error: Exception) -> None:
    state = RenderState.FAILED if job.attempts >= MAX_ATTEMPTS else RenderState.WAITING
    # A worker that lost its lease does not undo what another one has done since.
    RenderJob.objects.filter(pk=job.pk).exclude(state=RenderState.DONE).update(
        state=state, lease_until=None, error=f"{type(error).__name__}: {error}"[:2000]
    )


@transaction.atomic
def sweep_render_jobs() -> int:
    """Ring again for jobs whose bell or worker was lost. Returns how many."""
    now = timezone.now()
    lost = list(
        RenderJob.objects.filter(
            Q(state=RenderState.WAITING) | Q(state=RenderState.RUNNING, lease_until__lt=now),
            rung_at__lt=now - GRACE,
        )
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("pk")
        .values_list("pk", flat=True)[:SWEPT_AT_ONCE]
    )
    RenderJob.objects.filter(pk__in=lost).update(rung_at=now)
    ring(lost)
    forget_unfinished_files()
    return len(lost)


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
    if job.state == RenderState.DONE:
        raise AlreadyDrawn(number=job.credential.number)
    if job.state != RenderState.FAILED:
        raise NothingFailed
    log(job.credential, "certificates.redraw", user=by, data={"jobs": 1})
    _start_again([job])
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
        .filter(credential__proposal=proposal_id, state=RenderState.FAILED)
    )
    if not jobs:
        raise NothingFailed
    log(proposal, "certificates.redraw", user=by, data={"jobs": len(jobs)})
    _start_again(jobs)
    return len(jobs)


def _start_again(jobs: Sequence[RenderJob]) -> None:
    """Reset locked jobs. The attempts are counted anew, so what the old ones left goes first."""
    for job in jobs:
        forget_left_files(job)
    ids = [job.pk for job in jobs]
    RenderJob.objects.filter(pk__in=ids).update(
        state=RenderState.WAITING, attempts=0, lease_until=None, error="", rung_at=timezone.now()
    )
    ring(ids)
