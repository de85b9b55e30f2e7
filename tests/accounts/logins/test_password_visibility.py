"""A password can be looked at while it is typed, where a script runs."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Browser, expect

MODULE = Path(settings.BASE_DIR) / "lms" / "assets" / "js" / "passwords.js"


@pytest.fixture
def sign_up_page(client: Client, db: None) -> str:
    with override("ar"):
        return client.get(reverse("account_signup")).content.decode()


def test_without_a_script_nothing_is_offered(sign_up_page: str):
    buttons = sign_up_page.split('<button class="field__show"')[1:]

    assert len(buttons) == 2
    assert all(" hidden>" in button.partition("</button>")[0] for button in buttons)
    assert "js/passwords" in sign_up_page


@pytest.mark.browser("a button that a script shows")
def test_a_press_shows_the_password_another_hides_it_and_sending_does(sign_up_page: str, browser: Browser):
    page = browser.new_page()
    page.set_content(sign_up_page)
    page.add_script_tag(content=MODULE.read_text(), type="module")
    field = page.locator("[name=password1]")
    button = page.locator("[data-shows]").first
    expect(button).to_be_visible()

    button.click()
    expect(field).to_have_attribute("type", "text")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(field).to_have_attribute("type", "password")

    button.click()
    page.evaluate("document.forms[0].dispatchEvent(new Event('submit'))")
    expect(field).to_have_attribute("type", "password")
    page.close()
