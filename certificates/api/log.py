"""The transparency log for auditors (RFC 9162): checkpoints, proofs, entries."""

import base64
import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.errors import HttpError

from certificates.api.auth import ApiKey, enforce_address_rate_limit, openapi_details
from certificates.api.schemas import Checkpoints, ConsistencyOut, Detail, Entries, InclusionOut, Malformed
from certificates.enums import ClientScope
from certificates.models import LogCheckpoint, LogEntry
from certificates.services.transparency_log import consistency_between, inclusion_of, log_size
from certificates.services.verification import verify

router = Router()
DAYS_A_PAGE = 100
MOST_ENTRIES = 1000
# PostgreSQL's bigint.
MOST = 2**63 - 1
Size = Annotated[int, Query(ge=0, le=MOST)]


@router.get(
    "checkpoint",
    response={404: Detail},
    url_name="checkpoint",
    summary="The newest checkpoint",
    openapi_extra={
        "responses": {
            200: {"description": "A signed note", "content": {"text/plain": {"schema": {"type": "string"}}}}
        }
    },
)
def newest(request: HttpRequest) -> HttpResponse:
    """Size and root of the log, signed every night with the log's key."""
    checkpoint = LogCheckpoint.objects.first()
    if checkpoint is None:
        raise HttpError(404, "Nothing was sealed yet.")
    return HttpResponse(checkpoint.note, content_type="text/plain; charset=utf-8")


@router.get(
    "checkpoints",
    response={200: Checkpoints, 422: Malformed},
    url_name="checkpoints",
    summary="All checkpoints, newest first",
)
def checkpoints(request: HttpRequest, before: dt.date | None = None) -> dict[str, Any]:
    """A hundred days at a time; go on with before = next_before."""
    rows = LogCheckpoint.objects.all()
    page = list((rows.filter(day__lt=before) if before else rows)[: DAYS_A_PAGE + 1])
    shown = page[:DAYS_A_PAGE]
    return {"checkpoints": shown, "next_before": shown[-1].day if len(page) > DAYS_A_PAGE else None}


@router.get(
    "inclusion/{code}",
    response={200: InclusionOut, 404: Detail, 409: Detail, 429: Detail},
    url_name="inclusion",
    summary="Prove that a certificate is in the log",
    openapi_extra=openapi_details(too_many=True),
)
def inclusion(request: HttpRequest, code: str) -> dict[str, Any]:
    """Every entry of the certificate with its proof against the newest checkpoint. 409 until one covers it."""
    address = request.META["REMOTE_ADDR"]
    enforce_address_rate_limit(address)
    credential = verify(typed=code, address=address).credential
    if credential is None:
        raise HttpError(404, "No certificate has this code.")
    proven = inclusion_of(credential)
    return {
        "size": proven.size,
        "checkpoint": proven.note,
        "entries": [
            {"position": one.position, "content": one.content, "proof": _base64(one.proof)}
            for one in proven.entries
        ],
    }


@router.get(
    "consistency",
    response={200: ConsistencyOut, 409: Detail, 422: Malformed},
    url_name="consistency",
    summary="Prove that an older log is the beginning of a newer one",
)
def consistency(request: HttpRequest, older: Size, newer: Size) -> dict[str, Any]:
    """Both are numbers of entries, such as those of two checkpoints."""
    proof = consistency_between(older=older, newer=newer)
    return {"older": older, "newer": newer, "proof": _base64(proof)}


@router.get(
    "entries",
    auth=ApiKey(ClientScope.AUDIT),
    response={200: Entries, 401: Detail, 422: Malformed},
    url_name="entries",
    summary="The entries in order",
    openapi_extra=openapi_details(ClientScope.AUDIT),
)
def entries(
    request: HttpRequest, start: Size = 0, limit: Annotated[int, Query(ge=1, le=MOST_ENTRIES)] = MOST_ENTRIES
) -> dict[str, Any]:
    """For auditors with a key that may audit: all leaves, to rebuild the tree. They name no person."""
    rows = list(LogEntry.objects.filter(position__gte=start)[:limit])
    size = log_size()
    after = rows[-1].position + 1 if rows else size
    return {"entries": rows, "size": size, "next_start": after if after < size else None}


def _base64(hashes: list[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in hashes]
