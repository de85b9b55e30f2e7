"""A center proposes certificates; what the papers would say is settled here, before anybody decides."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import Center, User
from accounts.scoping import may
from accounts.services.wording import write_list
from certificates.drawing import design_digest
from certificates.enums import (
    CORRECTION_REASONS,
    CredentialKind,
    CredentialState,
    ProposalState,
    Reason,
    RowState,
    Source,
)
from certificates.errors import (
    AlreadyProposed,
    AssessorOfTheBasis,
    BasisWithdrawn,
    EnteredFromPaper,
    NoIssuingRule,
    NotAllowedHere,
    NothingChosen,
    NothingToCorrect,
    NothingToPropose,
    NotInForce,
    NotRenewable,
    OwnRecord,
    PersonTwice,
    ReasonDoesNotFit,
    SeveralCenters,
    StandsOnNothing,
    TemplateListsNothing,
    TemplateNotPublished,
    TrainerOfTheCohort,
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
from certificates.queries.prerequisites import bases
from certificates.queries.proposals import waiting_rows
from certificates.queries.terms import renewable
from certificates.services.designs import check_kind, number_like
from certificates.services.facts import Standing, assess, check_is_over, cohort_facts
from certificates.services.issuing import ROWS_AT_ONCE
from certificates.services.rules import check_names_evidence
from certificates.services.standings import (
    assessors_behind,
    identities_of,
    is_among,
    lock_people,
    locked_withdrawn_bases,
    newest_eligibilities,
    people_where,
    standings_in,
    standings_of_holders,
    studies_of,
    trades_in,
)
from courses.enums import EnrollmentState
from courses.models import Cohort
from courses.queries.timetable import teachers_of

# What a certificate says of itself alone, and not the one that stands on it: where its paper came from, and what a
# supplement lists.
_OWN_FACTS = frozenset(
    {"source", "printed_number", "entered_on", "units", "attendance_percent", "score_percent"}
)


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

    Everybody gets a row: eligible with the facts the paper would carry, or blocked with what stands in the way.
    Raises AlreadyProposed, CohortStillRuns, NoEvidenceOfSkill, NoIssuingRule, NotAllowedHere, NothingToPropose, OwnRecord,
    TemplateListsNothing, TemplateNotPublished, TemplateOfAnotherKind, TrainerOfTheCohort, TypeNotActive.
    """
    cohort = (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("center__governorate", "program__level", "program__locale", "content_version")
        .get(pk=cohort_id)
    )
    type_, rule = _type_with_rule(type_id)
    template = _template_for(cohort, cohort.center, template_id, by=by)
    design = _design_for(type_, template)
    check_is_over(type_, cohort)
    if cohort.proposals.filter(type=type_, state=ProposalState.PROPOSED).exists():
        raise AlreadyProposed(cohort=cohort)
    enrollments = cohort.enrollments.exclude(state=EnrollmentState.WITHDRAWN).select_related("person")
    if enrollment_ids is not None:
        enrollments = enrollments.filter(pk__in=enrollment_ids)
    proposal = Proposal(
        type=type_,
        center=cohort.center,
        cohort=cohort,
        template=template,
        rule=rule,
        proposed_by=by,
        proposed_at=timezone.now(),
    )
    shared, number = cohort_facts(cohort, type_), number_like(cohort.center, type_)
    rows = []
    for standing in standings_in(list(enrollments), cohort, type_, rule):
        found = assess(standing, rule=rule, shared=shared, design=design, number=number)
        rows.append(
            ProposalRow(
                proposal=proposal,
                type=type_,
                person=standing.person,
                enrollment=standing.enrollment,
                eligibility=standing.eligibility,
                state=RowState.BLOCKED if found.blocks else RowState.ELIGIBLE,
                blocks=found.blocks,
                facts={} if found.blocks else found.facts,
            )
        )
    return _proposed(proposal, rows, design, by=by)


@transaction.atomic
def propose_correction(*, credential_id: int, reason: Reason, template_id: int, by: User) -> Proposal:
    """Propose a certificate that replaces one whose facts were wrong, with the facts of today.

    The old one stays as it is and in force until the new one is approved. Raises NotInForce, NothingToCorrect,
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
    standing = standings_of_holders([old])[old.pk]
    if standing.waits_elsewhere:
        raise WaitsAlready(number=old.number)
    shared = cohort_facts(old.enrollment.cohort, old.type) if old.enrollment else old.facts
    # A correction stands on the old certificate: nothing but its printing can be in the way.
    rule = IssuingRule(type=old.type, completed=False)
    found = assess(standing, rule=rule, shared={**old.facts, **shared}, design=design, number=old.number)
    if found.facts == old.facts:
        raise NothingToCorrect(number=old.number)
    proposal = _proposal_about(old, template, by=by)
    proposal.correction = reason
    row = _row_about(old, proposal, found.facts, found.blocks)
    row.corrects = old
    return _proposed(proposal, [row], design, by=by)


@transaction.atomic
def propose_renewal(*, credential_ids: Collection[int], template_id: int, by: User) -> Proposal:
    """Propose the next certificates of people whose old ones are about to end. One center, one kind.

    One that waits for a decision already blocks its row, and so does one whose basis was withdrawn; a basis that has only
    expired does not. Raises BasisWithdrawn where all of them are, EnteredFromPaper, NotRenewable, NothingChosen,
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
    standings = standings_of_holders(olds)
    if all(standing.waits_elsewhere for standing in standings.values()):
        raise WaitsAlready(number=write_list(old.number for old in olds))
    withdrawn = locked_withdrawn_bases(old.facts for old in olds)
    if all(old.facts.get("basis") in withdrawn for old in olds):
        raise BasisWithdrawn(number=write_list(old.facts["basis"] for old in olds))
    rule = IssuingRule(type=first.type, completed=False)
    rows = []
    for old in olds:
        if old.source == Source.LEGACY:
            raise EnteredFromPaper(number=old.number)
        is_like_first = (old.type_id, old.center_id) == (first.type_id, first.center_id)
        if old.pk not in ending or not is_like_first:
            raise NotRenewable(number=old.number)
        standing = replace(standings[old.pk], is_basis_withdrawn=old.facts.get("basis") in withdrawn)
        found = assess(standing, rule=rule, shared=old.facts, design=design, number=old.number)
        row = _row_about(old, proposal, found.facts, found.blocks)
        row.renews = old
        rows.append(row)
    return _proposed(proposal, rows, design, by=by)


@transaction.atomic
def propose_on_basis(*, type_id: int, basis_ids: Collection[int], template_id: int, by: User) -> Proposal:
    """Propose certificates that stand on others, such as licences on skill-level certificates (law 14/2025, art. 27).

    All of one center. Whoever holds one for the trade of the basis gets none again. A basis that is not in force, or
    of another kind than the rule asks, blocks its row. Raises NothingChosen, PersonTwice, SeveralCenters,
    StandsOnNothing, WaitsAlready where all of them wait, and what `propose` raises.
    """
    type_, rule = _type_with_rule(type_id)
    named = Credential.objects.select_for_update(of=("self",)).filter(pk__in=basis_ids)
    chosen = list(
        named.select_related(
            "center", "holder", "enrollment__cohort__content_version", "enrollment__cohort__program__locale"
        ).order_by("pk")
    )
    if not chosen:
        raise NothingChosen
    if rule.basis_id is None:
        raise StandsOnNothing(type=type_)
    if len({basis.center_id for basis in chosen}) > 1:
        raise SeveralCenters
    center = chosen[0].center
    template = _template_for(chosen[0], center, template_id, by=by)
    design = _design_for(type_, template)
    proposal = Proposal(
        type=type_, center=center, template=template, rule=rule, proposed_by=by, proposed_at=timezone.now()
    )
    people = [basis.holder for basis in chosen]
    lock_people(people)
    held = trades_in(Credential.objects.live().filter(type=type_, holder__in=people), "holder_id")
    waiting = trades_in(waiting_rows(type_).filter(person__in=people), "person_id")
    identities = identities_of(people)
    enrollments = [basis.enrollment for basis in chosen if basis.enrollment]
    newest = newest_eligibilities(enrollments)
    studies = studies_of(enrollments, type_, newest)
    today, number = timezone.localdate(), number_like(center, type_)
    fit = people_where(bases(rule.basis_id, day=today).filter(pk__in=basis_ids), "pk")
    if all(is_among(waiting, basis.holder_id, basis.facts) for basis in chosen):
        raise WaitsAlready(number=write_list(basis.number for basis in chosen))
    rows = []
    for basis in chosen:
        standing = Standing(
            person=basis.holder,
            identity=identities.get(basis.holder_id),
            holds_one=is_among(held, basis.holder_id, basis.facts),
            waits_elsewhere=is_among(waiting, basis.holder_id, basis.facts),
            basis=basis.number if basis.pk in fit else "",
            basis_eligibility=newest.get(basis.enrollment_id) if basis.enrollment_id else None,
            study=studies.get(basis.enrollment_id) if basis.enrollment_id else None,
        )
        shared = {
            **{name: fact for name, fact in basis.facts.items() if name not in _OWN_FACTS},
            "type_ar": type_.name_ar,
            "type_en": type_.name_en,
            "completed_on": basis.facts.get("completed_on", today.isoformat()),
        }
        found = assess(standing, rule=rule, shared=shared, design=design, number=number)
        row = _row_about(basis, proposal, found.facts, found.blocks)
        row.enrollment, row.basis = None, basis
        rows.append(row)
    return _proposed(proposal, rows, design, by=by)


# --- What the ways of proposing share ----------------------------------------------------------------------------


def _type_with_rule(type_id: int) -> tuple[CredentialType, IssuingRule]:
    type_ = CredentialType.objects.get(pk=type_id)
    if not type_.is_active:
        raise TypeNotActive(type=type_)
    rule = type_.rules.first()
    if rule is None:
        raise NoIssuingRule(type=type_)
    check_names_evidence(rule)
    return type_, rule


def _template_for(row: Model, center: Center, template_id: int, *, by: User) -> CertificateTemplate:
    """The template, for somebody who may propose on `row`."""
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
        "type", "center", "holder", "enrollment__cohort__center__governorate",
        "enrollment__cohort__program__level", "enrollment__cohort__program__locale",
        "enrollment__cohort__content_version",
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
    credential: Credential, proposal: Proposal, facts: dict[str, Any], blocks: list[dict[str, str]]
) -> ProposalRow:
    return ProposalRow(
        proposal=proposal,
        type=proposal.type,
        person=credential.holder,
        enrollment=credential.enrollment,
        state=RowState.BLOCKED if blocks else RowState.ELIGIBLE,
        blocks=blocks,
        facts={} if blocks else facts,
    )


def _proposed(
    proposal: Proposal, rows: Sequence[ProposalRow], design: Mapping[str, Any], *, by: User
) -> Proposal:
    """Write a proposal whose rows were tried in `design`.

    Whoever teaches the cohort, taught for what it stands on or stands in it proposes nothing: the register would
    refuse it.
    """
    if proposal.cohort and by.pk in teachers_of(proposal.cohort):
        raise TrainerOfTheCohort
    if by.person_id and any(row.person.pk == by.person_id for row in rows):
        raise OwnRecord
    if any(by.pk in assessors for assessors in assessors_behind(rows)):
        raise AssessorOfTheBasis
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
