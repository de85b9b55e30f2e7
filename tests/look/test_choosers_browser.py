"""What was chosen or typed in a form of the workplace stays, and can be changed and taken back."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from wagtail.images import get_image_model
from wagtail.models import Site

from accounts.models import User, VisualIdentity
from tests.browser_pages import DESK, PHONE, entered, keep
from tests.factories.accounts import PersonFactory
from tests.factories.certificates_legacy import picture
from tests.factories.courses import CohortFactory
from tests.served_site import ON_SITE

pytestmark = [
    pytest.mark.browser("scripts of Wagtail's choosers that start in a certain order"),
    pytest.mark.django_db(transaction=True),
    ON_SITE,
]


def test_another_person_can_be_chosen_and_a_logo_taken_off(browser: Browser, site: str, superuser: User):
    CohortFactory()
    PersonFactory(full_name_en="Amina Hassan Ali Omar")
    PersonFactory(full_name_en="Hany Mahmoud Sayed Ragab")
    image = get_image_model().objects.create(title="Mark", file=ContentFile(picture(), name="mark.png"))
    VisualIdentity.objects.update_or_create(site=Site.objects.get(), defaults={"logo": image})
    context = entered(browser, site, superuser, viewport=DESK, locale="en")
    page = context.new_page()

    enroll_another(page, f"{site}{reverse('enrollment:add')}")
    identity = reverse("wagtailsettings:edit", args=["accounts", "visualidentity"])
    take_the_logo_off(page, f"{site}{identity}")

    assert VisualIdentity.objects.get().logo is None
    context.close()


def enroll_another(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Choose a person").click()
    page.locator(".modal").get_by_role("link", name="Amina Hassan Ali Omar").click()
    chosen = page.locator(".chooser", has_text="Amina Hassan Ali Omar")
    chosen.get_by_role("button", name="Actions").click()
    page.get_by_role("button", name="Choose another person").click()
    page.locator(".modal").get_by_role("link", name="Hany Mahmoud Sayed Ragab").click()
    expect(page.locator(".modal")).to_have_count(0)
    expect(page.locator("#id_person-title")).to_have_text("Hany Mahmoud Sayed Ragab")


def take_the_logo_off(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#id_logo-chooser").get_by_role("button", name="Actions").click()
    page.get_by_role("button", name="Clear choice").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messages .success")).to_be_visible()


def test_a_moment_that_was_typed_stays_and_its_picker_fits_a_phone(
    browser: Browser, site: str, superuser: User
):
    context = entered(browser, site, superuser, viewport=PHONE, locale="ar-EG")
    page = context.new_page()
    page.goto(f"{site}{reverse('livesession:add')}")
    starts = page.locator("#id_starts_at")

    starts.click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_be_visible()
    keep(page, "picker-on-a-phone")
    picker = page.locator(".xdsoft_datetimepicker:visible").bounding_box()
    starts.fill("30/11/2026 10:00")
    page.locator("#id_title").focus()

    assert 0 <= picker["x"] <= picker["x"] + picker["width"] <= PHONE["width"]
    expect(starts).to_have_value("30/11/2026 10:00")
    context.close()
