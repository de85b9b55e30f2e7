"""Screenshots of public verification, in Arabic, on a phone and a desktop."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from accounts.services.people import correct_person
from certificates.enums import Reason
from certificates.models import Credential, Lookup, SigningKey
from certificates.services.deciding import approve
from certificates.services.proposing import propose_correction
from certificates.services.statuses import suspend
from tests.browser_pages import AXE, DESK, keep
from tests.certificates.verification.sealed_pdfs import sealed_pdf, token_for
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import (
    CertificateTemplateFactory,
    issued,
    revoke,
)
from tests.factories.courses import CohortFactory

pytestmark = [
    pytest.mark.browser("screenshots and layout"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("bundles"),
]

PHONE = {"width": 390, "height": 844}


@pytest.fixture(
    params=[
        pytest.param(PHONE, id="phone"),
        pytest.param(DESK, id="desk", marks=pytest.mark.browser("another screen", nightly=True)),
    ]
)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param, locale="ar-EG", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def seen(page: Page, name: str) -> list[str]:
    """Keep a picture; what axe finds wrong."""
    keep(page, f"verify-{name}-{page.viewport_size['width']}", full_page=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [
        f"{name}: {one['id']} {one['nodes'][0]['html']}" for one in page.evaluate("axe.run()")["violations"]
    ]


def officer_of(credential: Credential) -> object:
    return MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=credential.center).user


def corrected(credential: Credential) -> Credential:
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=credential.center).user
    correct_person(person_id=credential.holder_id, full_name_en="Soad Ibrahim Hassan", by=manager)
    proposal = propose_correction(
        credential_id=credential.pk,
        template_id=CertificateTemplateFactory().pk,
        reason=Reason.NAME_CORRECTED,
        by=manager,
    )
    return approve(proposal_id=proposal.pk, by=officer_of(credential), confirmed_at=timezone.now())[0]


def test_every_answer_of_a_code_can_be_read(page: Page, live_server: LiveServer, demo_keys: list[SigningKey]):
    valid, revoked, suspended, replaced = (issued(CohortFactory()) for _number in range(4))
    revoke(credential_id=revoked.pk, reason=Reason.FRAUD, note="", by=officer_of(revoked))
    suspend(credential_id=suspended.pk, reason=Reason.COURT_ORDER, note="", by=officer_of(suspended))
    new = corrected(replaced)
    found = []

    page.goto(f"{live_server.url}/ar/verify/")
    expect(page.locator("[data-start]")).to_be_visible()
    found += seen(page, "check")
    for name, one in {
        "valid": valid,
        "revoked": revoked,
        "suspended": suspended,
        "replaced": replaced,
        "new": new,
    }.items():
        page.goto(f"{live_server.url}/ar/verify/{one.code}/")
        found += seen(page, name)
    page.goto(f"{live_server.url}/ar/verify/1234/")
    found += seen(page, "malformed")
    page.goto(f"{live_server.url}/ar/verify/{valid.code}/badge.svg")
    page.screenshot(path=f"var/screenshots/verify-badge-{page.viewport_size['width']}.png")

    assert found == []


def test_every_answer_of_a_file_can_be_read(page: Page, live_server: LiveServer, demo_keys: list[SigningKey]):
    valid, revoked = (issued(CohortFactory()) for _number in range(2))
    revoke(credential_id=revoked.pk, reason=Reason.FRAUD, note="", by=officer_of(revoked))
    pdf = sealed_pdf(valid, token_for(valid))
    files = {
        "genuine": pdf,
        "genuine-revoked": sealed_pdf(revoked),
        "altered": pdf + b" ",
        "not-ours": b"%PDF-1.7\n%%EOF",
    }
    found = []

    for name, content in files.items():
        page.goto(f"{live_server.url}/ar/verify/")
        page.locator("#id_file").set_input_files(
            {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        page.get_by_role("button", name="التحقق من الملف").click()
        expect(page.locator("[data-verdict]")).to_be_visible()
        found += seen(page, f"file-{name}")

    assert found == []


def test_a_list_and_a_pause_can_be_read(page: Page, live_server: LiveServer, demo_keys: list[SigningKey]):
    valid, revoked = (issued(CohortFactory()) for _number in range(2))
    revoke(credential_id=revoked.pk, reason=Reason.FRAUD, note="", by=officer_of(revoked))
    found = []

    page.goto(f"{live_server.url}/ar/verify/list/")
    found += seen(page, "list-form")
    page.locator("#id_codes").fill(f"{valid.code}\n{revoked.code}\nXXXX\n")
    page.get_by_role("button", name="التحقق من القائمة").click()
    expect(page.locator("table")).to_be_visible()
    found += seen(page, "list")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    content = Path(download.value.path()).read_text(encoding="utf-8-sig")
    page.goto(f"{live_server.url}/ar/verify/{valid.code}/")
    one = Lookup.objects.latest("pk")
    Lookup.objects.bulk_create(
        Lookup(result=one.result, at=timezone.now() + dt.timedelta(seconds=1), client_hash=one.client_hash)
        for _number in range(30)
    )
    page.goto(f"{live_server.url}/ar/verify/{valid.code}/")
    found += seen(page, "too-many")

    assert valid.number in content
    assert found == []
