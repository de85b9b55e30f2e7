"""Credentials with a Data Integrity proof: requested by the holder, made by a worker, stored."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from certificates.data_integrity.suite import add_proof
from certificates.enums import KeyRole
from certificates.errors import NotForYou
from certificates.models import Credential, ProofJob, SigningKey
from certificates.openbadges.credential import build_credential
from certificates.services.badges import credential_claims
from certificates.services.jose_signers import jose_signer
from jobs.enums import JobState
from jobs.services.dispatch import dispatch_jobs
from jobs.services.leases import finish
from jobs.services.recovery import restart
from jobs.services.working import work_on


@transaction.atomic
def request_proof(*, credential_id: int, by: User) -> ProofJob:
    """Request the credential with a proof. It is made once; further requests get the same one.

    One that failed, and one whose key was compromised since, is made again. Raises NotForYou for a user who is not the holder.
    """
    credential = Credential.objects.select_for_update(of=("self",)).get(pk=credential_id)
    if by.person_id is None or by.person_id != credential.holder_id:
        raise NotForYou
    job, is_new = ProofJob.objects.get_or_create(credential=credential)
    if is_new:
        dispatch_jobs(ProofJob, [job.pk])
        return job
    job = ProofJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if job.state == JobState.FAILED or _is_worthless(job):
        ProofJob.objects.filter(pk=job.pk).update(document=None, key_id="")
        restart(ProofJob, [job.pk])
        job.refresh_from_db()
    return job


def make_proof(*, job_id: int) -> ProofJob | None:
    """Make the proof of a job; None where another worker holds it or it is over. An error is kept on the job and raised."""
    return work_on(ProofJob, job_id, _prove, related=("credential__type", "credential__center"))


def _prove(job: ProofJob) -> ProofJob:
    signer = jose_signer(KeyRole.DATA_INTEGRITY)
    unsigned = build_credential(credential_claims(job.credential))
    document = add_proof(unsigned, signer=signer, created=timezone.now())
    return finish(job, document=document, key_id=signer.key_id)


def _is_worthless(job: ProofJob) -> bool:
    return SigningKey.objects.filter(key_id=job.key_id, compromised_at__isnull=False).exists()
