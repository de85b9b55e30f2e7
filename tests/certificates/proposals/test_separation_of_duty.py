"""A person who taught or marked for a certificate cannot decide about certificates that follow from it."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, User
from accounts.services.people import correct_person
from certificates import errors
from certificates.enums import Reason
from certificates.models import Credential, Proposal, Term
from certificates.services.deciding import approve, reject
from certificates.services.proposing import (
    propose,
    propose_correction,
    propose_on_prerequisite,
    propose_renewal,
)
from courses.models import Cohort, Enrollment
from courses.services.progress import record_score
from tests.factories.accounts import MembershipFactory, deputy_for
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    completed_enrollment,
    credential_type,
    issued_for,
    proposed_for,
)
from tests.factories.courses import (
    ClassSessionFactory,
    CohortFactory,
    EnrollmentFactory,
    score_corrected,
    taught_cohort,
)


@pytest.fixture
def instructor(center: Center) -> User:
    return MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user


@pytest.fixture
def taught(center: Center, instructor: User) -> Credential:
    """A certificate of the instructor's cohort, near its end."""
    type_ = credential_type("skill-level", identity_document=False)
    Term.objects.create(type=type_, months=2, renewable_days=90, since=dt.date(2020, 1, 1))
    cohort = CohortFactory(center=center)
    cohort.instructors.add(instructor)
    completed_enrollment(cohort)
    credential = issued_for(cohort, type_code="skill-level")
    # Instructors of today are another guard; this is about what the certificate remembers.
    cohort.instructors.clear()
    return credential


def a_license(taught: Credential, *, by: User) -> Proposal:
    license_ = credential_type("licence", completed=False, prerequisite=taught.type)
    return propose_on_prerequisite(
        type_id=license_.pk, prerequisite_ids=[taught.pk], template_id=CertificateTemplateFactory().pk, by=by
    )


def a_renewal(taught: Credential, *, by: User) -> Proposal:
    return propose_renewal(credential_ids=[taught.pk], template_id=CertificateTemplateFactory().pk, by=by)


def a_correction(taught: Credential, *, by: User) -> Proposal:
    clerk = MembershipFactory(role=RoleName.CENTER_MANAGER, center=taught.center).user
    correct_person(
        person_id=taught.holder_id, full_name_ar="سعاد إبراهيم علي حسن", full_name_en="Soad Hassan", by=clerk
    )
    return propose_correction(
        credential_id=taught.pk,
        reason=Reason.NAME_CORRECTED,
        template_id=CertificateTemplateFactory().pk,
        by=by,
    )


def a_license_for_the_cohort(taught: Credential, *, by: User) -> Proposal:
    assert taught.enrollment is not None
    license_ = credential_type("licence", completed=False, prerequisite=taught.type)
    return propose(
        cohort_id=taught.enrollment.cohort_id,
        type_id=license_.pk,
        template_id=CertificateTemplateFactory().pk,
        by=by,
    )


WAYS = [a_license, a_license_for_the_cohort, a_renewal, a_correction]


@pytest.mark.parametrize("way", WAYS)
def test_who_taught_does_not_approve_what_follows(way, taught: Credential, instructor: User, manager: User):
    proposal = way(taught, by=manager)

    with pytest.raises(errors.AssessorOfPrerequisite):
        approve(proposal_id=proposal.pk, by=instructor, confirmed_at=timezone.now())

    assert not proposal.credentials.exists()


@pytest.mark.parametrize("way", WAYS)
def test_who_taught_does_not_propose_what_follows(way, taught: Credential, instructor: User):
    MembershipFactory(user=instructor, role=RoleName.CENTER_MANAGER, center=taught.center)

    with pytest.raises(errors.AssessorOfPrerequisite):
        way(taught, by=instructor)


@pytest.mark.parametrize("way", WAYS)
def test_what_follows_remembers_who_taught(way, taught: Credential, instructor: User, manager: User):
    (following,) = approved(way(taught, by=manager))

    assert following.assessors == [instructor.pk]


# --- Teaching without being listed as an instructor ---------------------------------------------------------------


@pytest.mark.parametrize("way", [a_license, a_renewal, a_correction])
def test_what_a_deputy_of_who_taught_proposed_that_day_is_not_approved(
    way, taught: Credential, instructor: User, manager: User, center: Center
):
    proposal = way(taught, by=manager)
    # Deputies are of days: what was proposed on the first of them is the lender's.
    deputy_for(MembershipFactory(user=instructor, role=RoleName.CENTER_MANAGER, center=center), manager)

    with pytest.raises(errors.ProposedByAssessor):
        approved(proposal)


@pytest.fixture
def cohort(center: Center) -> Cohort:
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    return cohort


def test_who_gave_a_class_of_the_cohort_neither_proposes_nor_decides(
    cohort: Cohort, instructor: User, manager: User
):
    """A substitute, or somebody who was taken off the list of instructors meanwhile."""
    ClassSessionFactory(cohort=cohort, instructor=instructor)
    proposal = proposed_for(cohort, by=manager)

    with pytest.raises(errors.InstructorOfTheCohort):
        approve(proposal_id=proposal.pk, by=instructor, confirmed_at=timezone.now())

    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=cohort.center).user
    reject(proposal_id=proposal.pk, reason="wrong", by=officer)
    MembershipFactory(user=instructor, role=RoleName.CENTER_MANAGER, center=cohort.center)
    with pytest.raises(errors.InstructorOfTheCohort):
        proposed_for(cohort, by=instructor)


def test_a_proposal_whose_proposer_taught_the_cohort_since_is_not_approved(
    cohort: Cohort, instructor: User, manager: User
):
    proposal = proposed_for(cohort, by=manager)
    ClassSessionFactory(cohort=cohort, instructor=manager)

    with pytest.raises(errors.ProposedByInstructor):
        approve(proposal_id=proposal.pk, by=instructor, confirmed_at=timezone.now())


def test_a_certificate_remembers_who_gave_its_classes(cohort: Cohort, instructor: User, manager: User):
    substitute = MembershipFactory(role=RoleName.INSTRUCTOR, center=cohort.center).user
    cohort.instructors.add(instructor)
    ClassSessionFactory(cohort=cohort, instructor=substitute)

    (credential,) = approved(proposed_for(cohort, by=manager))

    assert credential.assessors == sorted([instructor.pk, substitute.pk])


def test_a_class_that_was_not_held_makes_no_one_an_instructor(
    cohort: Cohort, instructor: User, manager: User
):
    ClassSessionFactory(cohort=cohort, instructor=instructor, canceled_at=timezone.now())
    proposal = proposed_for(cohort, by=manager)

    assert approve(proposal_id=proposal.pk, by=instructor, confirmed_at=timezone.now())


# --- Marks that a certificate rests on ----------------------------------------------------------------------------


@pytest.fixture
def marked(center: Center) -> Enrollment:
    """Completed, with a score that may be corrected."""
    cohort = taught_cohort(lessons=1, center=center)
    enrollment = EnrollmentFactory(cohort=cohort)
    (unit,) = cohort.content_version.units
    record_score(enrollment_id=enrollment.pk, unit_key=UUID(unit["unit"]), score=Decimal(70), passed=True)
    return enrollment


def test_who_corrected_a_mark_does_not_propose_the_certificate_that_rests_on_it(
    marked: Enrollment, manager: User
):
    score_corrected(marked, manager)

    with pytest.raises(errors.MarkedForIt):
        proposed_for(marked.cohort, by=manager)


def test_who_corrected_a_mark_does_not_approve_the_certificate_that_rests_on_it(
    marked: Enrollment, instructor: User, manager: User
):
    score_corrected(marked, instructor)
    proposal = proposed_for(marked.cohort, by=manager)

    with pytest.raises(errors.MarkedForIt) as refusal:
        approve(proposal_id=proposal.pk, by=instructor, confirmed_at=timezone.now())

    (issued,) = approved(proposal)
    assert str(marked.person) in str(refusal.value)
    assert issued.assessors == [instructor.pk]


def test_who_corrected_one_mark_leaves_it_out_and_approves_the_others(
    marked: Enrollment, instructor: User, manager: User
):
    other = completed_enrollment(marked.cohort)
    score_corrected(marked, instructor)
    proposal = proposed_for(marked.cohort, by=manager)
    left_out = [proposal.rows.get(person=marked.person).pk]

    (issued,) = approve(
        proposal_id=proposal.pk,
        by=instructor,
        confirmed_at=timezone.now(),
        left_out=left_out,
        note="صححتُ درجته",
    )

    assert issued.enrollment == other


def test_a_proposal_of_one_who_corrected_a_mark_since_is_sent_back(
    marked: Enrollment, instructor: User, manager: User
):
    proposal = proposed_for(marked.cohort, by=manager)

    score_corrected(marked, manager)

    with pytest.raises(errors.ProposedByMarker):
        approve(proposal_id=proposal.pk, by=instructor, confirmed_at=timezone.now())
