"""At 320 px, which is a page enlarged four times (WCAG 2.2, 1.4.10), nothing of an answer is cut off."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from certificates.models import Credential, SigningKey
from tests.database_owner import trigger_disabled
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory

pytestmark = [
    pytest.mark.browser("layout at 320 px"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("bundles"),
]

NUMBER = "ALEXANDRIA-WEST-03/2026/SUPPLEMENT000123"
OVERFLOWING = """
[...document.querySelectorAll('body *')]
  .filter(one => !one.closest('.visually-hidden, .skip-link'))
  .map(one => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width && (box.left < -0.5 || box.right > innerWidth + 0.5))
  .map(([one]) => one.outerHTML.slice(0, 120))
"""


@pytest.fixture
def credential(demo_keys: list[SigningKey]) -> Credential:
    """A certificate with the longest possible number; its trigger is disabled for the update."""
    credential = issued(CohortFactory())
    with trigger_disabled("certificates_credential", "credential_only_ends"):
        Credential.objects.filter(pk=credential.pk).update(number=NUMBER)
    return credential


@pytest.mark.parametrize(
    "language", ["ar", pytest.param("en", marks=pytest.mark.browser("another language", nightly=True))]
)
def test_an_answer_fits_into_320_pixels(
    browser: Browser, live_server: LiveServer, credential: Credential, language: str
):
    context = browser.new_context(viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    page = context.new_page()

    page.goto(f"{live_server.url}/{language}/verify/{credential.code}/")
    closed = page.evaluate(OVERFLOWING)
    page.locator("details summary").last.click()
    opened = page.evaluate(OVERFLOWING)

    expect(page.locator(".facts").first).to_contain_text(NUMBER)
    assert (closed, opened) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    context.close()
