"""Checks a page in Chromium: axe's rules, layout shifts, and whether it is wider than the screen."""

from collections.abc import Iterable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, sync_playwright

SIZES = {"phone": {"width": 360, "height": 640}, "desk": {"width": 1280, "height": 800}}
# Web Vitals call a cumulative layout shift up to 0.1 good; ours is half of it.
MOST_SHIFT = 0.05
# What Wagtail's own templates and scripts break, as (rule, the place holds), in the workplace alone.
WAGTAILS = (
    # Its list of where a picture is used is a table of links and words.
    ("link-in-text-block", "td:nth-child(3) > ul > li > a"),
    # Its editor of text, the mark of who else edits, and the field behind "drop files here" have no names.
    ("aria-input-field-name", ".notranslate"),
    ("button-name", ".w-editing-sessions__session"),
    ("label", "#fileupload"),
    # So has the field of tags, which its script puts in the place of the labeled one.
    ("label", ".ui-autocomplete-input"),
    # The search of its menu and that of a page have the same name.
    ("landmark-unique", "w-h-"),
    # How many rows a filter leaves is a heading that is an alert; the button of its filters is named otherwise than it reads.
    ("aria-allowed-role", 'h2[role="alert"]'),
    ("label-content-name-mismatch", ".w-slim-header-action-button"),
    # Pages without a menu (no preview, not found) have a link to skip to nothing.
    ("skip-link", "a"),
    ("skip-link", ".skiplink"),
    # The table of the steps of a review has a corner.
    ("empty-table-header", ".workflow-progress-table__left-column"),
    ("region", "a"),
    ("region", ".skiplink"),
)
# Its editors build their forms by script, after the page was painted.
WAGTAILS_EDITORS = "/admin/pages/"
_AXE = Path("node_modules/axe-core/axe.min.js")
_SHIFTS = """
window.__shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""


class Seen(NamedTuple):
    """What was seen of a page at a size.

    `rules` are the ids of axe's rules that it breaks with the first place of each, `said` the errors in the browser's console.
    """

    address: str
    size: str
    rules: list[str]
    shift: float
    said: list[str]
    is_too_wide: bool


def is_wagtails(rule: str, address: str) -> bool:
    """Whether a broken rule, told as in `Seen.rules`, is known to be of Wagtail's own markup."""
    name, _, place = rule.partition(": ")
    return "/admin/" in address and any(
        name == one and (holds in place if len(holds) > 1 else place == holds) for one, holds in WAGTAILS
    )


def look_at(addresses: Iterable[str], cookies: CookieJar, chromium: str) -> Iterator[Seen]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for size, viewport in SIZES.items():
            context = browser.new_context(viewport=viewport, bypass_csp=True)  # type: ignore[arg-type]
            context.add_init_script(_SHIFTS)
            _carry(cookies, context)
            page = context.new_page()
            for address in addresses:
                yield _seen(page, address, size)
            context.close()
        browser.close()


def _seen(page: Page, address: str, size: str) -> Seen:
    said: list[str] = []

    def collect(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            said.append(message.text[:160])

    page.on("console", collect)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(300)
    page.remove_listener("console", collect)
    page.add_script_tag(path=_AXE)
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
    return Seen(
        address,
        size,
        [f"{one['id']}: {' '.join(map(str, one['nodes'][0]['target']))}" for one in found],
        page.evaluate("window.__shift"),
        said,
        page.evaluate("document.documentElement.scrollWidth > innerWidth"),
    )


def _carry(cookies: CookieJar, context: BrowserContext) -> None:
    context.add_cookies(
        [
            {
                "name": one.name,
                "value": one.value or "",
                "domain": one.domain.removesuffix(".local"),
                "path": one.path,
            }
            for one in cookies
        ]
    )
