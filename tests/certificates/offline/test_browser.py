"""A phone without a network and without a server tells genuine certificates from others."""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from certificates.enums import KeyRole, Reason
from certificates.models import Credential, SigningKey
from certificates.offline.payload import OfflineCertificate, sign_certificate, verification_url
from certificates.services.badges import offline_url
from certificates.services.keys import make_demo_keys, mark_compromised, rotate_key
from certificates.services.offline import offline_certificate
from certificates.services.signers import signer_for
from certificates.services.statuses import suspend
from tests.browser_pages import DESK, keep
from tests.certificates.offline.cameras import chromium_seeing, film_of, square
from tests.certificates.phones import PAGE, PHONE, cut_off, verdict_of, visited
from tests.certificates.signers import p256_signer
from tests.chromium import launched
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import (
    issued,
    revoke,
)
from tests.factories.courses import CohortFactory
from tests.live.browser_broadcast import TcpProxy
from tests.served_site import ON_SITE
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser("a service worker without network and server"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("bundles"),
]

FINGERPRINT = re.compile(r"\.[0-9a-f]{12}\.\w+$")


@pytest.fixture
def payloads(demo_keys: list[SigningKey]) -> dict[str, str]:
    """Addresses as squares hold them, by what has to be said about them."""
    expired_key = signer_for(KeyRole.CREDENTIAL)
    rotate_key(role=KeyRole.CREDENTIAL, by=None)
    stolen_key = signer_for(KeyRole.CREDENTIAL)
    rotate_key(role=KeyRole.CREDENTIAL, by=None)
    mark_compromised(key_id=stolen_key.key_id, since=timezone.now(), by=None)
    credential, revoked, suspended = (issued(CohortFactory()) for _number in range(3))
    for one, end, reason in ((revoked, revoke, Reason.FRAUD), (suspended, suspend, Reason.COURT_ORDER)):
        officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=one.center).user
        end(credential_id=one.pk, reason=reason, note="", by=officer)
    claims = offline_certificate(credential)
    today = timezone.localdate()
    valid = offline_url(credential)
    return {
        "valid": valid,
        "revoked": offline_url(revoked),
        "suspended": offline_url(suspended),
        "expired": signed(
            replace(claims, expires_on=today - dt.timedelta(days=3)), signer_for(KeyRole.CREDENTIAL)
        ),
        "key-not-valid-then": signed(replace(claims, issued_on=today + dt.timedelta(days=3)), expired_key),
        "key-compromised": signed(claims, stolen_key),
        "key-unknown": signed(claims, p256_signer()),
        "forged": valid[:-20] + ("A" if valid[-20] != "A" else "B") + valid[-19:],
        "damaged": valid[:-40],
        "none": valid.partition("#")[0],
        "not-yet-valid": signed(
            replace(claims, valid_from=today + dt.timedelta(days=60)), signer_for(KeyRole.CREDENTIAL)
        ),
    }


@pytest.fixture
def forbidding(one_browser: Browser) -> Iterator[Page]:
    """There is a camera, and its owner forbids it: without any, a browser may say either first."""
    with launched(one_browser.browser_type, "--use-fake-device-for-media-stream") as browser:
        yield browser.new_context(viewport=PHONE, locale="ar-EG", permissions=[]).new_page()


def blank_picture() -> bytes:
    output = io.BytesIO()
    Image.new("L", (640, 480), 200).save(output, "PNG")
    return output.getvalue()


def signed(certificate: OfflineCertificate, signer: object) -> str:
    sealed = sign_certificate(certificate, signer=signer)
    return verification_url(page=f"https://v.example.org/v/{certificate.code}", sealed=sealed)


def test_without_a_network_every_payload_gets_its_own_verdict(
    browser: Browser, server: LiveServer, payloads: dict[str, str]
):
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    page = visited(context, server)
    cut_off(context, server, page)

    cache_status = {}
    for state, address in payloads.items():
        cache_status[state], _words = verdict_of(page, address)
        keep(page, f"verify-offline-{state}", full_page=True)

    assert cache_status == {state: state for state in payloads}
    context.close()


def test_a_camera_that_opens_the_address_of_a_code_gets_the_answer_without_a_line(
    browser: Browser, server: LiveServer, payloads: dict[str, str]
):
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    page = visited(context, server)
    page.evaluate("navigator.serviceWorker.getRegistration('/c/').then((one) => one.update())")
    cut_off(context, server, page)
    states = {}

    for state in ("valid", "revoked", "forged"):
        camera = context.new_page()
        path = payloads[state].partition("/c/")[2]
        camera.goto(f"{server.url}/c/{path}")
        expect(camera.locator("[data-answer][data-state]")).to_be_visible()
        states[state] = camera.locator("[data-answer]").get_attribute("data-state")

    assert states == {state: state for state in states}
    keep(camera, "verify-offline-camera", full_page=True)
    context.close()


@pytest.mark.browser("one more answer without a network", nightly=True)
def test_an_old_list_says_since_when_it_knows_nothing_and_never_valid(
    browser: Browser, server: LiveServer, payloads: dict[str, str]
):
    context = browser.new_context(viewport=DESK, locale="ar-EG")
    page = visited(context, server)
    page.clock.set_fixed_time(timezone.now() + dt.timedelta(days=3))
    cut_off(context, server, page)

    states = {state: verdict_of(page, payloads[state]) for state in ("revoked", "suspended", "valid")}
    keep(page, "verify-offline-old-desk")

    assert states["valid"][0] == "status-unknown"
    assert "حالتها غير معروفة منذ" in states["valid"][1]
    assert "سارية" not in states["valid"][1].partition("\n")[0]
    assert states["suspended"][0] == "status-unknown"
    assert states["revoked"][0] == "revoked"
    context.close()


@pytest.mark.browser("one more answer without a network", nightly=True)
def test_a_revocation_is_seen_at_the_next_visit_with_a_network(
    browser: Browser, server: LiveServer, demo_keys: list[SigningKey]
):
    credential: Credential = issued(CohortFactory())
    address = offline_url(credential)
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    page = visited(context, server)
    before, _words = verdict_of(page, address)
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=credential.center).user

    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)
    # As after five minutes.
    cache.delete("certificates.offline.status")
    page.reload()
    expect(page.locator("[data-is-ready]")).to_be_visible()
    cut_off(context, server, page)

    assert before == "valid"
    assert verdict_of(page, address)[0] == "revoked"
    context.close()


def test_the_camera_reads_a_square_without_a_network(
    browser: Browser, server: LiveServer, payloads: dict[str, str], tmp_path: Path
):
    film = film_of(square(payloads["valid"], tmp_path / "square.png"), tmp_path / "camera.y4m")
    with chromium_seeing(film, other=browser) as seeing:
        context = seeing.new_context(viewport=PHONE, locale="ar-EG", permissions=["camera"])
        page = visited(context, server)
        cut_off(context, server, page)

        page.locator("[data-start]").click()
        expect(page.locator("[data-answer][data-state=valid]")).to_be_visible()

        wait_until(lambda: page.evaluate("document.querySelector('[data-video]').srcObject === null"))


@pytest.mark.browser("another page with the same camera", nightly=True)
def test_the_camera_on_the_page_of_codes_leads_to_the_certificate(
    browser: Browser, server: LiveServer, tmp_path: Path
):
    credential = issued(CohortFactory())
    picture = square(f"https://v.example.org/v/{credential.code}", tmp_path / "square.png")
    film = film_of(picture, tmp_path / "camera.y4m")
    with chromium_seeing(film, other=browser) as seeing:
        page = seeing.new_context(viewport=PHONE, locale="ar-EG", permissions=["camera"]).new_page()
        page.goto(f"{server.url}/ar/verify/")

        page.locator("[data-start]").click()
        page.wait_for_url(f"**/ar/verify/{credential.code}/")

        assert credential.number in page.content()


@pytest.mark.browser("the text next to the camera", nightly=True)
def test_without_permission_for_the_camera_the_page_offers_other_ways(
    forbidding: Page, server: LiveServer, tmp_path: Path
):
    page = forbidding
    credential = issued(CohortFactory())
    page.goto(f"{server.url}/ar/verify/")
    words = []

    page.locator("[data-start]").click()
    say = page.locator("[data-say]")
    expect(say).to_contain_text("الكاميرا")
    expect(say).to_contain_text("صورة")
    for name, content in (("x.jpg", b"no picture"), ("blank.png", blank_picture())):
        page.locator("[data-photo]").set_input_files(
            {"name": name, "mimeType": "image/png", "buffer": content}
        )
        expect(say).to_contain_text("هذا الملف" if name == "x.jpg" else "مربع مقروء")
        words.append(say.inner_text())
    foreign = square("https://evil.example.com/v/", tmp_path / "foreign.png")
    page.locator("[data-photo]").set_input_files(foreign)
    expect(say).to_contain_text("ليس")
    page.locator("[data-photo]").set_input_files(
        square(f"https://v.example.org/v/{credential.code}", tmp_path / "ours.png")
    )
    page.wait_for_url(f"**/ar/verify/{credential.code}/")

    assert len(set(words)) == 2


@ON_SITE
def test_the_site_as_it_is_served_keeps_all_that_the_page_needs(
    browser: Browser, site: str, wire_to: Callable[[str], TcpProxy], transactional_db: None
):
    """Static files have fingerprints in their names there, and the page still finds each of them without a network."""
    make_demo_keys()
    address = offline_url(issued(CohortFactory()))
    wire = wire_to(site)
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    page = context.new_page()
    page.goto(wire.address + PAGE)
    expect(page.locator("[data-is-ready]")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wire.close()
    context.set_offline(True)
    page.reload()
    expect(page.locator("[data-is-ready]")).to_be_visible()

    state, _words = verdict_of(page, address)
    kept = page.evaluate(
        "caches.keys().then(names => caches.open(names.find(name => name.startsWith('mihna-verify-'))))"
        ".then(cache => cache.keys()).then(found => found.map(one => new URL(one.url).pathname))"
    )
    decoder = page.evaluate(
        "import(document.querySelector('[data-verify]').dataset.decoder).then(m => typeof m.decodeQR)"
    )

    assert state == "valid"
    assert decoder == "function"
    assert [name for name in kept if "/static/" in name and not FINGERPRINT.search(name)] == []
    expect(page.locator("link[rel=stylesheet]")).to_have_attribute(
        "href", re.compile(r"site\.[0-9a-f]{12}\.css$")
    )
    context.close()
