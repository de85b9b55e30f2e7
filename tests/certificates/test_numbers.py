"""What stands in numbers stays, so that no two certificates ever carry one number."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from accounts.enums import MembershipScope, RoleName
from accounts.models import Center
from certificates.models import Credential, CredentialType
from certificates.services.auditing import Audit
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
        "licence": center.licence,
        "licence_expires_on": "",
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


def test_the_audit_reads_a_series_in_its_order_though_its_prefix_changed_in_the_past(numbered: Credential):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE certificates_credential DISABLE TRIGGER credential_only_ends")
        Credential.objects.filter(pk=numbered.pk).update(number=numbered.number.replace("0000", "LONG-0000"))
        cursor.execute("ALTER TABLE certificates_credential ENABLE TRIGGER credential_only_ends")
    cohort = CohortFactory(center=numbered.center)
    completed_enrollment(cohort)
    approved(proposed_for(cohort))

    findings = [finding.kind for finding in Audit()._numbers()]

    assert findings == []
