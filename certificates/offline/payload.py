"""The payload of an offline QR code: `https://site/c/CODE#` and a COSE_Sign1 in base64url.

A fragment is never sent to a server: a phone that has cached the offline page verifies the certificate without a network, and
one that has not opens the ordinary page. The mini form (code, one name, program, dates, status place) fits a code of
29 mm; the full form has all printed claims.
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
# The keys of the CBOR map; a number is never given to another meaning.
_KEYS = {
    "issuer": 1,
    "code": 2,
    "number": 3,
    "name_ar": 4,
    "name_en": 5,
    "program": 6,
    "level": 7,
    "issued_on": 8,
    "expires_on": 9,
    "status_index": 10,
    "signed_on": 11,
    "valid_from": 12,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineCertificate:
    """The claims of a certificate for offline verification.

    `issuer` is a host name, `code` the thirteen symbols without dashes, `program` its short title, `expires_on` the last
    day it is valid, `status_index` its index in the offline status list. `signed_on` is the day of the signature where it
    is another than that of issue, as of a copy: a key may sign what was issued before its time, nothing after it.
    `valid_from` is its first day where that comes after the day of issue, as of an early renewal.
    """

    code: str
    program: str
    issued_on: date
    name_ar: str = ""
    name_en: str = ""
    issuer: str = ""
    number: str = ""
    level: str = ""
    expires_on: date | None = None
    status_index: int | None = None
    signed_on: date | None = None
    valid_from: date | None = None

    def mini(self) -> "OfflineCertificate":
        """What fits a small QR code: the Arabic name (or the other where there is none) and no number."""
        return OfflineCertificate(
            code=self.code,
            program=self.program,
            issued_on=self.issued_on,
            name_ar=self.name_ar,
            name_en="" if self.name_ar else self.name_en,
            expires_on=self.expires_on,
            status_index=self.status_index,
            signed_on=self.signed_on,
            valid_from=self.valid_from,
        )


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
    """An address as long as that of the certificate's mini form will be, before it is issued. Its signature is invalid."""
    return verification_url(
        page=page, sealed=sign_certificate(certificate.mini(), signer=_placeholder_signer)
    )


def day(moment: datetime) -> date:
    """The day of a moment as offline certificates count it, in UTC."""
    return moment.astimezone(UTC).date()
