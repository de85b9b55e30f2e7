"""A phone that visited before a rotation goes on working after it; one whose chain of keys ends says so."""

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from certificates.enums import KeyRole, Reason
from certificates.models import SigningKey
from certificates.services.badges import offline_url
from certificates.services.keys import mark_compromised, rotate_key
from tests.browser_pages import keep
from tests.certificates.phones import PHONE, cache_status, cut_off, verdict_of, visited, visited_again
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import (
    issued,
    revoke,
)
from tests.factories.courses import CohortFactory

pytestmark = [
    pytest.mark.browser("a service worker that outlives a key"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("bundles"),
]


@pytest.mark.parametrize(
    "rotations", [1, pytest.param(2, marks=pytest.mark.browser("once more of the same", nightly=True))]
)
def test_after_rotations_old_and_new_certificates_are_valid_and_a_revoked_one_is_not(
    browser: Browser, server: LiveServer, demo_keys: list[SigningKey], rotations: int
):
    old = issued(CohortFactory())
    old_address = offline_url(old)
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    page = visited(context, server)
    for _rotation in range(rotations):
        rotate_key(role=KeyRole.CREDENTIAL, by=None)
    new_address = offline_url(issued(CohortFactory()))
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=old.center).user

    visited_again(page)
    before = [verdict_of(page, address)[0] for address in (old_address, new_address)]
    revoke(credential_id=old.pk, reason=Reason.FRAUD, note="", by=officer)
    cache.clear()
    visited_again(page)
    cut_off(context, server, page)
    after = [verdict_of(page, address)[0] for address in (old_address, new_address)]

    assert before == ["valid", "valid"]
    assert after == ["revoked", "valid"]
    context.close()


@pytest.mark.browser("one more life of a key", nightly=True)
def test_a_phone_that_trusts_only_a_compromised_key_says_so_and_can_start_again(
    browser: Browser, server: LiveServer, demo_keys: list[SigningKey]
):
    address = offline_url(issued(CohortFactory()))
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    page = visited(context, server)
    stolen = SigningKey.objects.get(role=KeyRole.CREDENTIAL, retired_at=None)
    mark_compromised(key_id=stolen.key_id, since=timezone.now(), by=None)
    rotate_key(role=KeyRole.CREDENTIAL, by=None)
    new_address = offline_url(issued(CohortFactory()))

    visited_again(page)
    before = [verdict_of(page, one)[0] for one in (address, new_address)]
    expect(cache_status(page)).to_contain_text("لم تعد")
    keep(page, "verify-offline-cut-off", full_page=True)
    page.locator("[data-cut-off] button").click()
    expect(page.locator("[data-cut-off]")).to_be_hidden()
    cut_off(context, server, page)
    after = [verdict_of(page, one)[0] for one in (address, new_address)]

    assert before == ["status-unknown", "key-unknown"]
    assert after == ["key-compromised", "valid"]
    context.close()
