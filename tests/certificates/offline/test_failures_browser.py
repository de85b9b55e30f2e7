"""The offline page shows a message for every failure."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from certificates.models import SigningKey
from certificates.services.badges import offline_url
from tests.certificates.offline.cameras import square
from tests.certificates.phones import PAGE, PHONE, cache_status, verdict_of, visited
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory

pytestmark = [
    pytest.mark.browser("a service worker whose parts fail"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("bundles"),
]

BREAKS_OFF = """
const whole = globalThis.fetch;
globalThis.fetch = async (address, ...more) => {
  const response = await whole(address, ...more);
  if (!String(address).endsWith("ENDING")) return response;
  const body = new ReadableStream({ pull: (control) => control.error(new TypeError("network error")) });
  return new Response(body, { headers: response.headers });
};
"""
# Chrome of Android says this where a service of the system is missing.
NO_SERVICE = """
globalThis.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
  detect() { return Promise.reject(new DOMException("Barcode detection service unavailable.", "NotSupportedError")); }
};
"""
# Safari in the low power mode of a phone.
NO_FILM = """
HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException("no", "NotAllowedError"));
navigator.mediaDevices.getUserMedia = () => Promise.resolve(document.createElement("canvas").captureStream());
"""


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    return page, faults


@pytest.mark.browser("one more part that fails", nightly=True)
@pytest.mark.parametrize("ending", ["/keys.json", "/status"])
def test_an_answer_that_breaks_off_is_none(
    browser: Browser, server: LiveServer, demo_keys: list[SigningKey], ending: str
):
    address = offline_url(issued(CohortFactory()))
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    visited(context, server).close()
    context.add_init_script(BREAKS_OFF.replace("ENDING", ending))
    page, faults = watched(context)

    page.goto(server.url + PAGE)
    expect(page.locator("[data-is-ready]")).to_be_visible()

    expect(cache_status(page)).to_contain_text("جاهز")
    assert verdict_of(page, address)[0] == "valid"
    assert faults == []
    context.close()


def test_where_the_detector_of_the_browser_fails_the_package_reads_the_square(
    browser: Browser, server: LiveServer, demo_keys: list[SigningKey], tmp_path: Path
):
    address = offline_url(issued(CohortFactory()))
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    context.add_init_script(NO_SERVICE)
    page, faults = watched(context)
    page.goto(server.url + PAGE)
    expect(page.locator("[data-is-ready]")).to_be_visible()

    page.locator("[data-photo]").set_input_files(square(address, tmp_path / "square.png"))

    expect(page.locator("[data-answer]")).to_have_attribute("data-state", "valid")
    assert faults == []
    context.close()


@pytest.mark.browser("one more part that fails", nightly=True)
def test_a_video_that_does_not_start_is_reported(
    browser: Browser, server: LiveServer, demo_keys: list[SigningKey]
):
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    context.add_init_script(NO_FILM)
    page, faults = watched(context)
    page.goto(server.url + PAGE)
    expect(page.locator("[data-is-ready]")).to_be_visible()

    page.locator("[data-start]").click()

    expect(page.locator("[data-say]")).to_contain_text("لا يُسمح لهذه الصفحة باستعمال الكاميرا")
    assert faults == []
    context.close()
