"""Who may ask for a proof, and what its task does with a row at rest."""

from django.db.models import Model
from django.utils import timezone

from accounts.models import Center
from certificates.models import ProofJob
from jobs.enums import JobState
from tests.factories.certificates import credential_in
from tests.project.authorization.table import own


def made_proof(center: Center) -> Model:
    return ProofJob.objects.create(
        credential=credential_in(center), state=JobState.DONE, document={}, finished_at=timezone.now()
    )


ADDRESSES = {"api:proof": own("The holder of the certificate.")}
TASKS = {"certificates.prove": ("job_id", made_proof)}
