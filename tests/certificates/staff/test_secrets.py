"""Secrets of other systems are shown on one page, once, and are not stored on the way."""

import pytest
from django.contrib.messages import get_messages

from tests.certificates.browsers import confirmed
from tests.factories.certificates import officer_of_the_ministry

KEY = {"name": "Portal", "scopes": ["verify"], "codes_per_minute": 100}
WEBHOOK = {"name": "Portal", "url": "https://8.8.8.8/hook", "about": ["revoked"]}


@pytest.mark.parametrize(
    ("address", "typed", "begins"),
    [("/admin/api_clients/new/", KEY, "mihna_"), ("/admin/webhooks/new/", WEBHOOK, "whsec_")],
)
def test_what_is_shown_once_is_in_the_page_and_in_no_cookie(
    db: None, address: str, typed: dict[str, object], begins: str
):
    client = confirmed(officer_of_the_ministry())
    # Shows what was said of the proof.
    client.get(address)

    response = client.post(address, typed)

    page = response.content.decode()
    secret = page[page.index(begins) :][:40]
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "messages" not in response.cookies
    assert list(get_messages(response.wsgi_request)) == []
    assert secret not in client.get(address.replace("new/", "")).content.decode()
