"""A certificate as an Open Badges credential, and the content of its offline QR code.

Pure functions of the certificate and the active key, without a query if `type` and `center` are loaded
(`select_related`). A file key signs deterministically (RFC 6979), so the same certificate and key give the same text;
a QR code also has the day of signing, if that is not the day of issue.
"""

import datetime as dt
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from uuid import uuid5

from django.conf import settings
from django.utils import timezone

from certificates.enums import LEVEL_REACHED, CredentialKind, KeyRole
from certificates.models import Credential
from certificates.offline.payload import sign_certificate, verification_url
from certificates.openbadges.credential import (
    Achievement,
    AchievementType,
    Bilingual,
    Center,
    CredentialClaims,
    Issuer,
    Occupation,
    StatusPlace,
    StatusPurpose,
    build_credential,
)
from certificates.openbadges.did import did_of
from certificates.openbadges.jwt import sign_credential
from certificates.openbadges.status_list import MINIMUM
from certificates.services.jose_signers import jose_signer
from certificates.services.offline import offline_certificate

_ACHIEVEMENTS = {
    CredentialKind.COMPLETION: AchievementType.CERTIFICATE_OF_COMPLETION,
    CredentialKind.SKILL_LEVEL: AchievementType.COMPETENCY,
    CredentialKind.LICENSE: AchievementType.LICENSE,
    CredentialKind.SUPPLEMENT: AchievementType.CERTIFICATE,
    CredentialKind.ATTENDANCE: AchievementType.CERTIFICATE,
}
_CRITERIA = {
    CredentialKind.COMPLETION: Bilingual(
        ar="أتم البرنامج واستوفى شروط إتمامه.", en="Completed the program and met its rule of completion."
    ),
    CredentialKind.SKILL_LEVEL: Bilingual(
        ar="اجتاز قياس مستوى المهارة.", en="Passed the assessment of the skill level."
    ),
    CredentialKind.LICENSE: Bilingual(
        ar="استوفى شروط مزاولة المهنة.", en="Met the conditions for practising the trade."
    ),
    CredentialKind.SUPPLEMENT: Bilingual(
        ar="بيان بما درسه حامل الشهادة.", en="States what the holder of the certificate studied."
    ),
    CredentialKind.ATTENDANCE: Bilingual(ar="حضر البرنامج.", en="Attended the program."),
}
_ISCO = re.compile(r"[0-9]{4}")
# Used in the address of an achievement whose program has no code: certificates entered from paper.
NO_PROGRAM = "-"


def site_did() -> str:
    """The identity under which this site signs."""
    return did_of(settings.SITE_URL)


def status_list_url(purpose: StatusPurpose, number: int) -> str:
    return f"{settings.SITE_URL}/status/{purpose.value}/{number}"


def achievement_url(type_code: str, program_code: str) -> str:
    """What was achieved, the same for everybody who did: the `id` of an Open Badges achievement."""
    return f"{settings.SITE_URL}/achievements/{type_code}/{quote(program_code, safe='')}"


def credential_claims(credential: Credential) -> CredentialClaims:
    """The credential of a certificate, from its frozen claims alone."""
    claims, design = credential.claims, credential.design
    number, index = divmod(credential.pk, MINIMUM)
    return CredentialClaims(
        issuer=_issuer(design.get("authority_ar") or "", design.get("authority_en") or "", settings.SITE_URL),
        credential_id=credential.public_id,
        # A different identifier for the person in every credential, so that two of them cannot be linked.
        subject=uuid5(credential.public_id, "subject"),
        name=_both(claims, "name"),
        number=credential.number,
        achievement=achievement(
            type_code=credential.type.code, kind=CredentialKind(credential.kind), claims=claims
        ),
        center=Center(
            # An identifier, not a page: centers move and close, and signed credentials do not change.
            id=f"{settings.SITE_URL}/#center-{quote(credential.center.code, safe='')}",
            name=_both(claims, "center"),
        ),
        awarded_at=_begin(credential.issued_on),
        valid_from=_begin(credential.valid_from),
        valid_until=_end(credential.valid_until) if credential.valid_until else None,
        status=tuple(
            StatusPlace(purpose=purpose, list_url=status_list_url(purpose, number), index=index)
            for purpose in (StatusPurpose.REVOCATION, StatusPurpose.SUSPENSION)
        ),
    )


def signed_badge(credential: Credential) -> str:
    """The credential as VC-JWT, signed by the active key. Raises as `signer_for`, and openbadges' UnwritableText."""
    return sign_credential(
        build_credential(credential_claims(credential)), signer=jose_signer(KeyRole.CREDENTIAL)
    )


def offline_url(credential: Credential) -> str:
    """The address of the QR code that is verified without a network."""
    sealed = sign_certificate(offline_certificate(credential), signer=jose_signer(KeyRole.CREDENTIAL))
    return verification_url(page=f"{settings.SITE_URL}/c/{credential.code}", sealed=sealed)


@lru_cache(maxsize=64)
def _issuer(name_ar: str, name_en: str, site_url: str) -> Issuer:
    did = did_of(site_url)
    name = Bilingual(ar=name_ar, en=name_en) if name_ar or name_en else Bilingual(ar="", en=did)
    return Issuer(did=did, name=name, url=site_url)


def achievement(*, type_code: str, kind: CredentialKind, claims: Mapping[str, Any]) -> Achievement:
    """The achievement, from the claims that all certificates of a program share."""
    program, named = _both(claims, "program"), _both(claims, "type")
    level = str(_both(claims, "level"))
    code = str(claims.get("occupation_code") or "")
    return Achievement(
        id=achievement_url(type_code, str(claims.get("program_code") or NO_PROGRAM)),
        type=_ACHIEVEMENTS[kind],
        name=program,
        description=Bilingual(
            ar=_phrase(named.ar, program.ar, separator="، "), en=_phrase(named.en, program.en, separator=", ")
        ),
        criteria=_CRITERIA[kind],
        hours=claims.get("hours"),
        attended_hours=claims.get("attended_hours"),
        level=level if level and kind in LEVEL_REACHED else None,
        occupation=_occupation(code) if _ISCO.fullmatch(code) else None,
    )


def _occupation(code: str) -> Occupation:
    return Occupation(isco_code=code, name=Bilingual(ar=f"مجموعة المهن {code}", en=f"Unit group {code}"))


def _both(claims: Mapping[str, Any], name: str) -> Bilingual:
    """A claim in both languages; one without a translation is given once."""
    ar, en = (str(claims.get(f"{name}_{language}") or "") for language in ("ar", "en"))
    return Bilingual(ar=ar, en="" if en == ar else en)


def _phrase(*parts: str, separator: str) -> str:
    return separator.join(part for part in parts if part)


def _begin(day: dt.date) -> dt.datetime:
    """Days are in the time zone of the place of issue, whatever zone is active."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=timezone.get_default_timezone())


def _end(day: dt.date) -> dt.datetime:
    return _begin(day + dt.timedelta(days=1)) - dt.timedelta(seconds=1)
