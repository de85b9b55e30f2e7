"""The claims of a certificate to be proposed, and the reasons that block it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.text import Truncator

from accounts.errors import DomainError
from accounts.models import IdentityDocument, Person
from certificates.drawing import CodeTooSmall, check_printable
from certificates.enums import BlockingReason, CredentialKind, Reason
from certificates.errors import CohortStillRuns
from certificates.models import CredentialType, IssuingRule
from certificates.queries.evidence import missing_evidence, whole_hours
from certificates.services.designs import design_for_person
from certificates.services.rules import check_names_evidence
from courses.enums import CohortState, EnrollmentState
from courses.models import Cohort, Eligibility, Enrollment
from courses.queries.facts import facts_in_force
from courses.queries.records import UnitRecord
from typesetting import HeadingOutOfOrder, MissingGlyph, TextDoesNotFit, TypesettingError

Claims = dict[str, Any]

# What `kinds_of_certificates` has fixed when a cohort opens: the names of each kind and its rule.
KINDS = "types"
NAME_CLAIMS = frozenset({"name_ar", "name_en"})


@dataclass(frozen=True)
class Study:
    """The content of a supplement: the units of an enrollment, and its newest evaluation."""

    units: list[UnitRecord]
    evidence: Mapping[str, Any]


@dataclass(frozen=True)
class EligibilityData:
    """The record of one person for whom a certificate is proposed.

    `eligibility` is the newest evaluation of the enrollment, None where nothing was evaluated or there is no enrollment.
    `basis` is the number of the prerequisite certificate in force, empty if there is none;
    `prerequisite_eligibility` is the newest evaluation behind it, if there is no enrollment. `is_prerequisite_withdrawn` is set
    only for the replacement of a certificate that has a prerequisite. `doubted_basis` is the number of the certificate in doubt on which the
    new one would rest, empty if there is none. `study` is there for supplements
    alone: other kinds do not need so much personal data.
    """

    person: Person
    enrollment: Enrollment | None = None
    eligibility: Eligibility | None = None
    identity: IdentityDocument | None = None
    has_certificate: bool = False
    has_other_proposal: bool = False
    is_held_back: bool = False
    prerequisite: str = ""
    prerequisite_eligibility: Eligibility | None = None
    is_prerequisite_withdrawn: bool = False
    doubted_basis: str = ""
    study: Study | None = None


@dataclass(frozen=True)
class EligibilityResult:
    """The claims of the certificate; the blocking reasons, as stored in `ProposalRow.blocking_reasons`."""

    claims: Claims
    blocking_reasons: list[dict[str, str]] = field(default_factory=list)


def evaluate_eligibility(
    data: EligibilityData,
    *,
    rule: IssuingRule,
    shared: Mapping[str, Any],
    design: Mapping[str, Any],
    number: str,
    correction: tuple[Claims, Reason] | None = None,
) -> EligibilityResult:
    """Evaluate one person's record against a rule.

    `shared` are the claims that all certificates of a proposal have in common, `design` that of their template,
    `number` a number as long as theirs will be. `correction`: of the certificate that is corrected the claims, and why.
    """
    claims = {**shared, **_personal_claims(data, shared)}
    if rule.type.kind == CredentialKind.ATTENDANCE:
        # Who attended a part of a program is not certified the hours of the whole.
        attended = whole_hours(data.eligibility.evidence) if data.eligibility else None
        claims |= {"hours": None, "attended_hours": attended}
    if correction:
        old, reason = correction
        claims = corrected_claims(old, claims, reason)
    blocking_reasons = [
        {"code": code, "detail": detail} for code, detail in _blocks(data, rule, claims, design, number)
    ]
    return EligibilityResult(claims=claims, blocking_reasons=blocking_reasons)


def _blocks(
    data: EligibilityData, rule: IssuingRule, claims: Claims, design: Mapping[str, Any], number: str
) -> Iterator[tuple[BlockingReason, str]]:
    yield from blocked_by_rule(data, rule)
    if rule.type.kind == CredentialKind.SUPPLEMENT and not claims.get("units"):
        yield BlockingReason.NO_RECORD, ""
    try:
        printed = design_for_person(design, data.person)
        check_printable(claims, printed, number=number, site=settings.SITE_URL)
    except TypesettingError as error:
        yield unprintable(error)


def blocked_by_rule(data: EligibilityData, rule: IssuingRule) -> Iterator[tuple[BlockingReason, str]]:
    """Why the rule refuses a person, each reason with a detail; nothing where it does not. What is printed is not asked."""
    enrollment = data.enrollment
    if data.has_certificate:
        yield BlockingReason.HELD, ""
    if data.has_other_proposal:
        yield BlockingReason.WAITING, ""
    if data.is_held_back:
        yield BlockingReason.RESULT_HELD, ""
    if enrollment and rule.completed and enrollment.state != EnrollmentState.COMPLETED:
        yield BlockingReason.NOT_COMPLETED, ""
    elif enrollment and rule.completed and data.eligibility and not data.eligibility.met:
        yield BlockingReason.IN_DOUBT, ""
    if enrollment or rule.prerequisite_id:
        yield from missing_evidence(data.eligibility or data.prerequisite_eligibility, rule)
    yield from _prerequisite_faults(data, rule)
    if rule.latin_name and not data.person.full_name_en:
        yield BlockingReason.NO_LATIN_NAME, ""
    if rule.identity_document and data.identity is None:
        yield BlockingReason.NO_IDENTITY, ""


def _prerequisite_faults(data: EligibilityData, rule: IssuingRule) -> Iterator[tuple[BlockingReason, str]]:
    needs = rule.prerequisite_id or (rule.type.kind == CredentialKind.SUPPLEMENT and rule.pk)
    if needs and not data.prerequisite:
        yield BlockingReason.NO_PREREQUISITE, ""
    if data.is_prerequisite_withdrawn:
        yield BlockingReason.PREREQUISITE_WITHDRAWN, ""
    if data.doubted_basis:
        yield BlockingReason.BASIS_IN_DOUBT, data.doubted_basis


def unprintable(error: TypesettingError) -> tuple[BlockingReason, str]:
    """What cannot be printed: only letters and measures, as it is shown in both languages."""
    match error:
        case MissingGlyph():
            return BlockingReason.CANNOT_BE_PRINTED, " ".join(
                f"{one} (U+{ord(one):04X})" for one in error.characters
            )
        case TextDoesNotFit():
            return BlockingReason.DOES_NOT_FIT, Truncator(error.text).chars(60)
        case CodeTooSmall():
            return BlockingReason.CODE_TOO_SMALL, f"{error.available:.1f} / {error.needed:.1f} mm"
        case HeadingOutOfOrder():
            return BlockingReason.NO_TITLE, Truncator(error.text).chars(60)
        case _:
            return BlockingReason.CANNOT_BE_PRINTED, ""


def _personal_claims(data: EligibilityData, shared: Mapping[str, Any]) -> Claims:
    person, enrollment, identity = data.person, data.enrollment, data.identity
    claims: Claims = {
        "name_ar": person.full_name_ar,
        "name_en": person.full_name_en,
        "identity": {"kind": identity.kind, "last4": identity.last4} if identity else None,
        "rule_version": data.eligibility.rule.version if data.eligibility else None,
    }
    if enrollment:
        ended = timezone.localdate(enrollment.completed_at) if enrollment.completed_at else None
        last_day = shared.get("ends_on") or enrollment.cohort.ends_on.isoformat()
        claims["completed_on"] = ended.isoformat() if ended else last_day
    if data.prerequisite:
        claims["basis"] = data.prerequisite
    if data.study:
        claims |= _study_claims(data.study)
    return claims


def _study_claims(study: Study) -> Claims:
    return {
        "units": [_unit_claims(unit) for unit in study.units],
        **{
            f"{name}_percent": (study.evidence.get(name) or {}).get("percent")
            for name in ("attendance", "score", "practice")
        },
        # Only where completing asks for hours (law 151/2020: no more than the purpose takes).
        "attended_hours": whole_hours(study.evidence)
        if (study.evidence.get("hours") or {}).get("required")
        else None,
    }


def _unit_claims(unit: UnitRecord) -> Claims:
    source = next(iter(unit.titles.values()))
    return {
        "title_ar": unit.titles.get("ar", source),
        "title_en": unit.titles.get("en", source),
        "completed_on": unit.completed_on.isoformat() if unit.completed_on else None,
        "score": str(unit.score) if unit.score is not None else None,
    }


def require_closed_cohort(type_: CredentialType, cohort: Cohort) -> None:
    """Statements of attendance cover a whole cohort. Raises CohortStillRuns for one that is not closed."""
    if type_.kind == CredentialKind.ATTENDANCE and cohort.state != CohortState.CLOSED:
        raise CohortStillRuns(cohort=cohort)


def cohort_claims(cohort: Cohort, type_: CredentialType) -> Claims:
    """The claims about program, cohort and center, which all certificates of a cohort share.

    What they say of program, center and kind was fixed when the cohort opened. Raises FactsNotFrozen.
    """
    facts = facts_in_force(cohort).facts
    ends_on = cohort.ends_on
    if type_.kind == CredentialKind.ATTENDANCE and cohort.closed_at:
        # A cohort may be closed before its last day: attendance is certified only up to the day of closing.
        ends_on = min(ends_on, timezone.localdate(cohort.closed_at))
    return {
        **{name: fact for name, fact in facts.items() if name != KINDS},
        **_names_of(type_, facts),
        "cohort": cohort.code,
        "starts_on": cohort.starts_on.isoformat(),
        "ends_on": ends_on.isoformat(),
        "content_version": cohort.content_version.number if cohort.content_version else None,
    }


def rule_of(type_: CredentialType, facts: Mapping[str, Any]) -> IssuingRule | None:
    """The rule of issuing that was in force when the cohort with these facts opened; the newest one of a kind that had none by which
    anything could be issued.
    """
    rules = list(type_.rules.all())
    fixed = facts.get(KINDS, {}).get(type_.code, {}).get("rule")
    newest = rules[0] if rules else None
    return next((rule for rule in rules if rule.pk == fixed and _issues(rule)), newest)


def _issues(rule: IssuingRule) -> bool:
    try:
        check_names_evidence(rule)
    except DomainError:
        return False
    return True


def _names_of(type_: CredentialType, facts: Mapping[str, Any]) -> dict[str, str]:
    """Of today for a kind that is newer than the cohort."""
    kind = facts.get(KINDS, {}).get(type_.code, {})
    return {
        "type_ar": kind.get("name_ar", type_.name_ar),
        "type_en": kind.get("name_en", type_.name_en),
    }


def corrected_claims(old: Claims, found: Claims, reason: Reason) -> Claims:
    """The claims of a corrected certificate: those that the reason names as they are `found` now, all others as they were."""
    named = {name for name in found if (name in NAME_CLAIMS) == (reason == Reason.NAME_CORRECTED)}
    return {**old, **{name: found[name] for name in named}}
