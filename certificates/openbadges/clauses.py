"""The requirements of Open Badges 3.0 and its data model for a credential, clause by clause.

1EdTech's JSON schema says most of it, but its license does not let us ship it; the clauses are named by class of "Open
Badges Specification 3.0" (OB), by section of "Verifiable Credentials Data Model 2.0" (VC) and of "Bitstring Status List
1.0" (BSL).
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ..jose import Json
from .credential import OPEN_BADGES_CONTEXT, VC_CONTEXT, parse_timestamp

_URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+")
_IDENTITY_TYPES = {"name", "sourcedId", "systemId", "userName", "accountId", "emailAddress", "identifier"}
_ACHIEVEMENT_TYPES = {
    "Achievement",
    "ApprenticeshipCertificate",
    "Assessment",
    "Assignment",
    "AssociateDegree",
    "Award",
    "Badge",
    "BachelorDegree",
    "Certificate",
    "CertificateOfCompletion",
    "Certification",
    "CommunityService",
    "Competency",
    "Course",
    "CoCurricular",
    "Degree",
    "Diploma",
    "DoctoralDegree",
    "Fieldwork",
    "GeneralEducationDevelopment",
    "JourneymanCertificate",
    "LearningProgram",
    "License",
    "Membership",
    "ProfessionalDoctorate",
    "QualityAssuranceCredential",
    "MasterCertificate",
    "MasterDegree",
    "MicroCredential",
    "ResearchDoctorate",
    "SecondarySchoolDiploma",
}
_RESULT_TYPES = {
    "GradePointAverage",
    "LetterGrade",
    "Percent",
    "PerformanceLevel",
    "PredictedScore",
    "RawScore",
    "Result",
    "RubricCriterion",
    "RubricCriterionLevel",
    "RubricScore",
    "ScaledScore",
    "Status",
}
_EXTENSION = re.compile(r"ext:[a-zA-Z0-9.\-_]+")


def broken_clauses(credential: Json) -> list[str]:
    """Every clause the credential breaks, as a sentence; empty when it conforms."""
    return [
        *_envelope(credential),
        *_validity(credential),
        *_issuer(credential),
        *_subject(credential),
        *_status(credential),
    ]


def _envelope(credential: Json) -> Iterator[str]:
    contexts = credential.get("@context")
    if not isinstance(contexts, list) or contexts[:2] != [VC_CONTEXT, OPEN_BADGES_CONTEXT]:
        yield "VC 4.3, OB AchievementCredential: @context starts with the contexts of VC 2.0 and of OB 3.0."
    if not _is_uri(credential.get("id")):
        yield "OB AchievementCredential: id is a URI."
    kinds = credential.get("type")
    if not isinstance(kinds, list) or not {"VerifiableCredential"} < set(map(str, kinds)):
        yield "VC 4.5: type lists VerifiableCredential and what it is."
    elif not {"OpenBadgeCredential", "AchievementCredential"} & set(map(str, kinds)):
        yield "OB AchievementCredential: type lists OpenBadgeCredential or AchievementCredential."
    if not _is_text(credential.get("name")):
        yield "OB AchievementCredential: name is a string."
    for schema in _each(credential.get("credentialSchema", [])):
        if not _is_uri(schema.get("id")) or not _is_text(schema.get("type")):
            yield "VC 4.11: credentialSchema has an id and a type."


def _validity(credential: Json) -> Iterator[str]:
    moments: dict[str, datetime] = {}
    for name in ("validFrom", "validUntil", "awardedDate"):
        try:
            if name in credential:
                moments[name] = parse_timestamp(credential[name])
        except ValueError:
            yield f"VC 4.9, OB AchievementCredential: {name} is a dateTimeStamp with its time zone."
    if "validFrom" not in credential:
        yield "OB AchievementCredential: validFrom is there."
    if "validFrom" in moments and "validUntil" in moments and moments["validUntil"] < moments["validFrom"]:
        yield "VC 4.9: validUntil is not before validFrom."


def _issuer(credential: Json) -> Iterator[str]:
    issuer = credential.get("issuer")
    if not isinstance(issuer, dict) or not _is_uri(issuer.get("id")) or not _has_type(issuer, "Profile"):
        yield "OB Profile: issuer is a Profile with a URI."


def _subject(credential: Json) -> Iterator[str]:
    subject = credential.get("credentialSubject")
    if not isinstance(subject, dict) or not _has_type(subject, "AchievementSubject"):
        yield "OB AchievementSubject: credentialSubject is one AchievementSubject."
        return
    if not _is_uri(subject.get("id")) and not subject.get("identifier"):
        yield "OB AchievementSubject: the subject has an id or an identifier."
    yield from _identities(subject)
    achievement = subject.get("achievement")
    if not isinstance(achievement, dict):
        yield "OB AchievementSubject: the subject has one achievement."
        return
    yield from _achievement(achievement)
    described = {description.get("id") for description in _each(achievement.get("resultDescription", []))}
    for result in _each(subject.get("result", [])):
        if not _has_type(result, "Result") or result.get("resultDescription") not in described:
            yield "OB Result: a Result names a ResultDescription of the achievement."
        if not isinstance(result.get("value", ""), str):
            yield "OB Result: the value of a Result is a string."


def _identities(subject: Json) -> Iterator[str]:
    for identity in _each(subject.get("identifier", [])):
        if (
            identity.get("type") != "IdentityObject"
            or not isinstance(identity.get("hashed"), bool)
            or not _is_text(identity.get("identityHash"))
            or not _is_term(identity.get("identityType"), _IDENTITY_TYPES)
        ):
            yield "OB IdentityObject: an identifier is an IdentityObject with hashed, identityHash and identityType."
    if "source" in subject:
        for profile in _each(subject["source"]):
            if not _is_uri(profile.get("id")) or not _has_type(profile, "Profile"):
                yield "OB Profile: source is a Profile with a URI."


def _achievement(achievement: Json) -> Iterator[str]:
    if not _is_uri(achievement.get("id")) or not _has_type(achievement, "Achievement"):
        yield "OB Achievement: an Achievement has a URI and its type."
    for name in ("name", "description"):
        if not _is_text(achievement.get(name)):
            yield f"OB Achievement: {name} of the achievement is a string."
    criteria = achievement.get("criteria")
    if not isinstance(criteria, dict) or not (
        _is_text(criteria.get("narrative")) or _is_uri(criteria.get("id"))
    ):
        yield "OB Criteria: criteria has a narrative or an id."
    if "achievementType" in achievement and not _is_term(achievement["achievementType"], _ACHIEVEMENT_TYPES):
        yield "OB AchievementType: achievementType is a term or an extension (ext:)."
    for description in _each(achievement.get("resultDescription", [])):
        if (
            not _is_uri(description.get("id"))
            or not _has_type(description, "ResultDescription")
            or not _is_text(description.get("name"))
            or not _is_term(description.get("resultType"), _RESULT_TYPES)
        ):
            yield "OB ResultDescription: a ResultDescription has id, type, name and resultType."
    for alignment in _each(achievement.get("alignment", [])):
        if (
            not _has_type(alignment, "Alignment")
            or not _is_text(alignment.get("targetName"))
            or not _is_uri(alignment.get("targetUrl"))
        ):
            yield "OB Alignment: an Alignment has type, targetName and targetUrl."


def _status(credential: Json) -> Iterator[str]:
    for entry in _each(credential.get("credentialStatus", [])):
        if entry.get("type") != "BitstringStatusListEntry" or not _is_text(entry.get("statusPurpose")):
            yield "BSL 2.1: an entry has its type and a statusPurpose."
        if not re.fullmatch(r"0|[1-9][0-9]{0,15}", str(entry.get("statusListIndex"))) or not isinstance(
            entry.get("statusListIndex"), str
        ):
            yield "BSL 2.1: statusListIndex is a number written as a string."
        if not _is_uri(entry.get("statusListCredential")):
            yield "BSL 2.1: statusListCredential is the address of the list."


def _each(value: Any) -> list[Json]:
    """The objects of a member that may be one or many; what is no object becomes an empty one, which breaks its clause."""
    members = value if isinstance(value, list) else [value]
    return [member if isinstance(member, dict) else {} for member in members]


def _has_type(value: Json, name: str) -> bool:
    kinds = value.get("type")
    return name in kinds if isinstance(kinds, list) else kinds == name


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_uri(value: Any) -> bool:
    return isinstance(value, str) and _URI.fullmatch(value) is not None


def _is_term(value: Any, terms: set[str]) -> bool:
    return isinstance(value, str) and (value in terms or _EXTENSION.fullmatch(value) is not None)
