"""The weight of a first view: transferred bytes, and requests."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from tests.browser_pages import PHONE

KILOBYTE = 1000


@dataclass(repr=False)
class Weight:
    """Counts every request of a page that crosses the wire."""

    requests: dict[str, tuple[str, int]] = field(default_factory=dict)
    kinds: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, page: Page) -> "Weight":
        devtools = page.context.new_cdp_session(page)
        weight = cls()
        devtools.send("Network.enable")
        devtools.on("Network.responseReceived", weight._received)
        devtools.on("Network.loadingFinished", weight._finished)
        return weight

    def _received(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = (event["type"], event["response"]["url"])

    def _finished(self, event: dict[str, Any]) -> None:
        kind, address = self.kinds.get(event["requestId"], ("Other", ""))
        size = int(event["encodedDataLength"])
        # The browser's own icons (data:) and what it already has cross no wire.
        if size and not address.startswith("data:"):
            self.requests[event["requestId"]] = (kind, size)

    def bytes_of(self, *kinds: str) -> int:
        return sum(size for kind, size in self.requests.values() if not kinds or kind in kinds)

    @property
    def is_light(self) -> bool:
        """Whether it keeps to the bar of every page of a trainee."""
        return 0 < self.bytes_of() <= 150 * KILOBYTE and len(self) <= 12

    def __len__(self) -> int:
        return len(self.requests)

    def __repr__(self) -> str:
        rows = (
            f"{size:>7} {kind} {self.kinds.get(key, ('', ''))[1]}"
            for key, (kind, size) in self.requests.items()
        )
        return "\n".join(["", *rows])


def weigh(page: Page, address: str) -> Weight:
    """The weight of the first view of a page: the same cookies, an empty cache."""
    browser = page.context.browser
    assert browser
    fresh = browser.new_context(locale="ar-EG", viewport=PHONE, storage_state=page.context.storage_state())
    first_view = fresh.new_page()
    weight = Weight.of(first_view)
    first_view.goto(address, wait_until="networkidle")
    fresh.close()
    return weight
