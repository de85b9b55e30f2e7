"""A lost password is recovered on a phone, also without scripts; the pages fit it and axe finds nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.enums import ContactKind, ContactProof
from accounts.services.contacts import record_contact
from accounts.services.first_logins import make_logins
from accounts.services.identity_documents import register_national_id
from accounts.services.people import register_person
from tests.accounts.codes import send_waiting
from tests.accounts.phones import Phones, phones
from tests.browser_pages import entered, findings, keep
from tests.bundles import bundle
from tests.factories.accounts import CenterFactory, TraineeFactory, UserFactory

pytestmark = [
    pytest.mark.browser("pages of codes on a phone"),
    pytest.mark.django_db(transaction=True),
]
PHONE = {"width": 360, "height": 740}
NUMBER = "+201012345678"


@pytest.fixture
def sms_phones(settings: Settings) -> Iterator[Phones]:
    with phones() as server:
        settings.SMS_GATEWAY_URL = server.url
        yield server


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_password_is_recovered_on_a_phone(
    browser: Browser, live_server: LiveServer, sms_phones: Phones, scripts: bool
):
    bundle()
    user = TraineeFactory()
    record_contact(
        person_id=user.person_id,
        kind=ContactKind.PHONE,
        value=NUMBER,
        proved_how=ContactProof.CODE,
        by=UserFactory(),
    )
    page = browser.new_context(viewport=PHONE, locale="ar", java_script_enabled=scripts).new_page()
    found: list[str] = []

    def looked_at(name: str) -> None:
        if scripts:
            keep(page, f"codes-{name}-phone-ar", full_page=True)
            found.extend(findings(page))

    page.goto(f"{live_server.url}/ar/accounts/login/")
    looked_at("login")
    page.locator("a[href='/ar/accounts/recover/']").click()
    looked_at("recover")
    page.locator("#id_phone").fill("٠١٠ ١٢٣٤ ٥٦٧٨")
    page.locator("#id_phone").press("Enter")
    page.wait_for_url("**/recover/code/")
    looked_at("code")
    send_waiting()
    (message,) = sms_phones.messages
    page.locator("#id_code").fill(f"{(int(message.code) + 1) % 10**6:06}")
    page.locator("#id_code").press("Enter")
    page.locator(".form-errors").wait_for()
    looked_at("wrong")
    page.locator("#id_code").fill(message.code)
    page.locator("#id_code").press("Enter")
    page.wait_for_url("**/recover/password/")
    looked_at("password")
    page.locator("#id_password1").fill("سندان-ومنجلة-9")
    page.locator("#id_password1").press("Enter")
    page.wait_for_url("**/ar/learning/")
    looked_at("done")

    assert found == []
    user.refresh_from_db()
    assert user.check_password("سندان-ومنجلة-9")


def test_a_number_is_confirmed_on_a_phone(browser: Browser, live_server: LiveServer, sms_phones: Phones):
    bundle()
    user = TraineeFactory(phone=NUMBER)
    page = entered(browser, live_server.url, user, viewport=PHONE, locale="ar").new_page()
    found: list[str] = []

    page.goto(f"{live_server.url}/ar/accounts/")
    keep(page, "codes-account-phone-ar", full_page=True)
    found += findings(page)
    page.locator("form[action='/ar/accounts/number/send/'] button").click()
    page.wait_for_url("**/accounts/number/")
    keep(page, "codes-number-phone-ar", full_page=True)
    found += findings(page)
    send_waiting()
    page.locator("#id_code").fill(sms_phones.messages[0].code)
    page.locator("#id_code").press("Enter")
    page.wait_for_url("**/accounts/")

    assert found == []
    assert user.person.contacts.get().proved_how == ContactProof.CODE


def test_a_first_password_is_chosen_on_a_phone(browser: Browser, live_server: LiveServer, sms_phones: Phones):
    bundle()
    by = UserFactory()
    person = register_person(full_name_ar="منى إبراهيم حسن السيد", registered_at=CenterFactory(), by=by)
    register_national_id(person_id=person.pk, number="30401010112345", by=by)
    record_contact(person_id=person.pk, kind=ContactKind.PHONE, value=NUMBER, by=by)
    make_logins({person: NUMBER}, by=by, source="a")
    page = browser.new_context(viewport=PHONE, locale="ar").new_page()

    page.goto(f"{live_server.url}/ar/accounts/recover/")
    page.locator("#id_phone").fill("01012345678")
    page.locator("#id_phone").press("Enter")
    page.wait_for_url("**/recover/code/")
    send_waiting()
    page.locator("#id_code").fill(sms_phones.messages[0].code)
    page.locator("#id_code").press("Enter")
    page.wait_for_url("**/recover/password/")
    page.locator("#id_identity_number").fill("29905051234571")
    page.locator("#id_password1").fill("سندان-ومنجلة-9")
    page.locator("#id_consent").check()
    page.locator("#id_password1").press("Enter")
    page.locator(".form-errors").wait_for()
    keep(page, "codes-first-password-phone-ar", full_page=True)
    found = findings(page)
    page.locator("#id_identity_number").fill("٣٠٤٠١٠١٠١١٢٣٤٥")
    page.locator("#id_password1").fill("سندان-ومنجلة-9")
    page.locator("#id_password1").press("Enter")
    page.wait_for_url("**/ar/learning/")

    assert found == []
