"""Comparing a paper with its scan, as the checker's screen shows it and by the keyboard alone."""

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from accounts.models import Center, User
from certificates.enums import PaperState
from certificates.models import LegacyBatch
from tests.browser_pages import DESK, keep
from tests.browser_pages import entered as logged_in
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import drawn, issued
from tests.factories.certificates_legacy import batch_in, checker, entered
from tests.factories.courses import CohortFactory
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser("layout and keyboard of the checker's screen"),
    pytest.mark.django_db(transaction=True),
]

PHONE = {"width": 390, "height": 844}
NATIONAL = "29001011234567"
SIZES = [
    pytest.param(PHONE, id="phone"),
    pytest.param(DESK, id="desk", marks=pytest.mark.browser("another screen", nightly=True)),
]


@pytest.fixture
def officer(center: Center) -> User:
    return checker(center)


@pytest.fixture
def batch(center: Center) -> LegacyBatch:
    """Two papers with the scan of a certificate, and one that has several faults."""
    artifact = drawn(issued(CohortFactory(center=center)))
    with storages["private"].open(artifact.path) as file:
        scan = file.read()
    return batch_in(
        center,
        {"number": "١٢٣/٩٨", "national_number": NATIONAL, "scan": "a.pdf"},
        {"number": "١٢٤/٩٨", "name_ar": "إيمان عبد الرحمن محمد الشافعي", "scan": "b.pdf"},
        {"number": "²", "name_ar": "=محمود", "issued_on": "31/2/1998", "hours": "كثيرة", "scan": "c.pdf"},
        scans=[("a.pdf", scan), ("b.pdf", scan)],
    )


def at(browser: Browser, live_server: LiveServer, user: User, size: dict[str, int]) -> BrowserContext:
    return logged_in(browser, live_server.url, user, viewport=size, locale="ar")


@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_the_paper_archive_fits_its_screen(
    browser: Browser, live_server: LiveServer, batch: LegacyBatch, officer: User, size: dict[str, int]
):
    MembershipFactory(user=officer, role=RoleName.CENTER_MANAGER, center=batch.center)
    first, _second, wrong = batch.papers.all()
    context = at(browser, live_server, officer, size)
    page = context.new_page()

    for name, address in (
        ("list", reverse("legacy_batches:index")),
        ("upload", reverse("legacy_batches:add")),
        ("batch", reverse("legacy_batches:inspect", args=[batch.pk])),
        ("check", reverse("legacy_papers:inspect", args=[first.pk])),
        ("typing", reverse("legacy_papers:edit", args=[wrong.pk])),
    ):
        page.goto(live_server.url + address)
        page.wait_for_load_state("networkidle")
        keep(page, f"legacy-{name}-{size['width']}", full_page=True)

    context.close()


@pytest.mark.browser("one more layout", nightly=True)
def test_the_scan_lies_left_of_what_was_typed_in_arabic_too(
    browser: Browser, live_server: LiveServer, batch: LegacyBatch, officer: User
):
    context = at(browser, live_server, officer, DESK)
    page = context.new_page()

    page.goto(live_server.url + reverse("legacy_papers:inspect", args=[batch.papers.first().pk]))

    scan, claims = (
        page.locator(part).bounding_box() for part in (".paper-check__scan", ".paper-check__facts")
    )
    assert scan["x"] + scan["width"] <= claims["x"]
    picture = page.locator(".paper-check__scan img")
    expect(picture).to_be_visible()
    wait_until(lambda: picture.evaluate("image => image.complete && image.naturalWidth > 1000"))
    context.close()


def test_a_batch_is_compared_by_the_keyboard_alone(
    browser: Browser, live_server: LiveServer, batch: LegacyBatch, officer: User
):
    first, second, _wrong = batch.papers.all()
    context = at(browser, live_server, officer, DESK)
    page = context.new_page()
    page.goto(live_server.url + reverse("legacy_papers:inspect", args=[first.pk]))

    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('legacy_papers:inspect', args=[second.pk])}")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{reverse('legacy_batches:inspect', args=[batch.pk])}")

    assert set(batch.papers.values_list("state", flat=True)) == {PaperState.CHECKED, PaperState.TYPED}
    assert batch.papers.filter(state=PaperState.CHECKED, checked_by=officer).count() == 2
    context.close()


@pytest.mark.parametrize("size", SIZES)
def test_the_public_page_of_a_paper_fits_its_screen(
    browser: Browser, live_server: LiveServer, center: Center, size: dict[str, int], client: Client
):
    credential = entered(batch_in(center, {"number": "١٢٣/٩٨"}))[0]
    context = browser.new_context(viewport=size, locale="ar")
    page = context.new_page()

    page.goto(f"{live_server.url}/ar/verify/{credential.code}/")

    expect(page.get_by_text("أُدخلت من الورق")).to_be_visible()
    keep(page, f"legacy-public-{size['width']}", full_page=True)
    context.close()
