"""A phone that visits the offline verification page and then loses the network."""

from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

PHONE = {"width": 390, "height": 844}
PAGE = "/verify/offline/ar/"


def visited(context: BrowserContext, server: LiveServer) -> Page:
    """The page after a first visit with a network."""
    page = context.new_page()
    page.goto(server.url + PAGE)
    expect(page.locator("[data-is-ready]")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def visited_again(page: Page) -> None:
    page.reload()
    expect(page.locator("[data-is-ready]")).to_be_visible()


def cut_off(context: BrowserContext, server: LiveServer, page: Page) -> None:
    """No network, no server, and the page opened again."""
    context.set_offline(True)
    server.stop()
    visited_again(page)


def verdict_of(page: Page, address: str) -> tuple[str, str]:
    """The state that the page shows for an address, and its text."""
    page.locator("#pasted").fill(address)
    page.locator("[data-answer]").evaluate("answer => delete answer.dataset.state")
    page.locator("[data-paste] button").click()
    expect(page.locator("[data-answer][data-state]")).to_be_visible()
    answer = page.locator("[data-answer]")
    return answer.get_attribute("data-state") or "", answer.inner_text()


def cache_status(page: Page) -> Locator:
    """The text of the page about the cached documents."""
    return page.locator("[data-at-hand]")
