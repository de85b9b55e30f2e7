"""The prerequisite of a certificate has to be valid on the day of issue."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, Person, User
from certificates import errors
from certificates.enums import BlockingReason, Reason
from certificates.models import Credential, CredentialType, Proposal, Term
from certificates.services.proposing import propose_on_prerequisite, propose_renewal
from certificates.services.statuses import reinstate, suspend
from courses.clauses import Clauses, Score
from courses.enums import CohortState, EnrollmentState
from courses.models import Cohort
from tests.database_owner import trigger_disabled
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    completed_enrollment,
    corrected,
    credential_type,
    issued_for,
    proposed_for,
    revoke,
)
from tests.factories.courses import CohortFactory


@pytest.fixture
def prerequisite(center: Center) -> Credential:
    type_ = credential_type("skill-level", identity_document=False)
    Term.objects.create(type=type_, months=1, renewable_days=90, since=dt.date(2020, 1, 1))
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    return issued_for(cohort, type_code="skill-level")


@pytest.fixture
def license_(prerequisite: Credential) -> CredentialType:
    return credential_type("licence", completed=False, prerequisite=prerequisite.type)


def expire(credential: Credential) -> None:
    """Move the dates back by a hundred days, with the trigger disabled."""
    with connection.cursor() as cursor, trigger_disabled("certificates_credential", "credential_only_ends"):
        cursor.execute(
            "UPDATE certificates_credential SET valid_from = valid_from - 100, valid_until = valid_until - 100"
            " WHERE id = %s",
            [credential.pk],
        )


def test_no_license_is_issued_if_its_prerequisite_expired_after_the_proposal(
    prerequisite: Credential, license_: CredentialType, manager: User
):
    proposal = propose_on_prerequisite(
        type_id=license_.pk,
        prerequisite_ids=[prerequisite.pk],
        template_id=CertificateTemplateFactory().pk,
        by=manager,
    )
    expire(prerequisite)

    with pytest.raises(errors.NoLongerEligible), transaction.atomic():
        approved(proposal)

    assert not Credential.objects.filter(type=license_).exists()


def test_no_certificate_of_a_cohort_is_issued_if_its_prerequisite_expired_after_the_proposal(
    prerequisite: Credential, license_: CredentialType
):
    assert prerequisite.enrollment is not None
    proposal = proposed_for(prerequisite.enrollment.cohort, type_code="licence")
    expire(prerequisite)

    with pytest.raises(errors.NoLongerEligible), transaction.atomic():
        approved(proposal)

    assert not Credential.objects.filter(type=license_).exists()


def taught(center: Center, person: Person, *, trade: str) -> Cohort:
    """A cohort for a trade that somebody completed."""
    cohort = CohortFactory(center=center, program__occupation_code=trade)
    completed_enrollment(cohort, person=person)
    return cohort


def test_a_license_for_one_trade_is_not_based_on_a_certificate_of_another(center: Center):
    credential_type(
        "licence", completed=False, prerequisite=credential_type("skill-level", identity_document=False)
    )
    person = PersonFactory()
    issued_for(taught(center, person, trade="7411"), type_code="skill-level")

    with pytest.raises(errors.NothingToPropose):
        proposed_for(taught(center, person, trade="7126"), type_code="licence")


def test_a_license_for_a_trade_can_be_based_on_a_certificate_of_another_course_of_the_trade(center: Center):
    credential_type(
        "licence", completed=False, prerequisite=credential_type("skill-level", identity_document=False)
    )
    person = PersonFactory()
    prerequisite = issued_for(taught(center, person, trade="7411"), type_code="skill-level")

    (license_,) = approved(proposed_for(taught(center, person, trade="7411"), type_code="licence"))

    assert license_.claims["basis"] == prerequisite.number


def test_an_attendance_corrected_after_the_proposal_is_not_certified(center: Center):
    cohort = CohortFactory(center=center, state=CohortState.CLOSED)
    credential_type("attendance", completed=False, asks=Clauses(attendance=75))
    snapshot = completed_enrollment(cohort).eligibilities.get()
    proposal = proposed_for(cohort, type_code="attendance")
    snapshot.enrollment.eligibilities.create(
        rule=snapshot.rule,
        met=False,
        evidence={"attendance": {"percent": 40, "required": 75}},
        evaluated_at=timezone.now(),
    )

    with pytest.raises(errors.NoLongerEligible), transaction.atomic():
        approved(proposal)

    assert not Credential.objects.exists()


def test_who_withdrew_after_the_proposal_gets_no_proof_of_attendance(center: Center):
    cohort = CohortFactory(center=center, state=CohortState.CLOSED)
    credential_type("attendance", completed=False, asks=Clauses(attendance=75))
    enrollment = completed_enrollment(cohort)
    proposal = proposed_for(cohort, type_code="attendance")
    enrollment.state, enrollment.completed_at = EnrollmentState.WITHDRAWN, None
    enrollment.save()

    with pytest.raises(errors.NoLongerEligible), transaction.atomic():
        approved(proposal)

    assert not Credential.objects.exists()


@pytest.mark.parametrize(
    ("score", "blocking_reasons"),
    [(80, []), (81, [{"code": BlockingReason.SCORE, "detail": "80.00 / 81 %"}])],
)
def test_a_license_based_on_a_certificate_needs_the_score_of_its_rule(
    prerequisite: Credential, manager: User, score: int, blocking_reasons: list[dict[str, str]]
):
    license_ = credential_type(
        "licence", completed=False, prerequisite=prerequisite.type, asks=Clauses(score=Score(score))
    )
    assert prerequisite.enrollment is not None
    other = completed_enrollment(prerequisite.enrollment.cohort, score="95.00")
    (better,) = approved(proposed_for(prerequisite.enrollment.cohort, type_code="skill-level"))

    proposal = propose_on_prerequisite(
        type_id=license_.pk,
        prerequisite_ids=[prerequisite.pk, better.pk],
        template_id=CertificateTemplateFactory().pk,
        by=manager,
    )

    assert proposal.rows.get(prerequisite=prerequisite).blocking_reasons == blocking_reasons
    assert proposal.rows.get(person=other.person).blocking_reasons == []


def test_a_score_corrected_after_the_proposal_gives_no_license(prerequisite: Credential, manager: User):
    license_ = credential_type(
        "licence", completed=False, prerequisite=prerequisite.type, asks=Clauses(score=Score(80))
    )
    assert prerequisite.enrollment is not None
    snapshot = prerequisite.enrollment.eligibilities.get()
    proposal = propose_on_prerequisite(
        type_id=license_.pk,
        prerequisite_ids=[prerequisite.pk],
        template_id=CertificateTemplateFactory().pk,
        by=manager,
    )
    prerequisite.enrollment.eligibilities.create(
        rule=snapshot.rule,
        met=False,
        evidence=snapshot.evidence | {"score": {"percent": "50.00", "required": 60}},
        evaluated_at=timezone.now(),
    )

    with pytest.raises(errors.NoLongerEligible), transaction.atomic():
        approved(proposal)

    assert not Credential.objects.filter(type=license_).exists()


# --- Renewals -------------------------------------------------------------------------------------------------------


@pytest.fixture
def held(prerequisite: Credential, license_: CredentialType, manager: User) -> Credential:
    """A license based on `basis` that may be renewed today."""
    Term.objects.create(type=license_, months=1, renewable_days=90, since=dt.date(2020, 1, 1))
    (credential,) = approved(
        propose_on_prerequisite(
            type_id=license_.pk,
            prerequisite_ids=[prerequisite.pk],
            template_id=CertificateTemplateFactory().pk,
            by=manager,
        )
    )
    return credential


@pytest.fixture
def officer(center: Center) -> User:
    return MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user


def renewal_of(*olds: Credential, by: User) -> Proposal:
    return propose_renewal(
        credential_ids=[old.pk for old in olds], template_id=CertificateTemplateFactory().pk, by=by
    )


def test_a_license_can_be_renewed_after_its_prerequisite_expired(
    prerequisite: Credential, held: Credential, manager: User
):
    expire(prerequisite)

    (renewed,) = approved(renewal_of(held, by=manager))

    assert renewed.renews == held


def test_no_license_is_renewed_after_its_prerequisite_was_revoked(
    prerequisite: Credential, held: Credential, manager: User, officer: User
):
    revoke(credential_id=prerequisite.pk, reason=Reason.ISSUED_IN_ERROR, note="", by=officer)

    with pytest.raises(errors.PrerequisiteWithdrawn, match=prerequisite.number):
        renewal_of(held, by=manager)


def test_a_license_whose_prerequisite_was_revoked_blocks_its_row_among_other_renewals(
    prerequisite: Credential,
    held: Credential,
    license_: CredentialType,
    center: Center,
    manager: User,
    officer: User,
):
    completed_enrollment(cohort := CohortFactory(center=center))
    good = issued_for(cohort, type_code="skill-level")
    (other,) = approved(
        propose_on_prerequisite(
            type_id=license_.pk,
            prerequisite_ids=[good.pk],
            template_id=CertificateTemplateFactory().pk,
            by=manager,
        )
    )
    suspend(credential_id=prerequisite.pk, reason=Reason.UNDER_INVESTIGATION, note="", by=officer)
    reinstate(credential_id=held.pk, note="kept", by=officer)

    proposal = renewal_of(held, other, by=manager)

    blocked = proposal.rows.get(renews=held)
    assert [block["code"] for block in blocked.blocking_reasons] == [BlockingReason.PREREQUISITE_WITHDRAWN]
    assert proposal.rows.get(renews=other).blocking_reasons == []


def test_a_corrected_prerequisite_counts_until_the_correction_is_revoked(
    prerequisite: Credential, held: Credential, manager: User, officer: User
):
    Person.objects.filter(pk=prerequisite.holder_id).update(full_name_en="Corrected Name Of Holder")
    correction = corrected(prerequisite, by=manager)
    held = corrected(held, by=manager)
    assert held.claims["basis"] == prerequisite.number
    proposal = renewal_of(held, by=manager)
    assert proposal.rows.get().blocking_reasons == []
    revoke(credential_id=correction.pk, reason=Reason.ISSUED_IN_ERROR, note="", by=officer)

    with pytest.raises(errors.NoLongerEligible), transaction.atomic():
        approved(proposal)

    assert not Credential.objects.filter(renews=held).exists()
