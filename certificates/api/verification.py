"""Operations that verify certificates."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from certificates.api.auth import (
    ApiKey,
    ClientRequest,
    enforce_address_rate_limit,
    enforce_client_rate_limit,
    openapi_details,
)
from certificates.api.schemas import Codes, Detail, Key, Malformed, Refused, SignedAnswer, SignedAnswers
from certificates.enums import ClientScope, LookupVia
from certificates.openbadges.credential import timestamp
from certificates.services.published_keys import key_register
from certificates.services.verification import look_up, verify
from certificates.services.verification_responses import sign_response, verification_response

router = Router()


@router.get(
    "verify/{code}",
    response={200: SignedAnswer, 429: Detail, 503: Refused},
    url_name="verify",
    summary="Check one code",
    openapi_extra=openapi_details(too_many=True),
)
def verify_one(request: HttpRequest, response: HttpResponse, code: str) -> dict[str, Any]:
    """Anybody may ask, 30 times a minute. A wrong code is an answer, not an error."""
    address = request.META["REMOTE_ADDR"]
    enforce_address_rate_limit(address)
    now = timezone.now()
    answer = verification_response(verify(typed=code, address=address))
    _private(response)
    return {**answer, "checked_at": timestamp(now), "jws": sign_response(answer, now=now)}


@router.post(
    "verify",
    auth=ApiKey(ClientScope.VERIFY),
    response={
        200: SignedAnswers,
        400: Detail,
        401: Detail,
        413: Detail,
        422: Malformed,
        429: Detail,
        503: Refused,
    },
    url_name="verify_many",
    summary="Check up to 1,000 codes",
    openapi_extra=openapi_details(ClientScope.VERIFY, too_many=True),
)
def verify_bulk(request: ClientRequest, response: HttpResponse, question: Codes) -> dict[str, Any]:
    """For programs with a key that may verify. One answer a code, in the order of the question."""
    client = request.auth
    enforce_client_rate_limit(client, len(question.codes))
    now = timezone.now()
    found = look_up(question.codes, via=LookupVia.CODE, client=f"client/{client.pk}")
    answers = [verification_response(one) for one in found]
    _private(response)
    return {
        "checked_at": timestamp(now),
        "answers": answers,
        "jws": sign_response({"answers": answers}, now=now),
    }


@router.get("keys", response=list[Key], url_name="keys", summary="Every key there ever was")
def keys(request: HttpRequest) -> list[dict[str, Any]]:
    """Seals, credentials, log and time stamps. Those that sign credentials are in /.well-known/did.json too."""
    return key_register()


def _private(response: HttpResponse) -> None:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
