"""Text typed into the code field: codes, addresses with a code, and other text."""

import pytest
from django.test import Client

from accounts.models import Center
from certificates.enums import LookupResult
from certificates.models import Credential, Lookup
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory


@pytest.fixture
def credential(center: Center) -> Credential:
    return issued(CohortFactory(center=center))


@pytest.mark.parametrize(
    "address",
    [
        "https://v.example.org/v/{code}",
        "https://v.example.org/c/{code}#" + "x" * 900,
        "v.example.org/ar/verify/{code}/",
        "https://v.example.org/en/verify/{code}/badge.svg?size=large",
    ],
)
def test_an_address_of_ours_counts_as_its_code(client: Client, credential: Credential, address: str):
    typed = address.format(code=credential.code)

    response = client.get("/en/verify/", {"code": typed}, follow=True)

    assert response.redirect_chain == [(f"/en/verify/{credential.code}/", 302)]
    assert credential.number in response.content.decode()


@pytest.mark.parametrize("typed", ["a/b", "/", "https://example.org/x", "..", ".", "%2F", "\\", "7KQ2/M9XA"])
def test_what_can_be_no_code_is_answered_as_such(client: Client, db: None, typed: str):
    response = client.get("/en/verify/", {"code": typed})

    assert response.status_code == 200
    assert "This is not a certificate code" in response.content.decode()
    assert Lookup.objects.get().result == LookupResult.MALFORMED


@pytest.mark.parametrize("typed", ["7K3M9Q", "7k3m-9q", "٧K3M 9Q"])
def test_a_code_that_is_too_short_is_not_called_mistyped(client: Client, db: None, typed: str):
    page = client.get("/en/verify/", {"code": typed}).content.decode()

    assert "This code is too short" in page
    assert "6 of 13" in page
    assert "mistyped" not in page


@pytest.mark.parametrize(
    "typed",
    ["CAI-03/2026/000007", "cai-03/2026/lc-000012", "CAI-03 / 2026 / SL-000123", "CAI-03/٢٠٢٦/٠٠٠٠٠٧"],
)
def test_the_number_of_a_certificate_is_told_from_its_code_and_where_the_code_is(
    client: Client, db: None, typed: str
):
    page = client.get("/en/verify/", {"code": typed}).content.decode()

    assert "This is the number of a certificate, not its code" in page
    assert "under the square" in page


def test_an_address_without_a_code_in_it_gets_the_form_without_an_error(client: Client, db: None):
    pages = [client.get(f"/en/verify/{query}").content.decode() for query in ("?utm=x", "?code=")]

    assert ["This field is required" in page for page in pages] == [False, True]
