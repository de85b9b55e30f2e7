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
from tests.factories.certificates import proposed
from tests.factories.courses import ClassSessionFactory, CohortFactory, EnrollmentFactory, ProgramPageFactory
from tests.served_site import ON_SITE

pytestmark = [
    pytest.mark.browser("what is inside the screen of a phone"),
    pytest.mark.django_db(transaction=True),
    ON_SITE,
]
# The letters of a text that are drawn on one line, line by line.
LINES = """
(element) => {
  const range = document.createRange(), lines = new Map();
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (texts.nextNode())
    [...texts.currentNode.data].forEach((letter, at) => {
      range.setStart(texts.currentNode, at);
      range.setEnd(texts.currentNode, at + 1);
      const line = Math.round(range.getBoundingClientRect().bottom);
      lines.set(line, (lines.get(line) ?? "") + letter);
    });
  return [...lines.values()].map((line) => line.trim()).filter(Boolean);
}
"""


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


def test_a_name_in_a_proposal_is_broken_between_words(page: Page, site: str, cohort: Cohort):
    proposal = proposed(cohort)
    name = proposal.rows.get().person.full_name_ar
    page.goto(f"{site}{reverse('proposals:inspect', args=[proposal.pk])}")

    lines = page.locator("td.title").first.evaluate(LINES)

    assert {word for line in lines for word in line.split()} >= set(name.split())
    assert is_on_screen(page.locator(".evidence").first)


def test_the_minutes_of_a_trainee_have_a_label(page: Page, site: str, cohort: Cohort):
    EnrollmentFactory(cohort=cohort)
    session = ClassSessionFactory(cohort=cohort)

    page.goto(f"{site}{reverse('classsession:attendance', args=[session.pk])}")

    label = page.locator(".sheet__minutes .sheet__label")
    expect(label).to_have_text("الدقائق، إن لم تكن الحصة كلها")
    assert label.bounding_box()["width"] > PHONE["width"] / 4
    assert is_on_screen(label)


def test_a_title_in_the_bar_is_read_whole(page: Page, site: str, cohort: Cohort):
    page.goto(f"{site}{reverse('cohort:people', args=[cohort.pk])}")

    title = page.locator(".w-slim-header .w-breadcrumbs li:last-child > a")

    assert "ELE-H2/CAI-03/1" in title.evaluate(LINES)
    assert title.evaluate("(title) => title.scrollHeight - title.clientHeight") <= 1
    assert is_on_screen(title.locator(".w-breadcrumbs__sublabel"))
