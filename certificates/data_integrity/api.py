"""API operations for the credential with its proof: the holder requests and fetches it."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from accounts.models import User
from certificates.api.auth import PersonRequest, Session
from certificates.api.schemas import Detail
from certificates.codes import parse_code
from certificates.data_integrity.proofs import request_proof
from certificates.models import Credential, ProofJob
from jobs.enums import JobState

router = Router()


class Proof(Schema):
    """`document` is the credential with its proof once `state` is `done`."""

    state: JobState
    document: dict[str, Any] | None


@router.post(
    "{code}/proof",
    auth=Session(),
    response={202: Proof, 401: Detail, 403: Detail, 404: Detail},
    url_name="proof",
    summary="Ask for the credential with a Data Integrity proof",
)
def ask(request: PersonRequest, code: str) -> Status[ProofJob]:
    """For its holder. A worker makes it (eddsa-rdfc-2022); fetch it from the same address."""
    by = request.auth
    credential = get_object_or_404(_own(by), code=parse_code(code) or "")
    return Status(202, request_proof(credential_id=credential.pk, by=by))


@router.get(
    "{code}/proof",
    auth=Session(),
    response={200: Proof, 401: Detail, 404: Detail},
    url_name="proof",
    summary="The credential with its proof, once it is made",
)
def proof(request: PersonRequest, code: str) -> ProofJob:
    """For its holder."""
    by = request.auth
    return get_object_or_404(ProofJob, credential__in=_own(by), credential__code=parse_code(code) or "")


def _own(user: User) -> QuerySet[Credential]:
    return Credential.objects.filter(holder=user.person_id) if user.person_id else Credential.objects.none()
