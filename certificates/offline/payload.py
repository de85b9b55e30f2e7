"""The payload of an offline QR code: `https://site/c/CODE#` and a COSE_Sign1 in base64url.

A fragment is never sent to a server: a phone that has cached the offline page verifies the certificate without a network, and
one that has not opens the ordinary page. It says of which kind and level the certificate is and what its number is: the code of
a lesser certificate must not pass on a forged one of the same person. All of it fits a code of 29 mm.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from ..jose import base64url
from ..signer import ES256, Signer
from .cose import Message, sign_message

_EPOCH = date(1970, 1, 1)
# The keys of the CBOR map; a number is never given to another meaning. 1 and 7 were the issuer and the words of the level.
# Codes printed before 13 and 14 have neither them nor a number.
_KEYS = {
    "code": 2,
    "number": 3,
    "name_ar": 4,
    "name_en": 5,
    "program": 6,
    "issued_on": 8,
    "expires_on": 9,
    "status_index": 10,
    "signed_on": 11,
    "valid_from": 12,
    "kind": 13,
    "level": 14,
}
# The kinds by their number in the payload, from 1; a number is never given to another kind.
KINDS = ("completion", "skill_level", "licence", "supplement", "attendance")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineCertificate:
    """The claims of a certificate for offline verification.

    `code` is the thirteen symbols without dashes, `program` its short title, `kind` its place in `KINDS`, `level` the code of its level:
    words would make the modules of the QR code too small. Of the two names the Latin one is there where there is no Arabic one.
    `expires_on` is the last day it is valid, `status_index` its index in the offline status list. `signed_on` is the day of the signature where it
    is another than that of issue, as of a copy: a key may sign what was issued before its time, nothing after it.
    `valid_from` is its first day where that comes after the day of issue, as of an early renewal.
    """

    code: str
    program: str
    issued_on: date
    name_ar: str = ""
    name_en: str = ""
    number: str = ""
    kind: int | None = None
    level: str = ""
    expires_on: date | None = None
    status_index: int | None = None
    signed_on: date | None = None
    valid_from: date | None = None


def sign_certificate(certificate: OfflineCertificate, *, signer: Signer) -> bytes:
    """The certificate as signed CBOR. The signer's key is P-256."""
    message: Message = {}
    for name, key in _KEYS.items():
        value = getattr(certificate, name)
        if value not in ("", None):
            message[key] = (value - _EPOCH).days if isinstance(value, date) else value
    return sign_message(message, signer=signer)


def verification_url(*, page: str, sealed: bytes) -> str:
    """The address that goes into the QR code; `page` is that of the certificate, ending in its code."""
    return f"{page}#{base64url(sealed)}"


class _PlaceholderSigner:
    """A signer whose signatures are zeros, of the length of real ones."""

    key_id = ""
    algorithm = ES256

    @cached_property
    def public_key(self) -> EllipticCurvePublicKey:
        return derive_private_key(1, SECP256R1()).public_key()

    def sign(self, _data: bytes) -> bytes:
        return encode_dss_signature(1, 1)


_placeholder_signer = _PlaceholderSigner()


def placeholder_url(certificate: OfflineCertificate, *, page: str) -> str:
    """An address as long as that of the certificate will be, before it is issued. Its signature is invalid."""
    return verification_url(page=page, sealed=sign_certificate(certificate, signer=_placeholder_signer))


def day(moment: datetime) -> date:
    """The day of a moment as offline certificates count it, in UTC."""
    return moment.astimezone(UTC).date()
