"""A page that was left open updates its documents before it answers, if there is a network."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from certificates.enums import Reason
from certificates.models import Credential, SigningKey
from certificates.services.badges import offline_url
from tests.certificates.phones import PHONE, verdict_of, visited
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import (
    issued,
    revoke,
)
from tests.factories.courses import CohortFactory
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser("a service worker and a page left open"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("bundles"),
]


def revoked(credential: Credential) -> None:
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=credential.center).user
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)
    # As after five minutes.
    cache.clear()


def test_a_page_that_was_left_open_shows_a_revocation(
    browser: Browser, server: LiveServer, demo_keys: list[SigningKey]
):
    credential = issued(CohortFactory())
    address = offline_url(credential)
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    page = visited(context, server)
    before = verdict_of(page, address)[0]

    revoked(credential)
    page.clock.set_fixed_time(timezone.now() + dt.timedelta(minutes=6))
    after = verdict_of(page, address)[0]

    assert (before, after) == ("valid", "revoked")
    context.close()


@pytest.mark.browser("seconds until a request is given up", nightly=True)
def test_a_network_that_does_not_answer_holds_no_check_up(
    browser: Browser, server: LiveServer, demo_keys: list[SigningKey]
):
    address = offline_url(issued(CohortFactory()))
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    page = visited(context, server)
    # A request that is never answered.
    page.route("**/verify/status", lambda _route: None)
    page.route("**/verify/keys.json", lambda _route: None)
    page.evaluate("const now = Date.now; Date.now = () => now() + 360_000")

    assert verdict_of(page, address)[0] == "valid"
    context.close()


@pytest.mark.browser("the same news by another event", nightly=True)
def test_a_page_that_is_looked_at_again_asks_for_news(
    browser: Browser, server: LiveServer, demo_keys: list[SigningKey]
):
    credential = issued(CohortFactory())
    address = offline_url(credential)
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    page = visited(context, server)
    revoked(credential)

    with page.expect_response("**/verify/status"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    # What came is verified and kept a moment after it came.
    wait_until(lambda: verdict_of(page, address)[0] == "revoked")
    context.close()
