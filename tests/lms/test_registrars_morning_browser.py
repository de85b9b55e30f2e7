"""A registrar's morning by keyboard alone: the pointer is never used, and nothing is clicked from outside."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from wagtail.users.models import UserProfile

from accounts.enums import RoleName
from accounts.folding import fold_arabic
from accounts.models import Person
from courses.enums import CohortState, EnrollmentState
from courses.models import ClassSession, Cohort
from tests.accounts.people.numbers import national_number
from tests.browser_pages import DESK, entered, findings
from tests.bundles import bundle
from tests.courses.pages.test_desk import BORN, NAME
from tests.factories.accounts import PersonFactory, staff_member
from tests.factories.courses import ClassSessionFactory, EnrollmentFactory, taught_cohort

pytestmark = [
    pytest.mark.browser("which element has the focus after each key"),
    pytest.mark.django_db(transaction=True),
]

TRAINEES = ("أمل سامي", "بسمة فؤاد", "جميل حسن")
SECRET = "own-words-7431"
J, X, B, SLASH = "KeyJ", "KeyX", "KeyB", "Slash"


def go(page: Page, key: str = "Enter") -> None:
    """Press a key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def tab_to(page: Page, selector: str) -> None:
    for _ in range(80):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by the Tab key")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.closest('tr, li').textContent")


@pytest.fixture
def cohort() -> Cohort:
    bundle()
    cohort = taught_cohort(lessons=1)
    Cohort.objects.filter(pk=cohort.pk).update(
        state=CohortState.RUNNING,
        starts_on=timezone.localdate() - dt.timedelta(days=3),
        late_entry_days=7,
        seats_taken=len(TRAINEES),
    )
    cohort.refresh_from_db()
    for name in TRAINEES:
        person = PersonFactory(
            registered_at=cohort.center, full_name_ar=name, full_name_en="", folded_name=fold_arabic(name)
        )
        EnrollmentFactory(cohort=cohort, person=person)
    ClassSessionFactory(cohort=cohort, starts_at=timezone.now() - dt.timedelta(days=2))
    return cohort


def test_a_registrars_morning_needs_no_pointer(browser: Browser, live_server: LiveServer, cohort: Cohort):
    clerk = staff_member(RoleName.REGISTRAR, cohort.center)
    clerk.set_password(SECRET)
    clerk.save()
    page = browser.new_context(viewport=DESK, locale="ar").new_page()

    sign_in(page, live_server.url, clerk.username)
    record_the_first_sheet(page)
    find_a_person(page, "بسمة")
    register_and_enroll(page, cohort)
    withdraw_two(page, cohort)

    assert ClassSession.objects.get().locked_at is not None
    assert cohort.enrollments.filter(person__full_name_ar=NAME).exists()
    left = cohort.enrollments.filter(state=EnrollmentState.WITHDRAWN)
    assert {enrollment.person.full_name_ar for enrollment in left} == {"أمل سامي", "جميل حسن"}


def sign_in(page: Page, site: str, login: str) -> None:
    page.goto(f"{site}{reverse('account_login')}?next={reverse('wagtailadmin_home')}")
    tab_to(page, "[name=login]")
    page.keyboard.type(login)
    tab_to(page, "[name=password]")
    page.keyboard.type(SECRET)
    go(page)
    expect(page.locator(".work")).to_be_visible()


def record_the_first_sheet(page: Page) -> None:
    page.keyboard.press(J)
    go(page)
    sheet = page.url
    for button in ("rest_present", "lock"):
        tab_to(page, f"button[name={button}]")
        go(page)
        expect(page.locator(".messages .success")).to_be_visible()
    assert page.url == sheet


def search(page: Page, text: str) -> None:
    """Search, and open what is found first."""
    go(page, SLASH)
    page.keyboard.press(SLASH)
    expect(page.locator("#find-typed")).to_be_focused()
    page.keyboard.type(text)
    go(page)
    page.keyboard.press(J)
    assert text in focused(page)
    go(page)


def to_row(page: Page, name: str) -> None:
    for _ in range(10):
        page.keyboard.press(J)
        if name in focused(page):
            return
    raise AssertionError(f"{name} is not reached by j")


def find_a_person(page: Page, name: str) -> None:
    search(page, name)
    expect(page.locator("h1").first).to_contain_text(name)


def register_and_enroll(page: Page, cohort: Cohort) -> None:
    tab_to(page, f"a[href='{reverse('desk')}']")
    go(page)
    tab_to(page, "[name=number]")
    page.keyboard.type(national_number(BORN))
    tab_to(page, "[name=full_name_ar]")
    page.keyboard.type(NAME)
    tab_to(page, "[name=phone]")
    page.keyboard.type("01012345678")
    tab_to(page, "[name=cohort]")
    page.keyboard.type(cohort.code)
    tab_to(page, "[name=agrees]")
    page.keyboard.press("Space")
    go(page)
    expect(page.locator(".slip")).to_contain_text(NAME)


def withdraw_two(page: Page, cohort: Cohort) -> None:
    search(page, cohort.code)
    tab_to(page, f"a[href='{reverse('cohort:people', args=[cohort.pk])}']")
    go(page)
    for name in ("أمل سامي", "جميل حسن"):
        to_row(page, name)
        page.keyboard.press(X)
        expect(page.locator(":focus")).to_be_checked()
    expect(page.locator("[name=chosen]:checked")).to_have_count(2)
    assert findings(page, "main") == []
    page.keyboard.press(B)
    tab_to(page, f"button[formaction='{reverse('cohort:withdraw_many', args=[cohort.pk])}']")
    go(page)
    expect(page.locator("form [name=seen]")).to_be_attached()
    tab_to(page, "[name=withdrawn_for]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=reason]")
    page.keyboard.type("انتقلا إلى محافظة أخرى")
    go(page)
    expect(page.locator(".messages .success")).to_be_visible()


def test_the_keys_are_listed_and_can_be_switched_off(
    browser: Browser, live_server: LiveServer, cohort: Cohort
):
    clerk = staff_member(RoleName.REGISTRAR, cohort.center)
    page = entered(browser, live_server.url, clerk, viewport=DESK, locale="ar").new_page()
    page.goto(f"{live_server.url}{reverse('person:index')}")

    # The menu is made by a script of its own.
    page.locator("[data-a11y-dialog-show=keyboard-shortcuts-dialog]").wait_for(state="attached")
    # Shift and the key of the slash, as an Arabic keyboard writes them.
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', "
        "{key: '؟', code: 'Slash', shiftKey: true, bubbles: true}))"
    )
    listed = page.locator("#keyboard-shortcuts-dialog")
    expect(listed).to_contain_text("الصف التالي")
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    page.keyboard.press(J)
    first = focused(page)
    go(page)
    page.wait_for_url(f"**{reverse('person:inspect', args=[named_in(first).pk])}")
    UserProfile.objects.update_or_create(user=clerk, defaults={"keyboard_shortcuts": False})
    page.goto(f"{live_server.url}{reverse('person:index')}")
    page.keyboard.press(J)

    assert page.evaluate("document.activeElement === document.body")


def named_in(text: str) -> Person:
    return next(person for person in Person.objects.all() if str(person) in text)
