"""A pending certificate cannot be proposed a second time, and the error says so."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Center, Person, User
from accounts.services.people import correct_person
from certificates import errors
from certificates.enums import Reason
from certificates.models import Credential, Proposal, Term
from certificates.services.proposing import propose_correction, propose_on_prerequisite, propose_renewal
from tests.factories.accounts import PersonFactory
from tests.factories.certificates import (
    CertificateTemplateFactory,
    completed_enrollment,
    credential_type,
    issued_for,
)
from tests.factories.courses import CohortFactory


def ending_certificate(center: Center, person: Person | None = None) -> Credential:
    type_ = credential_type("skill-level", identity_document=False)
    Term.objects.get_or_create(
        type=type_, level=None, since=dt.date(2020, 1, 1), defaults={"months": 2, "renewable_days": 90}
    )
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort, person=person or PersonFactory())
    return issued_for(cohort, type_code="skill-level")


def rename_holder(credential: Credential, *, by: User) -> None:
    correct_person(
        person_id=credential.holder_id, full_name_ar="سعاد إبراهيم علي حسن", full_name_en="Soad Hassan", by=by
    )


def correction(credential: Credential, *, by: User) -> Proposal:
    return propose_correction(
        credential_id=credential.pk,
        reason=Reason.NAME_CORRECTED,
        template_id=CertificateTemplateFactory().pk,
        by=by,
    )


def renewal(*credentials: Credential, by: User) -> Proposal:
    return propose_renewal(
        credential_ids=[one.pk for one in credentials], template_id=CertificateTemplateFactory().pk, by=by
    )


def license_(*prerequisites: Credential, by: User) -> Proposal:
    type_ = credential_type("licence", completed=False, prerequisite=prerequisites[0].type)
    return propose_on_prerequisite(
        type_id=type_.pk,
        prerequisite_ids=[one.pk for one in prerequisites],
        template_id=CertificateTemplateFactory().pk,
        by=by,
    )


@pytest.mark.parametrize("first", [correction, renewal])
@pytest.mark.parametrize("second", [correction, renewal])
def test_a_certificate_has_one_pending_replacement(first, second, center: Center, manager: User):
    old = ending_certificate(center)
    rename_holder(old, by=manager)
    first(old, by=manager)

    with pytest.raises(errors.WaitsAlready, match=old.number):
        second(old, by=manager)


def test_a_license_is_not_proposed_while_one_is_pending(center: Center, manager: User):
    prerequisite = ending_certificate(center)
    license_(prerequisite, by=manager)

    with pytest.raises(errors.WaitsAlready, match=prerequisite.number):
        license_(prerequisite, by=manager)


@pytest.mark.parametrize("way", [renewal, license_])
def test_a_person_is_in_a_proposal_once(way, center: Center, manager: User):
    person = PersonFactory()
    both = [ending_certificate(center, person) for _number in range(2)]

    with pytest.raises(errors.PersonTwice):
        way(*both, by=manager)


def test_the_page_says_that_a_correction_waits_already(center: Center, manager_client: Client, manager: User):
    old = ending_certificate(center)
    rename_holder(old, by=manager)
    correction(old, by=manager)

    answer = manager_client.post(
        reverse("credentials:correct", args=[old.pk]),
        {"reason": Reason.NAME_CORRECTED.value, "template": CertificateTemplateFactory().pk},
        follow=True,
    )

    assert f"يوجد ترشيح بشأن الشهادة {old.number}" in answer.content.decode()
    assert Proposal.objects.filter(correction=Reason.NAME_CORRECTED).count() == 1
