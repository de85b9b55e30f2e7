"""The length of the address in an offline QR code, before there is a certificate to sign."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from certificates.offline.payload import KINDS, OfflineCertificate, placeholder_url

# Five digits of days since 1970, and an index in the status list that no register has reached.
_DAY = date(2120, 1, 1)
_PLACE = 2**32


def placeholder_offline_url(claims: Mapping[str, Any], *, code: str, number: str, site: str) -> str:
    """An address as long as that of a certificate with these claims. `site` is where pages of codes begin."""
    certificate = OfflineCertificate(
        code=code,
        program=claims.get("program_ar") or claims.get("program_en") or "",
        name_ar=claims.get("name_ar") or "",
        name_en="" if claims.get("name_ar") else claims.get("name_en") or "",
        number=number,
        kind=len(KINDS),
        level=claims.get("level") or "",
        issued_on=_DAY,
        expires_on=_DAY,
        signed_on=_DAY,
        status_index=_PLACE,
    )
    return placeholder_url(certificate, page=f"{site}/c/{code}")
