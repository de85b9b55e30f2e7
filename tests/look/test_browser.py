"""Styles that only a real browser can check."""

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.browser_pages import AXE, entered
from tests.bundles import bundle

pytestmark = [
    pytest.mark.browser("layout, colors and fonts as rendered"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module", autouse=True)
def style_sheet() -> None:
    """The sheets as they are now."""
    bundle()


@pytest.mark.parametrize(
    ("width", "language"),
    [
        (320, "ar"),
        *(
            pytest.param(*look, marks=pytest.mark.browser("another look of the same pages", nightly=True))
            for look in ((320, "en"), (360, "ar"), (360, "en"), (1280, "ar"), (1280, "en"))
        ),
    ],
)
def test_no_page_scrolls_sideways(
    browser: Browser, live_server: LiveServer, superuser: User, language: str, width: int
):
    context = entered(browser, live_server.url, superuser, viewport={"width": width, "height": 640})
    page = context.new_page()

    for address in ("styleguide/", "accounts/logout/", "nowhere/"):
        page.goto(f"{live_server.url}/{language}/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") == width, address

    context.close()


@pytest.mark.parametrize(
    ("width", "language", "scheme"),
    [
        (360, "ar", "light"),
        (1280, "en", "dark"),
        *(
            pytest.param(*look, marks=pytest.mark.browser("another look of the same pages", nightly=True))
            for look in (
                (360, "ar", "dark"),
                (360, "en", "light"),
                (360, "en", "dark"),
                (1280, "ar", "light"),
                (1280, "ar", "dark"),
                (1280, "en", "light"),
            )
        ),
    ],
)
def test_axe_finds_nothing(
    browser: Browser, live_server: LiveServer, superuser: User, width: int, language: str, scheme: str
):
    client = Client()
    client.force_login(superuser)
    context = browser.new_context(
        viewport={"width": width, "height": 640}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    visited = {}

    for address in (
        "accounts/login/",
        "accounts/signup/",
        "accounts/password/reset/",
        "nowhere/",
        "styleguide/",
    ):
        if address == "styleguide/":
            context.add_cookies(
                [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
            )
        page.goto(f"{live_server.url}/{language}/{address}")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run()")
        visited[address] = [
            (violation["id"], violation["nodes"][0]["html"]) for violation in found["violations"]
        ]

    assert visited == {address: [] for address in visited}
    context.close()


def test_a_tape_grows_from_the_reading_side(browser: Browser, live_server: LiveServer, superuser: User):
    context = entered(browser, live_server.url, superuser, viewport={"width": 360, "height": 640})
    page = context.new_page()

    directions = []
    for language in ("ar", "en"):
        page.goto(f"{live_server.url}/{language}/styleguide/")
        directions.append(page.locator(".tape progress").first.evaluate("e => getComputedStyle(e).direction"))

    assert directions == ["rtl", "ltr"]
    context.close()


def test_the_keyboard_meets_the_skip_link_first_and_a_dialog_gives_focus_back(
    browser: Browser, live_server: LiveServer, superuser: User
):
    context = entered(browser, live_server.url, superuser, viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(f"{live_server.url}/ar/styleguide/")

    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.locator("a[data-dialog=leave]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#leave")).to_have_js_property("open", True)
    page.keyboard.press("Escape")
    expect(page.locator("a[data-dialog=leave]").first).to_be_focused()
    context.close()
