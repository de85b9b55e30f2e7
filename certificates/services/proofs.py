"""Credentials with a Data Integrity proof: asked for by the holder, made by a worker, kept."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from certificates.enums import KeyRole, ProofState
from certificates.errors import NotForYou
from certificates.models import Credential, ProofJob, SigningKey
from certificates.openbadges.credential import build_credential
from certificates.openbadges.data_integrity import add_proof
from certificates.services.badges import credential_facts
from certificates.services.format_signers import format_signer
from jobs.dispatching import dispatch

MAX_ATTEMPTS = 3
LEASE = dt.timedelta(minutes=2)
GRACE = dt.timedelta(seconds=30)


@transaction.atomic
def ask_for_proof(*, credential_id: int, by: User) -> ProofJob:
    """Ask for the credential with a proof inside. One is made once; asked again, the same is answered.

    A failed one, and one whose key was stolen since, is made anew. Raises NotForYou for all but the holder.
    """
    credential = Credential.objects.select_for_update(of=("self",)).get(pk=credential_id)
    if by.person_id is None or by.person_id != credential.holder_id:
        raise NotForYou
    now = timezone.now()
    job, is_new = ProofJob.objects.get_or_create(credential=credential, defaults={"asked_at": now})
    if not is_new and (job.state == ProofState.FAILED or _is_worthless(job)):
        job.state, job.attempts, job.error = ProofState.WAITING, 0, ""
        job.document, job.key_id, job.asked_at = None, "", now
        job.save()
        is_new = True
    if is_new:
        dispatch("certificates.prove", job.pk)
    return job


def make_proof(*, job_id: int) -> ProofJob | None:
    """Make the proof of a job; None where another worker holds it or it is over. An error is kept on the job and raised."""
    job = _lease(job_id)
    if job is None:
        return None
    try:
        signer = format_signer(KeyRole.DATA_INTEGRITY)
        document = add_proof(
            build_credential(credential_facts(job.credential)), signer=signer, created=timezone.now()
        )
    except Exception as error:
        state = ProofState.FAILED if job.attempts >= MAX_ATTEMPTS else ProofState.WAITING
        ProofJob.objects.filter(pk=job.pk).update(
            state=state, lease_until=None, error=f"{type(error).__name__}: {error}"[:2000]
        )
        raise
    job.state, job.document, job.key_id = ProofState.DONE, document, signer.key_id
    job.lease_until, job.error = None, ""
    job.save(update_fields=["state", "document", "key_id", "lease_until", "error"])
    return job


def sweep_proofs() -> int:
    """Ring again for jobs whose bell or worker was lost. Returns how many."""
    now = timezone.now()
    lost = ProofJob.objects.filter(
        Q(state=ProofState.WAITING, asked_at__lt=now - GRACE)
        | Q(state=ProofState.RUNNING, lease_until__lt=now)
    ).values_list("pk", flat=True)[:500]
    for job_id in lost:
        dispatch("certificates.prove", job_id)
    return len(lost)


def _is_worthless(job: ProofJob) -> bool:
    return SigningKey.objects.filter(key_id=job.key_id, compromised_at__isnull=False).exists()


@transaction.atomic
def _lease(job_id: int) -> ProofJob | None:
    job = (
        ProofJob.objects.select_for_update(of=("self",))
        .select_related("credential__type", "credential__center")
        .get(pk=job_id)
    )
    held = job.state == ProofState.RUNNING and job.lease_until and job.lease_until > timezone.now()
    if held or job.state in {ProofState.DONE, ProofState.FAILED}:
        return None
    if job.attempts >= MAX_ATTEMPTS:
        job.state, job.error = ProofState.FAILED, job.error or "every worker that made this proof died"
        job.save(update_fields=["state", "error"])
        return None
    job.state, job.attempts, job.lease_until = ProofState.RUNNING, job.attempts + 1, timezone.now() + LEASE
    job.save(update_fields=["state", "attempts", "lease_until"])
    return job
