"""Dependents of a revoked or suspended certificate do not stay valid: they are revoked with it, or suspended until a decision."""

import datetime as dt
import re
import threading

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.enums import RoleName
from accounts.models import Center, User
from certificates import errors
from certificates.enums import CredentialState, FileKind, LookupResult, Reason, Status
from certificates.models import Artifact, Credential, CredentialType, Proceeding, Proposal
from certificates.openbadges.credential import StatusPurpose
from certificates.services.deciding import approve
from certificates.services.proposing import propose_on_prerequisite
from certificates.services.rendering import render_certificate
from certificates.services.status_lists import status_list
from certificates.services.statuses import reinstate, suspend
from certificates.services.verification import read_register
from certificates.services.verification_responses import verification_response
from tests.certificates.browsers import confirmed
from tests.factories.accounts import CenterFactory, MembershipFactory
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    completed_enrollment,
    corrected,
    credential_type,
    issued_for,
    registrar_of,
    revoke,
)
from tests.factories.courses import CohortFactory
from tests.factories.signing_keys import with_demo_keys

BASIS = Reason.PREREQUISITE_WITHDRAWN


@pytest.fixture
def license_type(db: None) -> CredentialType:
    skill = credential_type("skill-level", identity_document=False)
    return credential_type("licence", completed=False, prerequisite=skill)


@pytest.fixture
def skill(center: Center, license_type: CredentialType) -> Credential:
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    return issued_for(cohort, type_code="skill-level")


def license_proposed(skill: Credential, *, by: User) -> Proposal:
    return propose_on_prerequisite(
        type_id=CredentialType.objects.get(code="licence").pk,
        prerequisite_ids=[skill.pk],
        template_id=CertificateTemplateFactory().pk,
        by=by,
    )


@pytest.fixture
def license_(skill: Credential, manager: User) -> Credential:
    return approved(license_proposed(skill, by=manager))[0]


def verify_page(client: Client, code: str, language: str) -> str:
    with translation.override(language):
        return client.get(reverse("certificates:verify", args=[code])).content.decode()


def last_event(credential: Credential) -> tuple[str, str]:
    return credential.events.order_by("-at", "-pk").values_list("status", "reason")[0]


def state_of(credential: Credential) -> str:
    credential.refresh_from_db()
    return credential.state


# --- Revocation --------------------------------------------------------------------------------------------------


def test_a_license_is_revoked_with_the_skill_level_it_is_based_on(
    skill: Credential, license_: Credential, officer: User
):
    change = revoke(credential_id=skill.pk, reason=Reason.FRAUD, note="", by=officer)

    assert state_of(license_) == CredentialState.REVOKED
    assert last_event(license_) == (Status.REVOKED, BASIS)
    assert list(change.revoked) == [license_]


def test_a_license_that_is_not_revoked_with_its_prerequisite_is_suspended_and_every_verifier_sees_it(
    skill: Credential, license_: Credential, officer: User, client: Client
):
    with_demo_keys()

    revoke(credential_id=skill.pk, reason=Reason.FRAUD, note="", by=officer, cascade=False)

    page = verify_page(client, license_.code, "ar")
    answer = verification_response(read_register([license_.code])[0])
    assert state_of(license_) == CredentialState.SUSPENDED
    assert answer["result"] == LookupResult.SUSPENDED
    assert answer["ended"]["reason"] == BASIS
    assert answer["is_basis_withdrawn"]
    assert "أُلغيت الشهادة التي صدرت استنادًا إليها" in page
    assert skill.number in page
    # The list is of everybody's certificates, so only that it is made is seen here.
    assert status_list(purpose=StatusPurpose.SUSPENSION, number=0)


def test_dependents_of_a_license_are_revoked_with_its_prerequisite(
    skill: Credential, license_: Credential, officer: User, manager: User
):
    supplement = credential_type("attendance", completed=False, prerequisite=license_.type)
    (upper,) = approved(
        propose_on_prerequisite(
            type_id=supplement.pk,
            prerequisite_ids=[license_.pk],
            template_id=CertificateTemplateFactory().pk,
            by=manager,
        )
    )

    revoke(credential_id=skill.pk, reason=Reason.FRAUD, note="", by=officer)

    assert [state_of(one) for one in (license_, upper)] == [CredentialState.REVOKED] * 2


def test_the_correction_of_a_prerequisite_counts_as_the_prerequisite(
    skill: Credential, license_: Credential, officer: User, manager: User
):
    skill.holder.full_name_ar = "اسم مصحح من أربعة أجزاء"
    skill.holder.save()
    correction = corrected(skill, by=manager)

    revoke(credential_id=correction.pk, reason=Reason.FRAUD, note="", by=officer)

    assert state_of(license_) == CredentialState.REVOKED


def test_an_officer_of_one_center_suspends_and_does_not_revoke_the_license_of_another(
    skill: Credential, officer: User
):
    elsewhere = CohortFactory(center=CenterFactory(), program=skill.enrollment.cohort.program)
    completed_enrollment(elsewhere, person=skill.holder)
    other = issued_for(elsewhere, type_code="licence")
    assert other.claims["basis"] == skill.number

    change = revoke(credential_id=skill.pk, reason=Reason.FRAUD, note="", by=officer)

    assert state_of(other) == CredentialState.SUSPENDED
    assert (list(change.revoked), list(change.suspended)) == ([], [other])


def test_a_certificate_with_another_prerequisite_does_not_change(
    skill: Credential, license_: Credential, officer: User, center: Center, manager: User
):
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    (other,) = approved(license_proposed(issued_for(cohort, type_code="skill-level"), by=manager))

    revoke(credential_id=skill.pk, reason=Reason.FRAUD, note="", by=officer)

    assert state_of(other) == CredentialState.IN_FORCE


# --- Suspension and what an officer decides ------------------------------------------------------------------------


def test_a_license_is_suspended_and_reinstated_with_its_prerequisite(
    skill: Credential, license_: Credential, officer: User
):
    suspend(credential_id=skill.pk, reason=Reason.UNDER_INVESTIGATION, note="", by=officer)
    meanwhile = state_of(license_)
    reinstate(credential_id=skill.pk, note="", by=officer)

    assert meanwhile == CredentialState.SUSPENDED
    assert state_of(license_) == CredentialState.IN_FORCE


def test_a_license_that_was_suspended_for_a_reason_of_its_own_stays_so(
    skill: Credential, license_: Credential, officer: User
):
    suspend(credential_id=license_.pk, reason=Reason.COURT_ORDER, note="", by=officer)
    suspend(credential_id=skill.pk, reason=Reason.UNDER_INVESTIGATION, note="", by=officer)

    reinstate(credential_id=skill.pk, note="", by=officer)

    assert state_of(license_) == CredentialState.SUSPENDED
    assert last_event(license_) == (Status.SUSPENDED, Reason.COURT_ORDER)


def test_a_license_that_an_officer_keeps_is_valid_and_says_that_its_prerequisite_is_not(
    skill: Credential, license_: Credential, officer: User, client: Client
):
    revoke(credential_id=skill.pk, reason=Reason.ISSUED_IN_ERROR, note="", by=officer, cascade=False)
    reinstate(credential_id=license_.pk, note="لديه شهادة أخرى", by=officer)

    page = verify_page(client, license_.code, "en")

    assert "This certificate is valid" in page
    assert "which is revoked or suspended" in page


def test_a_list_of_codes_shows_withdrawn_prerequisites(
    skill: Credential, license_: Credential, officer: User
):
    revoke(credential_id=skill.pk, reason=Reason.FRAUD, note="", by=officer)

    of_basis, of_license = read_register([skill.code, license_.code])

    assert (of_basis.is_prerequisite_withdrawn, of_license.is_prerequisite_withdrawn) == (False, True)


def test_a_list_of_certificates_with_prerequisites_takes_as_many_queries_as_one(
    center: Center, license_: Credential, manager: User, client: Client
):
    another = CohortFactory(center=center)
    completed_enrollment(another)
    second = approved(license_proposed(issued_for(another, type_code="skill-level"), by=manager))[0]
    client.post(reverse("certificates:check_list"), {"codes": license_.code})

    counts = []
    for codes in (license_.code, f"{license_.code}\n{second.code}"):
        with CaptureQueriesContext(connection) as queries:
            client.post(reverse("certificates:check_list"), {"codes": codes})
        counts.append(len(queries))

    assert counts[0] == counts[1]


# --- At the same time ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_no_license_is_issued_on_a_certificate_while_it_is_being_revoked(
    skill: Credential, manager: User, officer: User
):
    proposal = license_proposed(skill, by=manager)
    approver = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=skill.center).user
    refused: list[Exception] = []

    def approving() -> None:
        try:
            approve(proposal_id=proposal.pk, by=approver, confirmed_at=timezone.now())
        except errors.NoLongerEligible as error:
            refused.append(error)
        finally:
            connections.close_all()

    with transaction.atomic():
        revoke(credential_id=skill.pk, reason=Reason.FRAUD, note="", by=officer)
        thread = threading.Thread(target=approving)
        thread.start()
        thread.join(0.3)
        waits = thread.is_alive()
    thread.join()

    assert waits
    assert len(refused) == 1
    assert not Credential.objects.filter(kind="licence").exists()


def test_a_license_whose_prerequisite_is_revoked_before_it_is_drawn_is_drawn_and_called_revoked(
    skill: Credential, license_: Credential, officer: User
):
    with_demo_keys()
    revoke(credential_id=skill.pk, reason=Reason.FRAUD, note="", by=officer)

    render_certificate(job_id=license_.render_jobs.get(kind=FileKind.CERTIFICATE).pk)

    assert Artifact.objects.filter(credential=license_, kind=FileKind.CERTIFICATE).exists()
    assert read_register([license_.code])[0].result == LookupResult.REVOKED


# --- Staff ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def confirmed_officer(officer: User) -> Client:
    return confirmed(officer)


def test_the_page_of_a_certificate_offers_the_cascade_and_lists_its_dependents(
    skill: Credential, license_: Credential, confirmed_officer: Client
):
    prerequisite, follower = (
        confirmed_officer.get(reverse("credentials:inspect", args=[one.pk])).content.decode()
        for one in (skill, license_)
    )

    assert reverse("credentials:inspect", args=[license_.pk]) in prerequisite
    assert 'name="cascade"' in prerequisite
    assert 'id="revoke_cascade" checked' in prerequisite
    assert reverse("credentials:inspect", args=[skill.pk]) in follower
    assert 'name="cascade"' not in follower


def test_no_id_is_there_twice_on_the_page_of_a_certificate(skill: Credential, confirmed_officer: Client):
    page = confirmed_officer.get(reverse("credentials:inspect", args=[skill.pk])).text

    ids = re.findall(r'\sid="([^"]+)"', page)
    assert {"revoke_reason", "suspend_reason"} <= set(ids)
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(
    ("ticked", "state"),
    [({"cascade": "on"}, CredentialState.REVOKED), ({}, CredentialState.SUSPENDED)],
)
def test_the_officer_decides_about_the_cascade_and_sees_the_changes(
    skill: Credential, license_: Credential, confirmed_officer: Client, ticked: dict[str, str], state: str
):
    confirmed(registrar_of(skill)).post(
        reverse("credentials:revoke", args=[skill.pk]), {"reason": Reason.FRAUD, "note": "", **ticked}
    )
    Proceeding.objects.update(heard_until=timezone.localdate() - dt.timedelta(days=1))
    answer = confirmed_officer.post(
        reverse("credentials:decide_revocation", args=[skill.pk]), {"note": "محضر ١٢"}, follow=True
    )

    assert state_of(license_) == state
    assert license_.number in answer.content.decode()
