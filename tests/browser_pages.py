"""Helpers of browser tests: common screen sizes, a logged-in browser, saved screenshots."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import User

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = Path(settings.BASE_DIR) / "var" / "screenshots"
PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}


def entered(browser: Browser, address: str, user: User, **facts: Any) -> BrowserContext:
    """A context of its own in which `user` is logged in to the site at `address`."""
    client = Client()
    client.force_login(user)
    context = browser.new_context(**facts)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])
    return context


def keep(page: Page, name: str, *, full_page: bool = False) -> None:
    """Keep a picture among the tests' output. Nothing may be wider than the screen."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=full_page)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], name


def findings(page: Page, within: str = "html") -> list[str]:
    """What axe finds in a part of the page, with the element of each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = page.evaluate("within => axe.run(within)", within)["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in violations]
