"""The wallet, links and passports in a browser, on a phone and a desktop."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from accounts.models import User
from certificates.enums import Reason
from certificates.models import Credential
from tests.browser_pages import entered, keep
from tests.factories.accounts import CenterFactory, MembershipFactory
from tests.factories.certificates import (
    completed_enrollment,
    drawn,
    issued,
    issued_for,
    revoke,
)
from tests.factories.courses import CohortFactory
from tests.factories.sharing import holder_of
from tests.factories.signing_keys import with_demo_keys

pytestmark = [pytest.mark.browser("screenshots and layout"), pytest.mark.django_db(transaction=True)]

SIZES = [
    pytest.param({"width": 390, "height": 844}, id="390"),
    pytest.param(
        {"width": 1280, "height": 800}, id="1280", marks=pytest.mark.browser("another screen", nightly=True)
    ),
]


@pytest.fixture
def credentials() -> list[Credential]:
    center = CenterFactory()
    first = issued(CohortFactory(center=center))
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort, person=first.holder)
    second = issued_for(cohort)
    for credential in (first, second):
        drawn(credential)
    return [first, second]


@pytest.mark.parametrize("size", SIZES)
def test_a_holder_makes_links_and_a_passport(
    browser: Browser, live_server: LiveServer, credentials: list[Credential], size: dict[str, int], settings
):
    settings.SITE_URL = live_server.url
    with_demo_keys()
    holder: User = holder_of(credentials[0])
    width = size["width"]
    context = entered(
        browser, live_server.url, holder, viewport=size, permissions=["clipboard-write", "clipboard-read"]
    )
    page = context.new_page()

    page.goto(f"{live_server.url}/ar/certificates/")
    keep(page, f"wallet-{width}", full_page=True)
    page.locator("a[href*='certificate=']").first.click()
    expect(page.locator("input[type=checkbox]:checked")).to_have_count(1)
    keep(page, f"wallet-new-link-{width}", full_page=True)
    page.locator("main form button").click()
    page.locator("[data-copy]").click()
    expect(page.locator("[data-copied]")).to_be_visible()
    keep(page, f"wallet-link-made-{width}", full_page=True)
    address = page.locator("[data-address]").get_attribute("href")
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.goto(f"{live_server.url}/ar/certificates/links/")
    keep(page, f"wallet-links-{width}", full_page=True)

    page.goto(f"{live_server.url}/ar/certificates/passports/new/")
    page.locator("input[name=is_agreed]").check()
    keep(page, f"wallet-new-passport-{width}", full_page=True)
    page.locator("main form button").click()
    expect(page.locator("[data-address]")).to_be_visible()
    keep(page, f"wallet-passport-made-{width}", full_page=True)
    of_passport = page.locator("[data-address]").get_attribute("href")
    page.goto(f"{live_server.url}/ar/certificates/passports/")
    keep(page, f"wallet-passports-{width}", full_page=True)
    context.close()

    center = credentials[1].center
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user
    revoke(credential_id=credentials[1].pk, reason=Reason.ISSUED_IN_ERROR, note="", by=officer)
    # An employer: no login, no script.
    stranger = browser.new_context(viewport=size, java_script_enabled=False, locale="ar")
    page = stranger.new_page()
    for name, target in (
        ("shared", address),
        ("shared-passport", of_passport),
        ("shared-unknown", f"{live_server.url}/s/none"),
    ):
        page.goto(target)
        shot = f"wallet-{name}-{width}"
        page.screenshot(path=f"var/screenshots/{shot}.png", full_page=True)
    stranger.close()
