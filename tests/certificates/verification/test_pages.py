"""The verification page and the wallet."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.enums import RoleName
from accounts.models import Center, User
from certificates.codes import ALPHABET, check_symbol, display_code
from certificates.enums import LookupResult, Reason
from certificates.models import Credential, Lookup
from certificates.services.verification import LOOKUPS_PER_MINUTE
from certificates.tasks import purge_lookups
from tests.certificates.browsers import logged_in
from tests.factories.accounts import MembershipFactory, TraineeFactory, UserFactory
from tests.factories.certificates import (
    drawn,
    issued,
    revoke,
)
from tests.factories.courses import CohortFactory

# The session, the login, the site and its identity, how many, the list, its files and their jobs, what
# happened, terms, cards, copies and printed papers; doubts (five); the fees that are due.
MINE_QUERIES = 20


@pytest.fixture
def credential(center: Center) -> Credential:
    return issued(CohortFactory(center=center))


def verify_page(client: Client, code: str, language: str = "ar") -> str:
    with translation.override(language):
        url = reverse("certificates:verify", args=[code])
    return client.get(url).content.decode()


def test_a_valid_certificate_is_shown_in_arabic_and_english(client: Client, credential: Credential):
    arabic, english = (verify_page(client, credential.code, language) for language in ("ar", "en"))

    assert "شهادة صحيحة وسارية" in arabic
    assert "This certificate is valid" in english
    for page in (arabic, english):
        assert credential.claims["name_ar"] in page
        assert credential.claims["name_en"] in page
        assert credential.number in page


def test_the_qr_code_leads_to_the_page_and_search_engines_stay_out(client: Client, credential: Credential):
    response = client.get(f"/v/{credential.code}", follow=True)

    assert response.status_code == 200
    assert credential.number in response.content.decode()
    assert "noindex" in response["X-Robots-Tag"]


def test_a_typed_code_is_found_however_it_is_spelled(client: Client, credential: Credential):
    typed = display_code(credential.code).lower().translate(str.maketrans("123456789", "١٢٣٤٥٦٧٨٩"))

    response = client.get("/ar/verify/", {"code": typed}, follow=True)

    assert credential.number in response.content.decode()


def test_a_revoked_certificate_is_shown_with_its_reason_but_not_the_note(
    client: Client, credential: Credential, officer: User
):
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="سر داخلي", by=officer)

    page = verify_page(client, credential.code, "en")

    assert "This certificate was revoked" in page
    assert "obtained by fraud" in page
    assert "سر داخلي" not in page


def test_a_tampered_code_is_answered_without_a_name(client: Client, credential: Credential):
    tampered = (
        credential.code[:3] + next(s for s in ALPHABET if s != credential.code[3]) + credential.code[4:]
    )

    page = verify_page(client, tampered, "en")

    assert "This is not a certificate code" in page
    assert credential.claims["name_ar"] not in page


def test_a_well_formed_code_of_no_certificate_is_unknown(client: Client, credential: Credential):
    page = verify_page(client, "1" * 12 + check_symbol("1" * 12), "en")

    assert "No certificate has this code" in page


def test_every_lookup_is_noted_without_the_address(client: Client, credential: Credential):
    verify_page(client, credential.code)
    verify_page(client, "XX")

    assert list(Lookup.objects.order_by("pk").values_list("code", "result")) == [
        (credential.code, LookupResult.VALID),
        ("", LookupResult.MALFORMED),
    ]
    assert not Lookup.objects.filter(client_hash__contains="127.0.0.1").exists()


def test_lookups_are_forgotten_after_a_year(client: Client, credential: Credential):
    verify_page(client, credential.code)
    verify_page(client, credential.code)
    old, recent = Lookup.objects.order_by("pk")
    Lookup.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(days=366))

    purge_lookups()

    assert list(Lookup.objects.all()) == [recent]


def test_guessing_codes_ends_in_429(client: Client, credential: Credential):
    verify_page(client, credential.code)
    one = Lookup.objects.get()
    Lookup.objects.bulk_create(
        Lookup(result=one.result, at=timezone.now(), client_hash=one.client_hash)
        for _number in range(LOOKUPS_PER_MINUTE)
    )

    response = client.get(reverse("certificates:verify", args=[credential.code]))

    assert response.status_code == 429
    assert credential.claims["name_ar"] not in response.content.decode()
    Lookup.objects.update(at=timezone.now() - dt.timedelta(minutes=2))
    assert client.get(reverse("certificates:verify", args=[credential.code])).status_code == 200


def test_a_holder_downloads_the_own_certificate(credential: Credential):
    drawn(credential)
    holder = TraineeFactory(person=credential.enrollment.person)

    response = logged_in(holder).get(reverse("certificates:download", args=[credential.public_id]))

    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content).startswith(b"%PDF-")


def test_the_file_is_not_found_for_others(credential: Credential, other_center: Center):
    drawn(credential)
    url = reverse("certificates:download", args=[credential.public_id])
    outsiders = [
        TraineeFactory(),
        UserFactory(),
        MembershipFactory(role=RoleName.CENTER_MANAGER, center=other_center).user,
    ]

    assert [logged_in(one).get(url).status_code for one in outsiders] == [404, 404, 404]
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_the_holder_s_list_asks_a_constant_number_of_questions(
    rows: int, db: None, django_assert_num_queries: object
):
    holder = TraineeFactory()
    for _number in range(rows):
        drawn(issued(person=holder.person))
    client = logged_in(holder)
    client.get(reverse("certificates:mine"))

    with django_assert_num_queries(MINE_QUERIES):
        page = client.get(reverse("certificates:mine")).content.decode()

    assert page.count("data-share=") == rows
