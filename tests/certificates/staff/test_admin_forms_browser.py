"""Forms of the workplace on a phone: nothing of them is outside the screen, in either direction."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from tests.browser_pages import entered, keep
from tests.factories.certificates import issued, officer_of_the_ministry
from tests.served_site import ON_SITE

pytestmark = [
    pytest.mark.browser("what fits on a phone"),
    ON_SITE,
    pytest.mark.django_db(transaction=True),
]

FIELDS = """[...document.querySelectorAll("input, select, textarea")].filter((one) => one.offsetWidth).map((one) => {
  const { left, right } = one.getBoundingClientRect();
  return [one.name, left, right];
})"""


@pytest.mark.parametrize("width", [360, 390])
def test_the_forms_of_a_certificate_fit_a_phone(browser: Browser, site: str, width: int):
    credential = issued()
    context = entered(
        browser, site, officer_of_the_ministry(), locale="ar", viewport={"width": width, "height": 800}
    )
    page = context.new_page()

    page.goto(f"{site}{reverse('credentials:inspect', args=[credential.pk])}")
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    page.wait_for_selector("textarea[name=note]")

    outside = [name for name, left, right in page.evaluate(FIELDS) if left < 0 or right > width]
    keep(page, f"credential-forms-{width}", full_page=True)
    assert outside == []
