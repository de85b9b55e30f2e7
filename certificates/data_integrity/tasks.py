"""The task of this engine."""

from celery import shared_task

from certificates.data_integrity.proofs import make_proof


@shared_task(name="certificates.prove", time_limit=60)
def prove(job_id: int) -> None:
    make_proof(job_id=job_id)
