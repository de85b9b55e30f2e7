"""Who taught and marked for a certificate decides nothing about what follows from it."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, User
from accounts.services import correct_person
from certificates import errors
from certificates.enums import Reason
from certificates.models import Credential, Proposal, Term
from certificates.services import approve, propose, propose_correction, propose_on_basis, propose_renewal
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    completed_enrollment,
    credential_type,
    issued_for,
)
from tests.factories.courses import CohortFactory


@pytest.fixture
def trainer(center: Center) -> User:
    return MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user


@pytest.fixture
def taught(center: Center, trainer: User) -> Credential:
    """A certificate of the trainer's cohort, near its end."""
    type_ = credential_type("skill-level", identity_document=False)
    Term.objects.create(type=type_, months=2, renewable_days=90, since=dt.date(2020, 1, 1))
    cohort = CohortFactory(center=center)
    cohort.trainers.add(trainer)
    completed_enrollment(cohort)
    credential = issued_for(cohort, type_code="skill-level")
    # Trainers of today are another guard; this is about what the certificate remembers.
    cohort.trainers.clear()
    return credential


def a_licence(taught: Credential, *, by: User) -> Proposal:
    licence = credential_type("licence", completed=False, basis=taught.type)
    return propose_on_basis(
        type_id=licence.pk, basis_ids=[taught.pk], template_id=CertificateTemplateFactory().pk, by=by
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


def a_licence_for_the_cohort(taught: Credential, *, by: User) -> Proposal:
    assert taught.enrollment is not None
    licence = credential_type("licence", completed=False, basis=taught.type)
    return propose(
        cohort_id=taught.enrollment.cohort_id,
        type_id=licence.pk,
        template_id=CertificateTemplateFactory().pk,
        by=by,
    )


WAYS = [a_licence, a_licence_for_the_cohort, a_renewal, a_correction]


@pytest.mark.parametrize("way", WAYS)
def test_who_taught_does_not_approve_what_follows(way, taught: Credential, trainer: User, manager: User):
    proposal = way(taught, by=manager)

    with pytest.raises(errors.AssessorOfTheBasis):
        approve(proposal_id=proposal.pk, by=trainer, confirmed_at=timezone.now())

    assert not proposal.credentials.exists()


@pytest.mark.parametrize("way", WAYS)
def test_who_taught_does_not_propose_what_follows(way, taught: Credential, trainer: User):
    MembershipFactory(user=trainer, role=RoleName.CENTER_MANAGER, center=taught.center)

    with pytest.raises(errors.AssessorOfTheBasis):
        way(taught, by=trainer)


@pytest.mark.parametrize("way", WAYS)
def test_what_follows_remembers_who_taught(way, taught: Credential, trainer: User, manager: User):
    (following,) = approved(way(taught, by=manager))

    assert following.assessors == [trainer.pk]
