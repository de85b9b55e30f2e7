"""What the API answers about codes: the same as the public page, signed, so that it can be kept as evidence."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from certificates.codes import parse_code
from certificates.enums import CredentialState, KeyRole, LookupResult
from certificates.jose import Json, sign_compact
from certificates.models import ApiClient, Credential, Lookup, StatusEvent
from certificates.openbadges.credential import timestamp
from certificates.openbadges.did import key_url
from certificates.queries.prerequisites import withdrawn_bases
from certificates.services.badges import site_did
from certificates.services.format_signers import format_signer
from certificates.services.verification import Verification, result_of

TYPE = "mihna-verification+jwt"
MOST_CODES = 1000
# What the public page shows. Never the identity document: whoever has the paper has its last digits.
_SHOWN = (
    "type_ar", "type_en", "name_ar", "name_en", "program_ar", "program_en", "program_code", "occupation_code",
    "level_ar", "level_en", "hours", "center_ar", "center_en", "governorate_ar", "governorate_en", "completed_on",
    "basis", "attendance_percent", "score_percent", "units",
)  # fmt: skip


def answer_of(verification: Verification) -> Json:
    """What the register knows about one code; `certificate` is None where there is none.

    `asked` is the question as it was sent, so that a signed answer about what is no code says what it is about.
    """
    credential, ended = verification.credential, verification.ended
    return {
        "asked": verification.asked,
        "code": verification.code,
        "result": verification.result.value,
        "certificate": _shown(credential) if credential else None,
        "ended": {"on": timezone.localdate(ended.at).isoformat(), "reason": ended.reason} if ended else None,
        "replaced_by": verification.successor.number if verification.successor else None,
        "is_basis_withdrawn": verification.is_basis_withdrawn,
    }


def signed(answer: Json, *, now: dt.datetime) -> str:
    """An answer as compact JWS with `iss` and `iat`: what was true at that second. Raises as `signer_for`."""
    signer, did = format_signer(KeyRole.CREDENTIAL), site_did()
    payload = {"iss": did, "iat": int(now.timestamp()), **answer}
    return sign_compact(payload, signer=signer, headers={"typ": TYPE, "kid": key_url(did, signer.key_id)})


def verify_many(*, typed: Sequence[str], client: ApiClient) -> list[Verification]:
    """Look up many codes with as many queries as for one, and keep a line about each."""
    codes = [parse_code(one) for one in typed]
    found = {
        credential.code: credential
        for credential in Credential.objects.filter(code__in=[code for code in codes if code]).select_related(
            "superseded_by", "renewed_by"
        )
    }
    ends = _ends(found.values())
    withdrawn = withdrawn_bases(credential.facts for credential in found.values())
    verifications = [
        replace(_verification(code, found, ends, withdrawn), asked=asked)
        for asked, code in zip(typed, codes, strict=True)
    ]
    now = timezone.now()
    Lookup.objects.bulk_create(
        Lookup(code=one.code, result=one.result, at=now, client_hash=f"client/{client.pk}")
        for one in verifications
    )
    return verifications


def _ends(credentials: Iterable[Credential]) -> dict[int, StatusEvent]:
    """The last event of each that is not in force, by certificate."""
    over = {one.pk: one.state for one in credentials if one.state != CredentialState.IN_FORCE}
    events = StatusEvent.objects.filter(credential__in=over).order_by("at", "pk")
    return {event.credential_id: event for event in events if event.status == over[event.credential_id]}


def _verification(
    code: str | None, found: dict[str, Credential], ends: dict[int, StatusEvent], withdrawn: set[str]
) -> Verification:
    if code is None:
        return Verification(LookupResult.MALFORMED, "")
    credential = found.get(code)
    if credential is None:
        return Verification(LookupResult.UNKNOWN, code)
    successor = getattr(credential, "superseded_by", None) or getattr(credential, "renewed_by", None)
    return Verification(
        result_of(credential),
        code,
        credential,
        ends.get(credential.pk),
        successor,
        is_basis_withdrawn=credential.facts.get("basis") in withdrawn,
    )


def _shown(credential: Credential) -> dict[str, Any]:
    return {
        "number": credential.number,
        **{name: credential.facts.get(name) for name in _SHOWN},
        "issued_on": credential.issued_on.isoformat(),
        "valid_from": credential.valid_from.isoformat(),
        "valid_until": credential.valid_until.isoformat() if credential.valid_until else None,
    }


def checked_at(now: dt.datetime) -> str:
    return timestamp(now)
