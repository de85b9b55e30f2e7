"""The content of a certificate as an Open Badges 3.0 credential (1EdTech), a Verifiable Credential 2.0 (W3C).

Its JSON schema wants plain strings where JSON-LD would take one text per language. So a text carries both languages,
Arabic first, and the two forms of a person's name are two identities of the type `name`. No `credentialSchema` is
named: that schema wants one object as `credentialStatus`, where VC 2.0 allows the two lists that we need.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from ..jose import Json

VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
# The types of Open Badges that its own context leaves to extensions.
EXTENSIONS_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
CONTEXTS = [VC_CONTEXT, OPEN_BADGES_CONTEXT, EXTENSIONS_CONTEXT]
# The European register gives every ISCO-08 group an address that does not change.
ISCO = "http://data.europa.eu/esco/isco/C"
# All but the line feed.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class AchievementType(StrEnum):
    """The achievement types of Open Badges 3.0 that our certificates have."""

    CERTIFICATE_OF_COMPLETION = "CertificateOfCompletion"
    CERTIFICATE = "Certificate"
    COMPETENCY = "Competency"
    LICENSE = "License"
    MICRO_CREDENTIAL = "MicroCredential"
    APPRENTICESHIP_CERTIFICATE = "ApprenticeshipCertificate"


class StatusPurpose(StrEnum):
    """The meaning of a set bit (Bitstring Status List 1.0, 2.1): revocation is permanent, suspension may be lifted."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bilingual:
    """One text in both languages; either may be empty, not both."""

    ar: str
    en: str

    def __str__(self) -> str:
        return " / ".join(text for text in (self.ar, self.en) if text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues: the `did:web` identity of the site, its name and its address."""

    did: str
    name: Bilingual
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Center:
    """Where it was learned; `id` is any URI that stays."""

    id: str
    name: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupation:
    """A unit group of ISCO-08: four digits and its name."""

    isco_code: str
    name: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement:
    """What was achieved, the same for everybody who did; `id` is any URI that stays."""

    id: str
    type: AchievementType
    name: Bilingual
    description: Bilingual
    criteria: Bilingual
    # Of the program, by its plan; and those that the person was counted in, where the certificate says so.
    hours: int | None = None
    attended_hours: int | None = None
    level: str | None = None
    occupation: Occupation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPlace:
    """The bit of one status of one credential."""

    purpose: StatusPurpose
    list_url: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialClaims:
    """The content of a credential. Times are aware; `subject` identifies the person in this credential alone."""

    issuer: Issuer
    credential_id: UUID
    subject: UUID
    name: Bilingual
    number: str
    achievement: Achievement
    center: Center
    awarded_at: datetime
    valid_from: datetime
    valid_until: datetime | None = None
    status: tuple[StatusPlace, ...] = ()


class UnwritableText(ValueError):
    """A control character: two canonical forms of RDF write them differently, so no proof over them would hold."""


def build_credential(claims: CredentialClaims) -> Json:
    """The credential as JSON, not yet signed. Raises UnwritableText."""
    credential: Json = {
        "@context": CONTEXTS.copy(),
        "id": claims.credential_id.urn,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": str(claims.achievement.name),
        "issuer": {
            "id": claims.issuer.did,
            "type": ["Profile"],
            "name": str(claims.issuer.name),
            "url": claims.issuer.url,
        },
        "awardedDate": timestamp(claims.awarded_at),
        "validFrom": timestamp(claims.valid_from),
        "credentialSubject": {
            "id": claims.subject.urn,
            "type": ["AchievementSubject"],
            "identifier": [_identity(name) for name in (claims.name.ar, claims.name.en) if name],
            "licenseNumber": claims.number,
            "source": {"id": claims.center.id, "type": ["Profile"], "name": str(claims.center.name)},
            "achievement": build_achievement(claims.achievement),
        },
    }
    if claims.valid_until:
        credential["validUntil"] = timestamp(claims.valid_until)
    if results := _results(claims.achievement):
        credential["credentialSubject"]["result"] = results
    entries = [_status_entry(place) for place in claims.status]
    if entries:
        credential["credentialStatus"] = entries if len(entries) > 1 else entries[0]
    for text in _texts(credential):
        if _CONTROL.search(text):
            raise UnwritableText(f"{text!r} has a control character.")
    return credential


def timestamp(moment: datetime) -> str:
    """An XML Schema dateTimeStamp in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_timestamp(text: Any) -> datetime:
    """The moment of a dateTimeStamp. Raises ValueError, also for one without a time zone."""
    moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"{text!r} is no moment with a time zone.")
    return moment


def _identity(name: str) -> Json:
    return {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}


def build_achievement(achievement: Achievement) -> Json:
    """The achievement as JSON, in a credential and at its own address."""
    content: Json = {
        "id": achievement.id,
        "type": ["Achievement"],
        "achievementType": achievement.type.value,
        "inLanguage": "ar" if achievement.name.ar else "en",
        "name": str(achievement.name),
        "description": str(achievement.description),
        "criteria": {"narrative": str(achievement.criteria)},
    }
    if achievement.occupation:
        content["alignment"] = [
            {
                "type": ["Alignment"],
                "targetCode": achievement.occupation.isco_code,
                "targetFramework": "ISCO-08",
                "targetName": str(achievement.occupation.name),
                "targetUrl": ISCO + achievement.occupation.isco_code,
            }
        ]
    described = [
        {"id": place, "type": ["ResultDescription"], "name": str(name), "resultType": kind}
        for place, name, kind, _value in _measures(achievement)
    ]
    if described:
        content["resultDescription"] = described
    return content


def _results(achievement: Achievement) -> list[Json]:
    return [
        {"type": ["Result"], "resultDescription": place, "value": value}
        for place, _name, _kind, value in _measures(achievement)
    ]


def _measures(achievement: Achievement) -> Iterator[tuple[str, Bilingual, str, str]]:
    if achievement.hours is not None:
        hours = Bilingual(ar="ساعات البرنامج", en="Hours of the program")
        yield f"{achievement.id}#hours", hours, "ext:ProgramHours", str(achievement.hours)
    if achievement.attended_hours is not None:
        attended = Bilingual(ar="ساعات الحضور", en="Hours attended")
        yield (
            f"{achievement.id}#attended-hours",
            attended,
            "ext:AttendedHours",
            str(achievement.attended_hours),
        )
    if achievement.level is not None:
        level = Bilingual(ar="المستوى", en="Level")
        yield f"{achievement.id}#level", level, "PerformanceLevel", achievement.level


def _status_entry(place: StatusPlace) -> Json:
    return {
        "id": f"{place.list_url}#{place.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": place.purpose.value,
        "statusListIndex": str(place.index),
        "statusListCredential": place.list_url,
    }


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)
