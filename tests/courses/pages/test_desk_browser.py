"""The front desk by keyboard alone, and the slip on the person's own phone."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from accounts.models import Person
from courses.models import Cohort
from tests.accounts.people.numbers import national_number
from tests.browser_pages import DESK, PHONE, entered, findings, keep
from tests.bundles import bundle
from tests.courses.pages.test_desk import BORN, NAME, YOUNG
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import taught_cohort

pytestmark = [
    pytest.mark.browser("a form by keyboard, a page as it is printed, and the person's own phone"),
    pytest.mark.django_db(transaction=True),
]

MINE = "own-words-7431"


@pytest.fixture
def cohort() -> Cohort:
    bundle()
    return taught_cohort(lessons=1)


def type_into(page: Page, name: str, text: str) -> None:
    """Tab until the field has the focus, then type: no pointer."""
    for _ in range(60):
        if page.evaluate("document.activeElement.name") == name:
            page.keyboard.type(text)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by the Tab key")


def test_a_person_is_served_by_keyboard_and_learns_on_the_phone(
    browser: Browser, live_server: LiveServer, cohort: Cohort
):
    clerk = MembershipFactory(role=RoleName.REGISTRAR, center=cohort.center).user
    desk = entered(browser, live_server.url, clerk, viewport=DESK, locale="ar").new_page()
    desk.goto(f"{live_server.url}/admin/desk/")
    assert findings(desk, "main") == []
    expect(desk.locator("h1")).to_contain_text("مكتب الاستقبال")
    # The first field has the focus.
    desk.keyboard.type(national_number(BORN))
    type_into(desk, "full_name_ar", NAME)
    type_into(desk, "phone", "٠١٠١٢٣٤٥٦٧٨")
    type_into(desk, "cohort", cohort.code)
    type_into(desk, "agrees", " ")
    keep(desk, "desk-form-ar", full_page=True)
    desk.keyboard.press("Enter")

    slip = desk.locator(".slip")
    expect(slip).to_contain_text(NAME)
    assert findings(desk, "main") == []
    keep(desk, "desk-slip-ar", full_page=True)
    desk.emulate_media(media="print")
    keep(desk, "desk-slip-print-ar")
    password = desk.locator("[data-secret]").inner_text()

    phone = browser.new_context(viewport=PHONE, locale="ar").new_page()
    phone.goto(f"{live_server.url}/ar/accounts/login/")
    phone.fill("[name=login]", "01012345678")
    phone.fill("[name=password]", password)
    phone.press("[name=password]", "Enter")
    expect(phone.locator("[name=password1]")).to_be_visible()
    keep(phone, "choose-password-ar", full_page=True)
    phone.fill("[name=password1]", MINE)
    phone.fill("[name=password2]", MINE)
    phone.press("[name=password2]", "Enter")
    phone.wait_for_url("**/learning/")
    phone.get_by_text(cohort.program.title).first.click()
    expect(phone.locator("h1")).to_be_visible()
    assert Person.objects.get(full_name_ar=NAME).user.check_password(MINE)


def test_a_child_on_a_phone_sized_desk_is_asked_for_the_guardian(
    browser: Browser, live_server: LiveServer, cohort: Cohort
):
    clerk = MembershipFactory(role=RoleName.REGISTRAR, center=cohort.center).user
    desk = entered(browser, live_server.url, clerk, viewport=PHONE, locale="ar").new_page()
    desk.goto(f"{live_server.url}/admin/desk/")
    desk.fill("[name=number]", national_number(YOUNG))
    desk.fill("[name=full_name_ar]", NAME)
    desk.check("[name=agrees]")
    desk.press("[name=number]", "Enter")

    expect(desk.locator("[name=guardian_name]")).to_be_focused()
    keep(desk, "desk-guardian-phone-ar", full_page=True)
    assert findings(desk, "main") == []
    assert not Person.objects.filter(full_name_ar=NAME).exists()
