"""In a browser without a needed API, the page names it and does what is possible without it."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from certificates.models import SigningKey
from certificates.services.badges import offline_url
from tests.certificates.phones import PAGE, PHONE, cache_status, verdict_of
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory

pytestmark = [
    pytest.mark.browser("a browser without some features"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("bundles"),
]

REFUSED = "() => Promise.reject(new DOMException('no', 'SecurityError'))"


@pytest.mark.parametrize(
    "missing",
    [
        "delete Crypto.prototype.subtle",
        pytest.param(
            "delete globalThis.DecompressionStream",
            marks=pytest.mark.browser("one more part that is missing", nightly=True),
        ),
    ],
)
def test_a_browser_that_cannot_verify_is_called_too_old(
    browser: Browser, server: LiveServer, demo_keys: list[SigningKey], missing: str
):
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    context.add_init_script(missing)
    page = context.new_page()

    page.goto(server.url + PAGE)

    expect(page.locator("[data-at-hand]")).to_contain_text("هذا المتصفح أقدم")
    expect(page.locator("[data-paste]")).to_have_count(0)
    context.close()


@pytest.mark.parametrize(
    ("forbidden", "keeps"),
    [
        *(
            pytest.param(
                script,
                keeps,
                id=name,
                marks=pytest.mark.browser("one more part that is refused", nightly=True),
            )
            for name, script, keeps in (
                ("no worker", f"ServiceWorkerContainer.prototype.register = {REFUSED}", True),
                ("no store", f"CacheStorage.prototype.open = {REFUSED}", False),
                ("full store", f"Cache.prototype.put = {REFUSED}", True),
            )
        ),
        pytest.param(
            "delete globalThis.caches; delete Navigator.prototype.serviceWorker", False, id="neither"
        ),
    ],
)
def test_a_browser_that_keeps_nothing_checks_from_memory(
    browser: Browser, server: LiveServer, demo_keys: list[SigningKey], forbidden: str, keeps: bool
):
    address = offline_url(issued(CohortFactory()))
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    context.add_init_script(forbidden)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))

    page.goto(server.url + PAGE)
    expect(page.locator("[data-is-ready]")).to_be_visible()
    context.set_offline(True)

    assert verdict_of(page, address)[0] == "valid"
    status, words = expect(cache_status(page)), "لا يحتفظ بشيء"
    status.not_to_contain_text(words) if keeps else status.to_contain_text(words)
    assert faults == []
    context.close()
