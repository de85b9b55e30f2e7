"""The decision about a proposal: by a second person, who has just authenticated again."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence, Set
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import Person, User
from accounts.scoping import may
from accounts.scoping.hands import hands_of, is_of_one_hand, made_by, people_of, why_one_hand
from certificates.enums import CredentialKind, CredentialState, ProposalState, Reason, RowState
from certificates.errors import (
    AlreadyDecided,
    AlreadyHeld,
    AssessorOfPrerequisite,
    ChangedSinceProposal,
    ConfirmationNeeded,
    FactsCorrectedSince,
    FactsNotCompared,
    FeesNotReceived,
    InstructorOfTheCohort,
    MarkedForIt,
    NoLongerEligible,
    NotAllowedHere,
    NothingChosen,
    OwnRecord,
    ProposedByAssessor,
    ProposedByInstructor,
    ProposedByMarker,
    ReasonMissing,
    RestsOnDoubt,
    SamePerson,
    TakenBackAlready,
)
from certificates.models import Credential, IssuingRule, Proposal, ProposalRow
from certificates.queries.doubts import numbers_in_doubt
from certificates.queries.evidence import missing_evidence, newest_eligibilities
from certificates.services.claims import require_closed_cohort
from certificates.services.eligibility import (
    is_among,
    lock_people,
    locked_withdrawn_prerequisites,
    markers_of_rows,
    people_marked_by,
    trades_in,
    trades_of,
)
from certificates.services.fees import locked_fees
from certificates.services.issuing import issue
from certificates.services.rules import check_names_evidence
from courses.enums import EnrollmentState, FactsSource
from courses.queries.facts import facts_in_force
from courses.queries.remarks import held_back
from courses.queries.timetable import teachers_of
from courses.services.facts import note_compared
from courses.services.locks import locked_cohort, locked_enrollments


def is_confirmed(confirmed_at: dt.datetime | None) -> bool:
    """Whether an authentication at that time is recent enough to approve now (`REAUTHENTICATION_SECONDS`)."""
    within = dt.timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
    return confirmed_at is not None and timezone.now() - confirmed_at <= within


def _lock_undecided(proposal_id: int, *, by: User) -> Proposal:
    """Lock a proposal and check that `by` may decide it now."""
    proposal = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("center", "cohort", "type", "rule", "template", "proposed_by", "decided_by")
        .get(pk=proposal_id)
    )
    if not may(by, Act.APPROVE_CERTIFICATES, on=proposal):
        raise NotAllowedHere(center=proposal.center)
    check_undecided(proposal)
    proposer, act = {proposal.proposed_by_id}, Act.PROPOSE_CERTIFICATES
    if is_of_one_hand(by, proposer, act, on=proposal.proposed_at):
        raise why_one_hand(by, proposer, act, SamePerson, on=proposal.proposed_at)
    hands = hands_of(by)
    if proposal.cohort and not hands.isdisjoint(teachers := teachers_of(proposal.cohort)):
        raise why_one_hand(by, teachers, Act.TEACH, InstructorOfTheCohort)
    if _assessed(proposal, hands):
        raise AssessorOfPrerequisite
    if proposal.rows.filter(person__in=people_of(by), state=RowState.ELIGIBLE).exists():
        raise OwnRecord
    return proposal


def check_undecided(proposal: Proposal) -> None:
    """Raises AlreadyDecided, TakenBackAlready."""
    if proposal.state == ProposalState.WITHDRAWN:
        raise TakenBackAlready(by=proposal.decided_by)
    if proposal.state != ProposalState.PROPOSED:
        raise AlreadyDecided(by=proposal.decided_by)


def _proposers(proposal: Proposal) -> frozenset[int]:
    """Logins of who proposed it, and of those whose deputies they were then."""
    return made_by({proposal.proposed_by_id}, Act.PROPOSE_CERTIFICATES, on=proposal.proposed_at)


def _assessed(proposal: Proposal, logins: Set[int]) -> bool:
    """Whether one of `logins` taught or marked for a prerequisite, corrected or renewed certificate of a proposal's rows."""
    olds = ("prerequisite", "corrects", "renews")
    behind = [Q(**{f"{old}__assessors__overlap": sorted(logins)}) for old in olds]
    rows = proposal.rows.filter(state=RowState.ELIGIBLE)
    named = rows.values_list(KeyTextTransform("basis", "claims"))
    assessed = Credential.objects.filter(assessors__overlap=sorted(logins), number__in=named)
    return rows.filter(reduce(or_, behind)).exists() or assessed.exists()


def _check_separation(proposal: Proposal, rows: Sequence[ProposalRow], *, by: User) -> None:
    """Raise if the proposer has taught or assessed by now, or if one of the two marked what a row rests on."""
    proposers = _proposers(proposal)
    if proposal.cohort and not proposers.isdisjoint(teachers_of(proposal.cohort)):
        raise ProposedByInstructor(by=proposal.proposed_by)
    if _assessed(proposal, proposers):
        raise ProposedByAssessor(by=proposal.proposed_by)
    markers = markers_of_rows(rows)
    if people := people_marked_by(hands_of(by), rows, markers):
        raise MarkedForIt(people=people)
    if people := people_marked_by(proposers, rows, markers):
        raise ProposedByMarker(by=proposal.proposed_by, people=people)


def _decide(proposal: Proposal, state: ProposalState, *, by: User, reason: str = "") -> None:
    proposal.state = state
    proposal.decided_by = by
    proposal.decided_at = timezone.now()
    proposal.reason = reason
    proposal.save(update_fields=["state", "decided_by", "decided_at", "reason"])


@transaction.atomic
def approve(
    *,
    proposal_id: int,
    by: User,
    confirmed_at: dt.datetime | None,
    left_out: Collection[int] = (),
    note: str = "",
    shown_design: str | None = None,
    facts_compared: bool = False,
) -> list[Credential]:
    """Issue a certificate for every eligible row of a proposal, except those left out and those whose fee was not received: these are
    sent back.

    `left_out` are ids of rows; `confirmed_at` is when the officer last proved who they are; `note` tells the center why
    rows were sent back; `shown_design` is the `design_digest` of the draft that the officer was shown, None where a
    script decides; `facts_compared` says that the officer compared facts of before the upgrade with the records. All the others are issued
    or none. Raises AlreadyDecided, AlreadyHeld, AssessorOfPrerequisite,
    ChangedSinceProposal, CohortStillRuns, ConfirmationNeeded, DesignChangedSinceShown, DesignNoLongerPrintable, FactsCorrectedSince, FactsNotCompared, FeesNotReceived,
    NoEvidenceOfSkill, MarkedForIt, NoLongerEligible, NotAllowedHere, NothingChosen, OwnRecord, ProposedByAssessor, ProposedByInstructor,
    ProposedByMarker, ReasonMissing, RecordedItsFee, RestsOnDoubt, RowNoLongerPrintable, SamePerson, TemplateOfAnotherKind, TemplateWithdrawn, InstructorOfTheCohort.
    """
    if confirmed_at is None or not is_confirmed(confirmed_at):
        raise ConfirmationNeeded
    proposal = _lock_undecided(proposal_id, by=by)
    # People before cohorts, and these before enrollments, as for seats: what is read from here on stays as it is until the issue.
    rows = proposal.rows.filter(state=RowState.ELIGIBLE)
    lock_people(Person.objects.only("pk").filter(pk__in=rows.values("person")))
    eligible = list(
        rows.select_related("person", "enrollment", "corrects", "renews", "prerequisite__enrollment")
    )
    out = set(left_out)
    chosen = [row for row in eligible if row.pk not in out]
    if not chosen:
        raise NothingChosen
    if len(chosen) < len(eligible) and not note.strip():
        raise ReasonMissing
    fees = locked_fees(chosen, day=timezone.localdate(), by=by)
    unpaid = [row for row in chosen if row.pk not in fees]
    chosen = [row for row in chosen if row.pk in fees]
    if not chosen:
        raise FeesNotReceived
    _check_separation(proposal, chosen, by=by)
    if proposal.cohort and not proposal.correction:
        require_closed_cohort(proposal.type, proposal.cohort)
    _check_facts(proposal, is_compared=facts_compared, by=by)
    _lock_records(chosen)
    states = _locked_states(chosen)
    for row in chosen:
        _check_still_true(row, proposal, states)
    if proposal.rule:
        check_names_evidence(proposal.rule)
    _check_not_held_back(chosen)
    _check_evidence(chosen, proposal.rule)
    _check_prerequisites(chosen)
    _check_no_doubts(chosen)
    _check_none_held(chosen, proposal)
    _update_rows(proposal, chosen, unpaid, note=note.strip())
    _decide(proposal, ProposalState.APPROVED, by=by)
    credentials = issue(proposal=proposal, rows=chosen, fees=fees, by=by, shown_design=shown_design)
    log(
        proposal,
        "certificates.approve",
        user=by,
        data={
            "issued": len(credentials),
            "sent_back": len(eligible) - len(chosen) - len(unpaid),
            **({"unpaid": len(unpaid)} if unpaid else {}),
            "first": credentials[0].number,
            "last": credentials[-1].number,
            "confirmed_at": confirmed_at.isoformat(),
        },
    )
    return credentials


def _check_facts(proposal: Proposal, *, is_compared: bool, by: User) -> None:
    """Raise if what the rows say of program and center was corrected since, or is of before the upgrade and no officer compared it."""
    if proposal.cohort_id is None or proposal.correction == Reason.NAME_CORRECTED:
        return
    # No correction may come between this and the issue.
    cohort = locked_cohort(proposal.cohort_id)
    facts = facts_in_force(cohort)
    if facts.decided_at and facts.decided_at > proposal.proposed_at:
        raise FactsCorrectedSince(cohort=cohort)
    if facts.source == FactsSource.UPGRADE:
        if not is_compared:
            raise FactsNotCompared(cohort=cohort)
        note_compared(cohort_id=cohort.pk, by=by)


def _lock_records(rows: Sequence[ProposalRow]) -> None:
    """No mark or attendance behind a certificate is corrected between this and the issue."""
    studied = (row.enrollment_id or (row.prerequisite and row.prerequisite.enrollment_id) for row in rows)
    enrollments = locked_enrollments(key for key in studied if key)
    for row in rows:
        if row.enrollment_id:
            row.enrollment = enrollments[row.enrollment_id]


def _locked_states(rows: Sequence[ProposalRow]) -> dict[int, str]:
    """Lock the certificates that rows correct, renew or are based on, so that none is revoked during the approval."""
    olds = [old.pk for row in rows for old in (row.corrects, row.renews, row.prerequisite) if old]
    locked = Credential.objects.select_for_update(of=("self",)).filter(pk__in=olds).order_by("pk")
    return dict(locked.values_list("pk", "state")) if olds else {}


def _check_still_true(row: ProposalRow, proposal: Proposal, states: Mapping[int, str]) -> None:
    """Raise if anything that the officer saw has changed since the proposal."""
    rule, person = proposal.rule, row.person
    if rule and row.enrollment:
        is_completed = row.enrollment.state == EnrollmentState.COMPLETED
        if row.enrollment.state == EnrollmentState.WITHDRAWN or (rule.completed and not is_completed):
            raise NoLongerEligible(person=person)
    for old in (row.corrects, row.renews, row.prerequisite):
        if old and states[old.pk] != CredentialState.IN_FORCE:
            raise NoLongerEligible(person=person)
    said = (row.claims.get("name_ar"), row.claims.get("name_en"))
    # A correction of other claims leaves the name as it was.
    is_of_name = proposal.correction in ("", Reason.NAME_CORRECTED)
    if is_of_name and said != (person.full_name_ar, person.full_name_en):
        raise ChangedSinceProposal(person=person)


def _check_not_held_back(rows: Sequence[ProposalRow]) -> None:
    """A result may have been held since the proposal. A correction of a certificate in force rests on nothing new."""
    new = {
        row.pk: row.enrollment_id or (row.prerequisite and row.prerequisite.enrollment_id)
        for row in rows
        if not row.corrects
    }
    kept_back = held_back([key for key in new.values() if key])
    for row in rows:
        if new.get(row.pk) in kept_back:
            raise NoLongerEligible(person=row.person)


def _check_evidence(rows: Sequence[ProposalRow], rule: IssuingRule | None) -> None:
    """Evaluations since the proposal have to meet the rule, too: an attendance may have been corrected."""
    if rule is None or not (rule.clauses or rule.completed):
        return
    studied = {row.pk: row.enrollment or (row.prerequisite and row.prerequisite.enrollment) for row in rows}
    newest = newest_eligibilities([enrollment for enrollment in studied.values() if enrollment])
    for row in rows:
        enrollment = studied[row.pk]
        evaluated = newest.get(enrollment.pk) if enrollment else None
        is_in_doubt = row.enrollment and rule.completed and evaluated and not evaluated.met
        if is_in_doubt or any(missing_evidence(evaluated, rule)):
            raise NoLongerEligible(person=row.person)


def _check_prerequisites(rows: Sequence[ProposalRow]) -> None:
    """The prerequisite of a certificate has to be valid on the day of issue, however the certificate was proposed.

    The prerequisite of a renewed certificate may have expired, but must not be revoked or suspended.
    """
    renewed = [row for row in rows if row.renews]
    withdrawn = locked_withdrawn_prerequisites(row.claims for row in renewed)
    for row in renewed:
        if row.claims.get("basis") in withdrawn:
            raise NoLongerEligible(person=row.person)
    standing = {
        row.claims["basis"]: row
        for row in rows
        if row.claims.get("basis") and not (row.corrects or row.renews)
    }
    if not standing:
        return
    valid = Credential.objects.valid_on(timezone.localdate()).filter(number__in=standing).order_by("pk")
    still = set(valid.select_for_update(of=("self",)).values_list("number", flat=True))
    for number, row in standing.items():
        if number not in still:
            raise NoLongerEligible(person=row.person)


def _check_no_doubts(rows: Sequence[ProposalRow]) -> None:
    """What a row rests on may have come into doubt since the proposal. A correction may be what ends the doubt."""
    basis = {row: row.renews.number if row.renews else row.claims.get("basis", "") for row in rows}
    doubted = numbers_in_doubt(number for row, number in basis.items() if number and not row.corrects)
    for row, number in basis.items():
        if number in doubted and not row.corrects:
            raise RestsOnDoubt(person=row.person, number=number)


def _check_none_held(rows: Sequence[ProposalRow], proposal: Proposal) -> None:
    """A person holds one license for each trade, however the second one was proposed.

    A correction or renewal replaces the old one, unless it changes the trade.
    """
    new = [row for row in rows if _is_of_new_trade(row)]
    once = [row for row in new if row.prerequisite or proposal.type.kind == CredentialKind.LICENSE]
    if not once:
        return
    people = [row.person for row in once]
    live = Credential.objects.live().filter(type=proposal.type, holder__in=people)
    replaced = [old.pk for row in once for old in (row.corrects, row.renews) if old]
    held = trades_in(live.exclude(pk__in=replaced), "holder_id")
    for row in once:
        if is_among(held, row.person.pk, row.claims):
            raise AlreadyHeld(person=row.person)


def _is_of_new_trade(row: ProposalRow) -> bool:
    old = row.corrects or row.renews
    return old is None or not trades_of(row.claims) <= trades_of(old.claims)


def _update_rows(
    proposal: Proposal, chosen: Sequence[ProposalRow], unpaid: Sequence[ProposalRow], *, note: str
) -> None:
    """Mark the chosen rows approved, those without their fee unpaid, and the other eligible ones sent back with the note."""
    waiting = proposal.rows.filter(state=RowState.ELIGIBLE)
    waiting.filter(pk__in=[row.pk for row in unpaid]).update(state=RowState.UNPAID)
    waiting.exclude(pk__in=[row.pk for row in chosen]).update(state=RowState.RETURNED, note=note)
    waiting.update(state=RowState.APPROVED)


@transaction.atomic
def reject(*, proposal_id: int, reason: str, by: User) -> Proposal:
    """Send a proposal back with a reason. Its people may be proposed again."""
    if not reason.strip():
        raise ReasonMissing
    proposal = _lock_undecided(proposal_id, by=by)
    # The rows first: those of a decided proposal stay as they are.
    proposal.rows.filter(state=RowState.ELIGIBLE).update(state=RowState.RETURNED, note=reason.strip())
    _decide(proposal, ProposalState.REJECTED, by=by, reason=reason.strip())
    log(proposal, "certificates.reject", user=by, data={"reason": proposal.reason})
    return proposal
