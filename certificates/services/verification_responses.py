"""Verification responses of the API: the content of the public page, signed, so that they can be kept as evidence."""

import datetime as dt
from typing import Any

from django.utils import timezone

from certificates.enums import KeyRole
from certificates.jose import Json, sign_compact
from certificates.models import Credential
from certificates.openbadges.credential import timestamp
from certificates.openbadges.did import key_url
from certificates.services.badges import site_did
from certificates.services.jose_signers import jose_signer
from certificates.services.verification import Verification

TYPE = "mihna-verification+jwt"
MOST_CODES = 1000
# What the public page shows. Not the identity document: its last digits are only on the printed certificate.
_SHOWN = (
    "type_ar", "type_en", "name_ar", "name_en", "program_ar", "program_en", "program_code", "occupation_code",
    "level_ar", "level_en", "hours", "center_ar", "center_en", "governorate_ar", "governorate_en", "completed_on",
    "basis", "attendance_percent", "score_percent", "practice_percent", "attended_hours", "units",
)  # fmt: skip


def verification_response(verification: Verification) -> Json:
    """The verification response for one code; `certificate` is None if there is no such certificate.

    `asked` is the question as it was sent, so that a signed answer about what is no code says what it is about.
    """
    credential, ended = verification.credential, verification.ended
    return {
        "asked": verification.asked,
        "code": verification.code,
        "result": verification.result.value,
        "certificate": _shown(credential) if credential else None,
        "ended": {"on": timezone.localdate(ended.at).isoformat(), "reason": ended.reason} if ended else None,
        "replaced_by": verification.replacement.number if verification.replacement else None,
        "is_basis_withdrawn": verification.is_prerequisite_withdrawn,
    }


def sign_response(answer: Json, *, now: dt.datetime) -> str:
    """An answer as compact JWS with `iss` and `iat`: what was true at that second. Raises as `signer_for`."""
    signer, did = jose_signer(KeyRole.CREDENTIAL), site_did()
    payload = {"iss": did, "iat": int(now.timestamp()), **answer}
    return sign_compact(payload, signer=signer, headers={"typ": TYPE, "kid": key_url(did, signer.key_id)})


def _shown(credential: Credential) -> dict[str, Any]:
    return {
        "number": credential.number,
        **{name: credential.claims.get(name) for name in _SHOWN},
        "issued_on": credential.issued_on.isoformat(),
        "valid_from": credential.valid_from.isoformat(),
        "valid_until": credential.valid_until.isoformat() if credential.valid_until else None,
    }


def checked_at(now: dt.datetime) -> str:
    return timestamp(now)
