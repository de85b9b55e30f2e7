"""The parts of numbers cannot change, so that no two certificates ever have the same number."""

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import MembershipScope, RoleName
from accounts.models import Center
from certificates.models import Credential, CredentialType
from certificates.services.auditing import Audit
from certificates.services.badges import credential_claims
from courses.models import ProgramPage
from tests.database_owner import trigger_disabled
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import approved, completed_enrollment, issued, proposed_for
from tests.factories.courses import CohortFactory


@pytest.fixture
def ministry_client(client: Client, db: None) -> Client:
    member = MembershipFactory(role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None)
    client.force_login(member.user)
    return client


@pytest.fixture
def numbered(center: Center) -> Credential:
    return issued(CohortFactory(center=center))


def posted_type(type_: CredentialType, **changes: str) -> dict[str, str]:
    return {
        "code": type_.code,
        "kind": type_.kind,
        "name_ar": type_.name_ar,
        "name_en": type_.name_en,
        "number_prefix": type_.number_prefix,
        "template": "",
        "is_active": "on",
    } | changes


def posted_center(center: Center, **changes: str) -> dict[str, str]:
    return {
        "code": center.code,
        "kind": center.kind,
        "governorate": str(center.governorate_id),
        "name_ar": center.name_ar,
        "name_en": center.name_en,
        "license": center.license,
        "license_expires_on": "",
        "is_active": "on",
    } | changes


def test_the_prefix_of_a_kind_stays_once_numbers_were_given(numbered: Credential, ministry_client: Client):
    type_ = numbered.type
    page = reverse("credential_types:edit", args=[type_.pk])

    refused = ministry_client.post(page, posted_type(type_, number_prefix="NEW-"))
    renamed = ministry_client.post(page, posted_type(type_, name_en="Another name"))

    type_.refresh_from_db()
    assert (refused.status_code, renamed.status_code) == (200, 302)
    assert "number_prefix" in refused.context["form"].errors
    assert (type_.number_prefix, type_.name_en) == ("", "Another name")


@pytest.mark.parametrize("changes", [{"code": "other"}, {"kind": "attendance"}])
def test_what_signed_credentials_name_of_a_kind_stays(
    numbered: Credential, ministry_client: Client, client: Client, changes: dict[str, str]
):
    ProgramPage.objects.update(first_published_at=timezone.now())
    type_ = numbered.type
    named = credential_claims(numbered).achievement.id.removeprefix(settings.SITE_URL)
    before = client.get(named)

    refused = ministry_client.post(
        reverse("credential_types:edit", args=[type_.pk]), posted_type(type_, **changes)
    )

    after = client.get(named)
    assert changes.keys() <= refused.context["form"].errors.keys()
    assert (before.status_code, after.status_code) == (200, 200)
    assert before.content == after.content


def test_the_code_of_a_center_stays_once_numbers_were_given(
    numbered: Credential, center: Center, ministry_client: Client
):
    page = reverse("center:edit", args=[center.pk])

    refused = ministry_client.post(page, posted_center(center, code="XXX-77"))
    renamed = ministry_client.post(page, posted_center(center, name_en="Another name"))

    code = center.code
    center.refresh_from_db()
    assert (refused.status_code, renamed.status_code) == (200, 302)
    assert code in str(refused.context["form"].non_field_errors())
    assert (center.code, center.name_en) == (code, "Another name")


def test_a_center_without_numbers_takes_another_code(center: Center, ministry_client: Client):
    answer = ministry_client.post(
        reverse("center:edit", args=[center.pk]), posted_center(center, code="XXX-77")
    )

    center.refresh_from_db()
    assert (answer.status_code, center.code) == (302, "XXX-77")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_center SET code = 'X'",
        "UPDATE certificates_credentialtype SET number_prefix = number_prefix || 'X-'",
    ],
)
def test_the_database_refuses_another_code_and_prefix(numbered: Credential, statement: str):
    with pytest.raises(DatabaseError, match="numbers were given"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("change", ["code = 'other'", "kind = 'attendance'"])
def test_the_database_refuses_another_name_for_a_kind_that_certificates_name(
    numbered: Credential, change: str
):
    with pytest.raises(DatabaseError, match="certificates name the kind"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE certificates_credentialtype SET {change} WHERE id = %s", [numbered.type_id])


def test_the_audit_reads_a_series_in_its_order_though_its_prefix_changed_in_the_past(numbered: Credential):
    with trigger_disabled("certificates_credential", "credential_only_ends"):
        Credential.objects.filter(pk=numbered.pk).update(number=numbered.number.replace("0000", "LONG-0000"))
    cohort = CohortFactory(center=numbered.center)
    completed_enrollment(cohort)
    approved(proposed_for(cohort))

    findings = [finding.kind for finding in Audit()._numbers()]

    assert findings == []
