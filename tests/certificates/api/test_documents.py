"""Documents at fixed addresses: their cache headers, and their responses without keys."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import Center
from certificates.models import Credential, SigningKey
from certificates.services.badges import NO_PROGRAM, achievement_url
from certificates.services.signers import clear_signer_cache
from courses.models import ProgramPage
from tests.factories.accounts import UserFactory
from tests.factories.certificates import credential_type, issued
from tests.factories.courses import CohortFactory


@pytest.fixture
def credential(center: Center, demo_keys: list[SigningKey]) -> Credential:
    return issued(CohortFactory(center=center))


@pytest.fixture
def achievement(credential: Credential) -> str:
    ProgramPage.objects.update(first_published_at=timezone.now())
    return f"/achievements/{credential.type.code}/{credential.claims['program_code']}"


def test_without_a_key_a_status_list_answers_503_and_is_not_cached(client: Client, credential: Credential):
    SigningKey.objects.update(retired_at=timezone.now())
    clear_signer_cache()
    cache.clear()

    response = client.get("/status/revocation/0")

    assert response.status_code == 503
    assert "لا يوجد مفتاح سارٍ" in response.json()["detail"]
    assert response.json()["code"] == "certificates.no-active-key"
    assert response["Cache-Control"] == "no-store"


def test_the_page_of_an_achievement_is_kept_by_its_reader_alone_and_the_document_by_everybody(
    client: Client, achievement: str
):
    reader = UserFactory()
    client.force_login(reader)

    page = client.get(achievement, headers={"accept": "text/html"})
    document = client.get(achievement, headers={"accept": "application/ld+json"})

    assert page["Cache-Control"] == "private"
    assert document["Cache-Control"] == "public, max-age=60"
    for response in (page, document):
        assert "Accept" in response["Vary"].split(", ")


@pytest.mark.parametrize("address", ["/achievements/x/%00", "/achievements/completion/a%00b"])
def test_an_achievement_that_cannot_be_is_not_found(client: Client, achievement: str, address: str):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("accept", ["text/html", "application/ld+json"])
def test_a_credential_without_a_program_is_for_its_kind(
    client: Client, demo_keys: list[SigningKey], accept: str
):
    """A license entered from paper names no program."""
    kind = credential_type("licence")
    address = achievement_url(kind.code, NO_PROGRAM).removeprefix(settings.SITE_URL)

    answer = client.get(address, headers={"accept": accept})

    assert answer.status_code == 200
    if accept == "text/html":
        assert kind.name_ar in answer.text
    else:
        assert kind.name_ar in answer.json()["name"]
        assert answer.json()["id"].endswith(address)
