"""The address in a QR code opens the page of its certificate, whichever form the design asked for."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from certificates.models import SigningKey
from certificates.services.badges import offline_url
from certificates.services.sealed_pdfs import verify_url
from tests.factories.certificates import issued


@pytest.mark.parametrize("form", ["short", "offline", "offline, mini"])
def test_what_a_square_holds_leads_to_the_page_of_the_certificate(
    client: Client, demo_keys: list[SigningKey], form: str
):
    credential = issued()
    address = {
        "short": verify_url(credential.code),
        "offline": offline_url(credential),
        "offline, mini": offline_url(credential),
    }[form]

    response = client.get(urlsplit(address).path)

    # Without a fragment of its own in the answer the browser keeps that of the address (RFC 9110, 10.2.2).
    assert response["Location"] == f"/ar/verify/{credential.code}/"
    page = client.get(response["Location"])
    assert (page.status_code, credential.number in page.content.decode()) == (200, True)
