"""A person gets one license for each trade, however it is proposed."""

import threading
from contextlib import nullcontext

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.enums import RoleName
from accounts.errors import DomainError
from accounts.models import Center, User
from certificates import errors
from certificates.enums import Reason, RowState
from certificates.models import Credential, CredentialType, Proposal, ProposalRow
from certificates.queries.doubts import doubts_of
from certificates.queries.prerequisites import available_prerequisites
from certificates.services.doubts import lift_doubt
from certificates.services.proposing import propose, propose_correction, propose_on_prerequisite
from courses.models import Cohort
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    completed_enrollment,
    credential_type,
    issued_for,
    proposed_for,
)
from tests.factories.courses import CohortFactory, corrected_facts
from tests.waiting import wait_until


@pytest.fixture
def license_(db: None) -> CredentialType:
    skill = credential_type("skill-level", identity_document=False)
    return credential_type("licence", completed=False, prerequisite=skill)


def prerequisite_in(center: Center) -> Credential:
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    return issued_for(cohort, type_code="skill-level")


def license_proposed(license_: CredentialType, *prerequisites: Credential, by: User) -> Proposal:
    return propose_on_prerequisite(
        type_id=license_.pk,
        prerequisite_ids=[prerequisite.pk for prerequisite in prerequisites],
        template_id=CertificateTemplateFactory().pk,
        by=by,
    )


def test_the_database_refuses_two_pending_rows_with_one_prerequisite(
    license_: CredentialType, center: Center, manager: User
):
    row = license_proposed(license_, prerequisite_in(center), by=manager).rows.get()
    first = row.proposal
    other = Proposal.objects.create(
        type=license_,
        center=center,
        template=first.template,
        proposed_by=manager,
        proposed_at=first.proposed_at,
    )

    with pytest.raises(IntegrityError, match="proposal_row_waits_once_on_prerequisite"):
        ProposalRow.objects.create(
            proposal=other,
            type=license_,
            person=row.person,
            prerequisite=row.prerequisite,
            state=RowState.ELIGIBLE,
        )


def test_a_license_proposed_in_both_ways_is_issued_once(
    license_: CredentialType, center: Center, manager: User
):
    prerequisite = prerequisite_in(center)
    on_prerequisite = license_proposed(license_, prerequisite, by=manager)
    assert prerequisite.enrollment is not None
    for_cohort = propose(
        cohort_id=prerequisite.enrollment.cohort_id,
        type_id=license_.pk,
        template_id=CertificateTemplateFactory().pk,
        by=manager,
    )
    approved(on_prerequisite)

    with pytest.raises(errors.AlreadyHeld), transaction.atomic():
        approved(for_cohort)

    assert Credential.objects.live().filter(type=license_).count() == 1


@pytest.mark.parametrize(("trades", "licenses"), [(("7411", "7126"), 2), (("7411", "7411"), 1)])
def test_a_license_is_per_trade(
    license_: CredentialType, center: Center, manager: User, trades: tuple[str, str], licenses: int
):
    person = PersonFactory()
    prerequisites = []
    for trade in trades:
        cohort = CohortFactory(center=center, program__occupation_code=trade)
        completed_enrollment(cohort, person=person)
        prerequisites.append(issued_for(cohort, type_code="skill-level"))
    approved(license_proposed(license_, prerequisites[0], by=manager))

    with nullcontext() if licenses == 2 else pytest.raises(errors.NothingToPropose):
        approved(license_proposed(license_, prerequisites[1], by=manager))

    assert Credential.objects.live().filter(type=license_, holder=person).count() == licenses


def confirmed_by_an_officer(credential: Credential) -> None:
    """The facts of its cohort were corrected since; an officer looked, and it stays as it is."""
    (doubt,) = doubts_of([credential])[credential.pk]
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=credential.center).user
    lift_doubt(
        credential_id=credential.pk, cause=doubt.cause, about=doubt.about, reason="طابق السجل", by=officer
    )


@pytest.fixture
def later_in_isco(center: Center, license_: CredentialType) -> Cohort:
    """Somebody holds a skill-level certificate of a cohort that had no ISCO code then and has one now."""
    cohort = CohortFactory(center=center, program__occupation_code="")
    completed_enrollment(cohort)
    issued_for(cohort, type_code="skill-level")
    corrected_facts(cohort, occupation_code="7411")
    confirmed_by_an_officer(Credential.objects.get())
    return cohort


def test_a_program_that_got_its_occupation_since_gives_no_second_license(
    license_: CredentialType, later_in_isco: Cohort, manager: User
):
    prerequisite = Credential.objects.get()
    approved(license_proposed(license_, prerequisite, by=manager))

    with pytest.raises(DomainError), transaction.atomic():
        approved(proposed_for(later_in_isco, type_code="licence"))

    assert not available_prerequisites(license_, day=timezone.localdate()).exists()
    assert Credential.objects.live().filter(type=license_).count() == 1


def test_a_license_can_be_based_on_a_certificate_from_before_its_program_got_an_occupation(
    license_: CredentialType, later_in_isco: Cohort
):
    prerequisite = Credential.objects.get()

    (new,) = approved(proposed_for(later_in_isco, type_code="licence"))

    assert (new.claims["basis"], new.claims["occupation_code"]) == (prerequisite.number, "7411")


def test_a_holder_of_a_license_from_after_that_is_not_offered_one(
    license_: CredentialType, later_in_isco: Cohort, manager: User
):
    prerequisite = Credential.objects.get()
    approved(proposed_for(later_in_isco, type_code="licence"))

    with pytest.raises(errors.NothingToPropose):
        license_proposed(license_, prerequisite, by=manager)

    assert not available_prerequisites(license_, day=timezone.localdate()).exists()


def test_a_correction_makes_no_second_license_for_a_trade(
    license_: CredentialType, center: Center, manager: User
):
    person = PersonFactory()
    first, second = (
        CohortFactory(center=center, program__occupation_code=trade) for trade in ("7411", "7126")
    )
    for cohort in (first, second):
        completed_enrollment(cohort, person=person)
        issued_for(cohort, type_code="skill-level")
        issued_for(cohort, type_code="licence")
    corrected_facts(first, occupation_code="7126")
    proposal = propose_correction(
        credential_id=Credential.objects.get(type=license_, enrollment__cohort=first).pk,
        reason=Reason.FACTS_CORRECTED,
        template_id=CertificateTemplateFactory().pk,
        by=manager,
    )

    with pytest.raises(errors.AlreadyHeld), transaction.atomic():
        approved(proposal)

    assert Credential.objects.live().filter(type=license_, holder=person).count() == 2


def test_a_correction_of_the_trade_replaces_the_license_and_is_no_second_one(
    license_: CredentialType, center: Center, manager: User
):
    cohort = CohortFactory(center=center, program__occupation_code="7411")
    completed_enrollment(cohort)
    issued_for(cohort, type_code="skill-level")
    issued_for(cohort, type_code="licence")
    corrected_facts(cohort, occupation_code="7126")
    proposal = propose_correction(
        credential_id=Credential.objects.get(type=license_).pk,
        reason=Reason.FACTS_CORRECTED,
        template_id=CertificateTemplateFactory().pk,
        by=manager,
    )

    (corrected,) = approved(proposal)

    assert corrected.claims["occupation_code"] == "7126"
    assert Credential.objects.live().filter(type=license_).get() == corrected


def a_session_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        # Not pg_stat_activity: a transaction sees that as it was when it first looked.
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


@pytest.mark.django_db(transaction=True)
def test_two_managers_at_once_propose_one_license():
    center = CohortFactory().center
    skill = credential_type("skill-level", identity_document=False)
    license_ = credential_type("licence", completed=False, prerequisite=skill)
    prerequisite = prerequisite_in(center)
    first, second = (
        MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user for _number in range(2)
    )
    refused: list[DomainError] = []

    def propose_too() -> None:
        try:
            license_proposed(license_, prerequisite, by=second)
        except DomainError as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    other = threading.Thread(target=propose_too)
    with transaction.atomic():
        license_proposed(license_, prerequisite, by=first)
        other.start()
        wait_until(lambda: not other.is_alive() or a_session_waits_for_a_lock())
    other.join()

    assert len(refused) == 1
    assert ProposalRow.objects.filter(type=license_, state=RowState.ELIGIBLE).count() == 1


def test_who_holds_the_license_of_the_trade_is_named_before_the_cohort_is_proposed(
    license_: CredentialType, center: Center, manager: User
):
    """It was refused at the approval only, one person at a time."""
    cohort = CohortFactory(center=center)
    first, _second = (completed_enrollment(cohort) for _number in range(2))
    certified = approved(proposed_for(cohort, type_code="skill-level"))
    approved(
        license_proposed(
            license_, *(one for one in certified if one.holder_id == first.person_id), by=manager
        )
    )

    proposal = proposed_for(cohort, type_code="licence", by=manager)

    states = dict(proposal.rows.values_list("person", "state"))
    assert states[first.person_id] == RowState.BLOCKED
    assert sorted(states.values()) == sorted([RowState.BLOCKED, RowState.ELIGIBLE])
