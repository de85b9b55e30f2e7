"""Proposals of a center. The claims of the certificates are computed here, before the decision."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import Center, Person, User
from accounts.scoping import may
from accounts.scoping.hands import hands_of, people_of, why_one_hand
from accounts.services.formatting import format_list
from certificates.drawing import design_digest
from certificates.enums import (
    CORRECTION_REASONS,
    CredentialKind,
    CredentialState,
    DoubtCause,
    ProposalState,
    Reason,
    RowState,
    Source,
)
from certificates.errors import (
    AlreadyProposed,
    AssessorOfPrerequisite,
    BeingExamined,
    EnteredFromPaper,
    InstructorOfTheCohort,
    MarkedForIt,
    NoIssuingRule,
    NoPrerequisite,
    NotAllowedHere,
    NothingChosen,
    NothingToCorrect,
    NothingToPropose,
    NotInForce,
    NotRenewable,
    OwnRecord,
    PersonTwice,
    PrerequisiteWithdrawn,
    ReasonDoesNotFit,
    SeveralCenters,
    TemplateListsNothing,
    TemplateNotPublished,
    TypeNotActive,
    WaitsAlready,
)
from certificates.models import (
    CertificateTemplate,
    Credential,
    CredentialType,
    IssuingRule,
    Proposal,
    ProposalRow,
)
from certificates.queries.doubts import FACTS_OF_BASIS, doubts_of, newest_versions
from certificates.queries.evidence import newest_eligibilities
from certificates.queries.prerequisites import valid_prerequisites
from certificates.queries.proposals import waiting_rows
from certificates.queries.terms import renewable
from certificates.services.claims import (
    EligibilityData,
    cohort_claims,
    evaluate_eligibility,
    require_closed_cohort,
    rule_of,
)
from certificates.services.designs import check_kind, placeholder_number
from certificates.services.eligibility import (
    assessors_of_rows,
    eligibility_data_in,
    eligibility_data_of_holders,
    identities_of,
    is_among,
    lock_people,
    locked_withdrawn_prerequisites,
    markers_of_rows,
    people_marked_by,
    people_where,
    studies_of,
    trades_in,
)
from certificates.services.issuing import ROWS_AT_ONCE
from certificates.services.rules import check_names_evidence
from courses.enums import EnrollmentState
from courses.models import Cohort
from courses.queries.facts import facts_in_force
from courses.queries.remarks import held_back
from courses.queries.timetable import teachers_of

# Claims that a certificate based on this one does not take over: the source of the paper, and the content of a supplement.
_OWN_CLAIMS = frozenset(
    {
        "source",
        "printed_number",
        "entered_on",
        "units",
        "attendance_percent",
        "score_percent",
        "practice_percent",
        "attended_hours",
    }
)

_COHORT = ("center", "content_version")


@transaction.atomic
def propose(
    *,
    cohort_id: int,
    type_id: int,
    template_id: int,
    by: User,
    enrollment_ids: Collection[int] | None = None,
) -> Proposal:
    """Propose certificates of a kind for a cohort, or for those of its enrollments that are named.

    Every person gets a row: eligible with the claims of the certificate, or blocked with the reasons.
    Raises AlreadyProposed, CohortStillRuns, NoEvidenceOfSkill, NoIssuingRule, NotAllowedHere, NothingToPropose, OwnRecord,
    TemplateListsNothing, TemplateNotPublished, TemplateOfAnotherKind, InstructorOfTheCohort, TypeNotActive.
    """
    # People before cohorts, as for seats. Who is merged or erased meanwhile is not proposed, nor merged or erased afterwards.
    lock_people(Person.objects.only("pk").filter(enrollments__cohort=cohort_id))
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related(*_COHORT).get(pk=cohort_id)
    type_, rule = _type_with_rule(type_id, cohort)
    template = _template_for(cohort, cohort.center, template_id, by=by)
    design = _design_for(type_, template)
    require_closed_cohort(type_, cohort)
    _check_none_waits(cohort, type_)
    proposal = Proposal(
        type=type_,
        center=cohort.center,
        cohort=cohort,
        template=template,
        rule=rule,
        proposed_by=by,
        proposed_at=timezone.now(),
    )
    rows = _rows_for(cohort, proposal, rule, design, enrollment_ids)
    return _proposed(proposal, rows, design, by=by)


def blocking_reasons_in(
    *, cohort_id: int, type_id: int, template_id: int, by: User, enrollment_ids: Collection[int]
) -> dict[int, list[dict[str, str]]]:
    """Why rows of `propose` would be blocked now, by the key of the enrollment: empty where they would not. Writes nothing.

    Only `propose` itself decides. Raises what it raises for the cohort, the kind and the template.
    """
    cohort = Cohort.objects.select_related(*_COHORT).get(pk=cohort_id)
    type_, rule = _type_with_rule(type_id, cohort)
    template = _template_for(cohort, cohort.center, template_id, by=by)
    design = _design_for(type_, template)
    require_closed_cohort(type_, cohort)
    _check_none_waits(cohort, type_)
    proposal = Proposal(type=type_, center=cohort.center, cohort=cohort, template=template, rule=rule)
    rows = _rows_for(cohort, proposal, rule, design, enrollment_ids)
    return {row.enrollment_id: row.blocking_reasons for row in rows if row.enrollment_id}


def _rows_for(
    cohort: Cohort,
    proposal: Proposal,
    rule: IssuingRule,
    design: Mapping[str, Any],
    enrollment_ids: Collection[int] | None,
) -> list[ProposalRow]:
    """The rows of a proposal for a cohort, not saved."""
    type_ = proposal.type
    enrollments = cohort.enrollments.exclude(state=EnrollmentState.WITHDRAWN).select_related("person")
    enrollments = enrollments.filter(person__erased_at=None)
    if enrollment_ids is not None:
        enrollments = enrollments.filter(pk__in=enrollment_ids)
    shared, number = cohort_claims(cohort, type_), placeholder_number(cohort.center, type_)
    rows = []
    for data in eligibility_data_in(list(enrollments), cohort, type_, rule):
        found = evaluate_eligibility(data, rule=rule, shared=shared, design=design, number=number)
        rows.append(
            ProposalRow(
                proposal=proposal,
                type=type_,
                person=data.person,
                enrollment=data.enrollment,
                eligibility=data.eligibility,
                state=RowState.BLOCKED if found.blocking_reasons else RowState.ELIGIBLE,
                blocking_reasons=found.blocking_reasons,
                claims={} if found.blocking_reasons else found.claims,
            )
        )
    return rows


@transaction.atomic
def propose_correction(*, credential_id: int, reason: Reason, template_id: int, by: User) -> Proposal:
    """Propose a certificate that replaces one whose claims were wrong. It differs from the old one in what the reason names, alone.

    The old one stays as it is and in force until the new one is approved. Raises BeingExamined, NotInForce, NothingToCorrect,
    WaitsAlready, and what `propose` raises.
    """
    old = _locked_credentials().get(pk=credential_id)
    template = _template_for(old, old.center, template_id, by=by)
    design = _design_for(old.type, template)
    if old.state != CredentialState.IN_FORCE:
        raise NotInForce(number=old.number, state=old.get_state_display())
    if old.source == Source.LEGACY:
        raise EnteredFromPaper(number=old.number)
    if reason not in CORRECTION_REASONS:
        raise ReasonDoesNotFit
    data = eligibility_data_of_holders([old])[old.pk]
    if data.has_other_proposal:
        raise WaitsAlready(number=old.number)
    if any(doubt.cause == DoubtCause.EXAMINED for doubt in doubts_of([old]).get(old.pk, ())):
        raise BeingExamined(number=old.number)
    shared = cohort_claims(old.enrollment.cohort, old.type) if old.enrollment else _facts_of_basis(old)
    # A correction is based on the old certificate: only its printing can block it.
    rule = IssuingRule(type=old.type, completed=False)
    found = evaluate_eligibility(
        data,
        rule=rule,
        shared={**old.claims, **shared},
        design=design,
        number=old.number,
        correction=(old.claims, reason),
    )
    if found.claims == old.claims:
        raise NothingToCorrect(number=old.number)
    proposal = _proposal_about(old, template, by=by)
    proposal.correction = reason
    row = _row_about(old, proposal, found.claims, found.blocking_reasons)
    row.corrects = old
    return _proposed(proposal, [row], design, by=by)


@transaction.atomic
def propose_renewal(*, credential_ids: Collection[int], template_id: int, by: User) -> Proposal:
    """Propose the next certificates of people whose old ones are about to end. One center, one kind.

    A certificate with a pending proposal blocks its row, and so does one whose prerequisite is revoked or suspended, but
    not one whose prerequisite has expired. Raises PrerequisiteWithdrawn where all of them are, EnteredFromPaper, NotRenewable, NothingChosen,
    PersonTwice, WaitsAlready where all of them wait, and what `propose` raises.
    """
    olds = list(_locked_credentials().filter(pk__in=credential_ids).order_by("pk"))
    if not olds:
        raise NothingChosen
    first = olds[0]
    template = _template_for(first, first.center, template_id, by=by)
    design = _design_for(first.type, template)
    proposal = _proposal_about(first, template, by=by)
    proposal.cohort = None
    asked = Credential.objects.filter(pk__in=credential_ids)
    ending = people_where(renewable(asked, day=timezone.localdate()), "pk")
    data_by_credential = eligibility_data_of_holders(olds)
    if all(data.has_other_proposal for data in data_by_credential.values()):
        raise WaitsAlready(number=format_list(old.number for old in olds))
    withdrawn = locked_withdrawn_prerequisites(old.claims for old in olds)
    if all(old.claims.get("basis") in withdrawn for old in olds):
        raise PrerequisiteWithdrawn(number=format_list(old.claims["basis"] for old in olds))
    rule, doubted = IssuingRule(type=first.type, completed=False), doubts_of(olds)
    rows = []
    for old in olds:
        if old.source == Source.LEGACY:
            raise EnteredFromPaper(number=old.number)
        is_like_first = (old.type_id, old.center_id) == (first.type_id, first.center_id)
        if old.pk not in ending or not is_like_first:
            raise NotRenewable(number=old.number)
        data = replace(
            data_by_credential[old.pk],
            is_prerequisite_withdrawn=old.claims.get("basis") in withdrawn,
            doubted_basis=old.number if old.pk in doubted else "",
        )
        found = evaluate_eligibility(data, rule=rule, shared=old.claims, design=design, number=old.number)
        row = _row_about(old, proposal, found.claims, found.blocking_reasons)
        row.renews = old
        rows.append(row)
    return _proposed(proposal, rows, design, by=by)


@transaction.atomic
def propose_on_prerequisite(
    *, type_id: int, prerequisite_ids: Collection[int], template_id: int, by: User
) -> Proposal:
    """Propose certificates that are based on others, such as licenses on skill-level certificates (law 14/2025, art. 27).

    All of one center. A person who holds one for the trade of the prerequisite gets no second one. A prerequisite that is not in
    force, or of another kind than the rule asks, blocks its row. Raises NothingChosen, PersonTwice, SeveralCenters,
    NoPrerequisite, WaitsAlready where all of them wait, and what `propose` raises.
    """
    type_, rule = _type_with_rule(type_id)
    named = Credential.objects.select_for_update(of=("self",)).filter(pk__in=prerequisite_ids)
    chosen = list(
        named.select_related("center", "holder", "enrollment__cohort__content_version").order_by("pk")
    )
    if not chosen:
        raise NothingChosen
    if rule.prerequisite_id is None:
        raise NoPrerequisite(type=type_)
    if len({prerequisite.center_id for prerequisite in chosen}) > 1:
        raise SeveralCenters
    center = chosen[0].center
    template = _template_for(chosen[0], center, template_id, by=by)
    design = _design_for(type_, template)
    proposal = Proposal(
        type=type_, center=center, template=template, rule=rule, proposed_by=by, proposed_at=timezone.now()
    )
    people = [prerequisite.holder for prerequisite in chosen]
    lock_people(people)
    held = trades_in(Credential.objects.live().filter(type=type_, holder__in=people), "holder_id")
    waiting = trades_in(waiting_rows(type_).filter(person__in=people), "person_id")
    identities = identities_of(people)
    enrollments = [prerequisite.enrollment for prerequisite in chosen if prerequisite.enrollment]
    newest = newest_eligibilities(enrollments)
    studies = studies_of(enrollments, type_, newest)
    kept_back = held_back([enrollment.pk for enrollment in enrollments])
    today, number = timezone.localdate(), placeholder_number(center, type_)
    fit = people_where(
        valid_prerequisites(rule.prerequisite_id, day=today).filter(pk__in=prerequisite_ids), "pk"
    )
    if all(is_among(waiting, prerequisite.holder_id, prerequisite.claims) for prerequisite in chosen):
        raise WaitsAlready(number=format_list(prerequisite.number for prerequisite in chosen))
    rows, doubted = [], doubts_of(chosen)
    for prerequisite in chosen:
        data = EligibilityData(
            person=prerequisite.holder,
            identity=identities.get(prerequisite.holder_id),
            has_certificate=is_among(held, prerequisite.holder_id, prerequisite.claims),
            has_other_proposal=is_among(waiting, prerequisite.holder_id, prerequisite.claims),
            is_held_back=prerequisite.enrollment_id in kept_back,
            prerequisite=prerequisite.number if prerequisite.pk in fit else "",
            doubted_basis=prerequisite.number if prerequisite.pk in doubted else "",
            prerequisite_eligibility=newest.get(prerequisite.enrollment_id)
            if prerequisite.enrollment_id
            else None,
            study=studies.get(prerequisite.enrollment_id) if prerequisite.enrollment_id else None,
        )
        shared = {
            **{name: fact for name, fact in prerequisite.claims.items() if name not in _OWN_CLAIMS},
            "type_ar": type_.name_ar,
            "type_en": type_.name_en,
            "completed_on": prerequisite.claims.get("completed_on", today.isoformat()),
        }
        found = evaluate_eligibility(data, rule=rule, shared=shared, design=design, number=number)
        row = _row_about(prerequisite, proposal, found.claims, found.blocking_reasons)
        row.enrollment, row.prerequisite = None, prerequisite
        rows.append(row)
    return _proposed(proposal, rows, design, by=by)


# --- Shared by all proposals -------------------------------------------------------------------------------------


def _type_with_rule(type_id: int, cohort: Cohort | None = None) -> tuple[CredentialType, IssuingRule]:
    """A kind that may be proposed, with its newest rule; for a cohort, with the one that was fixed when it opened."""
    type_ = CredentialType.objects.get(pk=type_id)
    if not type_.is_active:
        raise TypeNotActive(type=type_)
    rule = rule_of(type_, facts_in_force(cohort).facts) if cohort else type_.rules.first()
    if rule is None:
        raise NoIssuingRule(type=type_)
    check_names_evidence(rule)
    return type_, rule


def _facts_of_basis(credential: Credential) -> dict[str, Any]:
    """The facts of what a certificate without an enrollment is based on, as replaced by now."""
    number = credential.claims.get("basis", "")
    basis = newest_versions([number]).get(number) if number else None
    said = basis.claims if basis else {}
    return {name: said[name] for name in FACTS_OF_BASIS if name in said and name in credential.claims}


def _check_none_waits(cohort: Cohort, type_: CredentialType) -> None:
    """Raises AlreadyProposed."""
    waiting = cohort.proposals.filter(type=type_, state=ProposalState.PROPOSED).first()
    if waiting:
        raise AlreadyProposed(cohort=cohort, proposal_id=waiting.pk)


def _template_for(row: Model, center: Center, template_id: int, *, by: User) -> CertificateTemplate:
    """The template. Raises NotAllowedHere, TemplateNotPublished."""
    if not may(by, Act.PROPOSE_CERTIFICATES, on=row):
        raise NotAllowedHere(center=center)
    template = CertificateTemplate.objects.get(pk=template_id)
    if not template.live:
        raise TemplateNotPublished(template=template)
    return template


def _design_for(type_: CredentialType, template: CertificateTemplate) -> dict[str, Any]:
    """The template's design, for a kind of certificate it can say everything of."""
    check_kind(template, type_)
    design = template.design()
    lists_units = any(block["kind"] == "record" for block in design.get("blocks", ()))
    if type_.kind == CredentialKind.SUPPLEMENT and not lists_units:
        raise TemplateListsNothing(template=template)
    return design


def _locked_credentials() -> QuerySet[Credential]:
    return Credential.objects.select_for_update(of=("self",)).select_related(
        "type", "center", "holder", "enrollment__cohort__center", "enrollment__cohort__content_version"
    )  # fmt: skip


def _proposal_about(credential: Credential, template: CertificateTemplate, *, by: User) -> Proposal:
    return Proposal(
        type=credential.type,
        center=credential.center,
        cohort=credential.enrollment.cohort if credential.enrollment else None,
        template=template,
        proposed_by=by,
        proposed_at=timezone.now(),
    )


def _row_about(
    credential: Credential, proposal: Proposal, claims: dict[str, Any], blocking_reasons: list[dict[str, str]]
) -> ProposalRow:
    return ProposalRow(
        proposal=proposal,
        type=proposal.type,
        person=credential.holder,
        enrollment=credential.enrollment,
        state=RowState.BLOCKED if blocking_reasons else RowState.ELIGIBLE,
        blocking_reasons=blocking_reasons,
        claims={} if blocking_reasons else claims,
    )


def _proposed(
    proposal: Proposal, rows: Sequence[ProposalRow], design: Mapping[str, Any], *, by: User
) -> Proposal:
    """Write a proposal whose rows were tried in `design`.

    Instructors of the cohort, people who taught or marked for a prerequisite, and people in the proposal cannot
    propose it, nor can people who marked what an eligible row rests on. Raises InstructorOfTheCohort, OwnRecord, MarkedForIt,
    AssessorOfPrerequisite, PersonTwice.
    """
    hands, people = hands_of(by), people_of(by)
    if proposal.cohort and not hands.isdisjoint(teachers := teachers_of(proposal.cohort)):
        raise why_one_hand(by, teachers, Act.TEACH, InstructorOfTheCohort)
    if any(row.person.pk in people for row in rows):
        raise OwnRecord
    certified = [row for row in rows if row.state == RowState.ELIGIBLE]
    if marked := people_marked_by(hands, certified, markers_of_rows(certified)):
        raise MarkedForIt(people=marked)
    if any(not hands.isdisjoint(assessors) for assessors in assessors_of_rows(certified)):
        raise AssessorOfPrerequisite
    for person, times in Counter(row.person for row in rows).items():
        if times > 1:
            raise PersonTwice(person=person)
    eligible = sum(row.state == RowState.ELIGIBLE for row in rows)
    if not eligible:
        raise NothingToPropose(type=proposal.type)
    proposal.design_digest = design_digest(design)
    proposal.save()
    ProposalRow.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    log(
        proposal,
        "certificates.propose",
        user=by,
        data={"people": eligible, "blocked": len(rows) - eligible},
    )
    return proposal
