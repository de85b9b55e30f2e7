"""The task of this engine."""

from certificates.data_integrity.proofs import make_proof
from jobs.declaring import Queue, task


@task(Queue.CERTIFICATES, name="certificates.prove", time_limit=60)
def prove(job_id: int) -> None:
    """Make the proof of one credential."""
    make_proof(job_id=job_id)
