"""Pages of the workplace on a phone in Arabic: what a person has to read or to press is inside the screen."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.models import Center, User
from courses.models import Cohort
from tests.browser_pages import PHONE, entered
from tests.factories.accounts import CenterFactory
from tests.factories.courses import CohortFactory, ProgramPageFactory
from tests.served_site import ON_SITE

pytestmark = [
    pytest.mark.browser("what is inside the screen of a phone"),
    pytest.mark.django_db(transaction=True),
    ON_SITE,
]


@pytest.fixture
def center(db: None) -> Center:
    return CenterFactory(name_ar="مركز التدريب المهني بشبرا الخيمة")


@pytest.fixture
def cohort(center: Center) -> Cohort:
    program = ProgramPageFactory(title="التمديدات الكهربائية المنزلية")
    cohort: Cohort = CohortFactory(program=program, center=center, code="ELE-H2/CAI-03/1")
    return cohort


@pytest.fixture
def page(browser: Browser, superuser: User, site: str) -> Iterator[Page]:
    context = entered(browser, site, superuser, viewport=PHONE, locale="ar-EG")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def is_on_screen(element: Locator) -> bool:
    box = element.bounding_box()
    return box is not None and 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"]


def test_the_front_desk_offers_its_seats_and_a_picker_of_the_birth_date(
    page: Page, site: str, cohort: Cohort
):
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{site}{reverse('desk')}")

    page.locator("#id_birth_date").click()
    page.locator(".xdsoft_datetimepicker:visible td[data-date='15']:not(.xdsoft_other_month)").click()

    expect(page.locator("#id_birth_date")).to_have_value(re.compile("15"))
    assert is_on_screen(page.locator("#id_cohort"))
    assert faults == []
