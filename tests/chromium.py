"""Debian's Chromium under Playwright, for the tests that look at pages in a real browser."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserType, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A fake camera and microphone that need no permission.
DEVICES = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Playwright's own loop runs in this thread; Django would take it for async code.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        with launched(playwright.chromium) as browser:
            yield browser
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def launched(kind: BrowserType, *flags: str) -> Iterator[Browser]:
    """A process of its own, where flags make a browser another one."""
    browser = kind.launch(executable_path="/usr/bin/chromium", args=[*FLAGS, *flags])
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def left_closed(browser: Browser) -> Iterator[Browser]:
    """The browser for one test, which leaves no page behind."""
    yield browser
    for context in browser.contexts:
        context.close()
