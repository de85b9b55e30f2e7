"""A browser that opens the address of an offline QR code does not send the signed part to the server."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from certificates.models import SigningKey
from certificates.services.badges import offline_url
from tests.certificates.phones import PHONE
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory

pytestmark = [
    pytest.mark.browser("an address in the bar of a real browser, and what it sends of it"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("bundles"),
]


def test_the_signed_part_is_still_there_after_the_redirect(
    browser: Browser, server: LiveServer, demo_keys: list[SigningKey]
):
    credential = issued(CohortFactory())
    address = urlsplit(offline_url(credential))
    page = browser.new_context(viewport=PHONE, locale="ar-EG").new_page()

    page.goto(f"{server.url}{address.path}#{address.fragment}")

    assert page.url == f"{server.url}/ar/verify/{credential.code}/#{address.fragment}"
    assert credential.number in page.content()
