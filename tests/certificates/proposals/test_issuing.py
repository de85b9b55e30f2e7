"""Issuing: approval by a second person, numbers without gaps, immutable claims."""

import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from accounts.errors import DomainError
from accounts.models import Center, User
from certificates import errors
from certificates.enums import BlockingReason, CredentialState, ProposalState, Reason, RowState, Status
from certificates.models import Artifact, Credential, NumberSeries, Proposal, RenderJob, StatusEvent
from certificates.services.deciding import approve, reject
from certificates.services.proposing import propose
from courses.models import Cohort
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.certificates import (
    CertificateTemplateFactory,
    completed_enrollment,
    credential_type,
    issued,
    proposed,
    proposed_for,
    revoke,
)
from tests.factories.courses import CohortFactory, EnrollmentFactory


@pytest.fixture
def cohort(center: Center) -> Cohort:
    return CohortFactory(center=center)


@pytest.fixture
def officer(center: Center) -> User:
    return MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user


def nothing_issued() -> bool:
    return not (Credential.objects.exists() or RenderJob.objects.exists() or NumberSeries.objects.exists())


def test_an_approval_issues_one_certificate_a_person_with_consecutive_numbers(cohort: Cohort, officer: User):
    proposal = proposed(cohort, people=3)

    credentials = approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())

    year = timezone.localdate().year
    assert [one.number for one in credentials] == [f"{cohort.center.code}/{year}/{n:06}" for n in (1, 2, 3)]
    assert StatusEvent.objects.filter(status=Status.ISSUED).count() == RenderJob.objects.count() == 3
    assert ModelLogEntry.objects.filter(action="certificates.approve", user=officer).count() == 1


def test_the_claims_do_not_change_when_the_person_is_renamed(cohort: Cohort):
    credential = issued(cohort)
    person = credential.enrollment.person
    printed = credential.claims["name_ar"]

    person.full_name_ar = "اسم آخر"
    person.save()

    credential.refresh_from_db()
    assert credential.claims["name_ar"] == printed


def test_the_proposer_cannot_approve(cohort: Cohort):
    proposal = proposed(cohort)
    MembershipFactory(user=proposal.proposed_by, role=RoleName.CERTIFYING_OFFICER, center=cohort.center)

    with pytest.raises(errors.SamePerson):
        approve(proposal_id=proposal.pk, by=proposal.proposed_by, confirmed_at=timezone.now())

    assert nothing_issued()


def test_the_database_itself_refuses_one_person_in_both_roles(cohort: Cohort):
    proposal = proposed(cohort)

    with pytest.raises(IntegrityError, match="proposal_decided_by_another_person"):
        Proposal.objects.filter(pk=proposal.pk).update(
            state=ProposalState.APPROVED, decided_by=proposal.proposed_by, decided_at=timezone.now()
        )


def test_a_second_approval_is_refused_and_issues_nothing_again(cohort: Cohort, officer: User):
    proposal = proposed(cohort)
    approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())

    with pytest.raises(errors.AlreadyDecided, match=officer.display_name):
        approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())

    assert Credential.objects.count() == 1


def test_an_officer_of_another_center_cannot_approve(cohort: Cohort, other_center: Center):
    outsider = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=other_center).user

    with pytest.raises(errors.NotAllowedHere):
        approve(proposal_id=proposed(cohort).pk, by=outsider, confirmed_at=timezone.now())

    assert nothing_issued()


def test_a_manager_of_another_center_cannot_propose(cohort: Cohort, other_center: Center):
    completed_enrollment(cohort)
    outsider = MembershipFactory(role=RoleName.CENTER_MANAGER, center=other_center).user

    with pytest.raises(errors.NotAllowedHere):
        propose(
            cohort_id=cohort.pk,
            type_id=credential_type().pk,
            template_id=CertificateTemplateFactory().pk,
            by=outsider,
        )

    assert nothing_issued()


def test_a_trainer_of_the_cohort_cannot_approve(cohort: Cohort, officer: User):
    cohort.instructors.add(officer)

    with pytest.raises(errors.InstructorOfTheCohort):
        approve(proposal_id=proposed(cohort).pk, by=officer, confirmed_at=timezone.now())


def test_staff_cannot_approve_their_own_certificate(cohort: Cohort, officer: User):
    officer.person = PersonFactory()
    officer.save()
    completed_enrollment(cohort, person=officer.person)

    with pytest.raises(errors.OwnRecord):
        approve(proposal_id=proposed(cohort).pk, by=officer, confirmed_at=timezone.now())

    assert nothing_issued()


def test_a_name_that_cannot_be_printed_is_reported_before_the_decision(cohort: Cohort):
    completed_enrollment(cohort, person=PersonFactory(full_name_ar="محمد 汉字"))

    proposal = proposed(cohort, people=2)

    blocked = proposal.rows.get(state=RowState.BLOCKED)
    assert [block["code"] for block in blocked.blocking_reasons] == [BlockingReason.CANNOT_BE_PRINTED]
    assert "U+6C49" in blocked.blocking_reasons[0]["detail"]
    assert proposal.rows.filter(state=RowState.ELIGIBLE).count() == 2


def test_a_rolled_back_approval_gives_its_numbers_back(cohort: Cohort, officer: User):
    proposal = proposed(cohort, people=2)

    with pytest.raises(RuntimeError), transaction.atomic():
        approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())
        raise RuntimeError

    assert approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())[0].number.endswith(
        "/000001"
    )


def test_a_cohort_without_candidates_cannot_be_proposed(cohort: Cohort, manager: User):
    EnrollmentFactory(cohort=cohort)

    with pytest.raises(errors.NothingToPropose):
        propose(
            cohort_id=cohort.pk,
            type_id=credential_type().pk,
            template_id=CertificateTemplateFactory().pk,
            by=manager,
        )


def test_a_cohort_is_proposed_once_at_a_time(cohort: Cohort, manager: User):
    proposed(cohort)
    completed_enrollment(cohort)

    with pytest.raises(errors.AlreadyProposed):
        propose(
            cohort_id=cohort.pk,
            type_id=credential_type().pk,
            template_id=CertificateTemplateFactory().pk,
            by=manager,
        )


def test_a_draft_template_cannot_be_used(cohort: Cohort, manager: User):
    completed_enrollment(cohort)

    with pytest.raises(errors.TemplateNotPublished):
        propose(
            cohort_id=cohort.pk,
            type_id=credential_type().pk,
            template_id=CertificateTemplateFactory(live=False).pk,
            by=manager,
        )


def test_who_was_in_a_rejected_proposal_is_eligible_in_the_next(cohort: Cohort, officer: User):
    proposal = proposed(cohort, people=2)

    reject(proposal_id=proposal.pk, reason="تنقص ورقة", by=officer)

    assert proposed_for(cohort).rows.filter(state=RowState.ELIGIBLE).count() == 2


def test_a_rejection_needs_a_reason(cohort: Cohort, officer: User):
    proposal = proposed(cohort)

    with pytest.raises(errors.ReasonMissing):
        reject(proposal_id=proposal.pk, reason="  ", by=officer)

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PROPOSED


def test_a_revoked_certificate_keeps_its_row_and_is_revoked_once(cohort: Cohort, officer: User):
    credential = issued(cohort)
    before = Credential.objects.values().get(pk=credential.pk)

    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="محضر ١٢", by=officer)

    after = Credential.objects.values().get(pk=credential.pk)
    assert after == {**before, "state": CredentialState.REVOKED}
    with pytest.raises(errors.AlreadyEnded):
        revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)
    assert credential.events.filter(status=Status.REVOKED).count() == 1


def test_a_revoked_certificate_can_be_issued_again(cohort: Cohort, officer: User, manager: User):
    credential = issued(cohort)
    revoke(credential_id=credential.pk, reason=Reason.ISSUED_IN_ERROR, note="", by=officer)

    again = propose(
        cohort_id=cohort.pk,
        type_id=credential_type().pk,
        template_id=CertificateTemplateFactory().pk,
        by=manager,
    )
    renewed = approve(proposal_id=again.pk, by=officer, confirmed_at=timezone.now())[0]

    assert renewed.number != credential.number
    assert Credential.objects.live().filter(enrollment=credential.enrollment).get() == renewed


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certificates_credential SET number = 'X'",
        "UPDATE certificates_credential SET claims = '{}'",
        "DELETE FROM certificates_credential",
        "UPDATE certificates_statusevent SET note = 'x'",
        "DELETE FROM certificates_statusevent",
    ],
)
def test_the_database_refuses_to_change_what_was_issued(cohort: Cohort, statement: str):
    issued(cohort)

    with pytest.raises(DatabaseError, match="never changed"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_revoked_certificate_cannot_be_brought_back(cohort: Cohort, officer: User):
    credential = issued(cohort)
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)

    with pytest.raises(DatabaseError, match="stays ended"):
        Credential.objects.filter(pk=credential.pk).update(state=CredentialState.IN_FORCE)


@pytest.mark.django_db(transaction=True)
def test_parallel_approvals_number_without_gap_or_double():
    center = CohortFactory().center
    proposals = [proposed(CohortFactory(center=center), people=2) for _number in range(4)]
    officers = [
        MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user for _number in range(8)
    ]
    refused: list[DomainError] = []

    def decide(place: int) -> None:
        try:
            approve(proposal_id=proposals[place % 4].pk, by=officers[place], confirmed_at=timezone.now())
        except errors.AlreadyDecided as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    numbers = sorted(int(one.number[-6:]) for one in Credential.objects.all())
    assert numbers == list(range(1, 9))
    assert len(refused) == 4
    assert not Artifact.objects.exists()
