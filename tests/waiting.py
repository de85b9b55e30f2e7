"""How tests wait: for a state, with a deadline that a busy machine keeps. Only this module lets time pass (`tests/project/test_waiting.py`)."""

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE_SECONDS = 60


def wait_until(
    condition: Callable[[], Any],
    seconds: float = PATIENCE_SECONDS,
    *,
    page: "Page | None" = None,
    every: float = 0.05,
    report: Callable[[], object] = str,
) -> Any:
    """What `condition` returns, once it is true. The routes and events of `page` are handled meanwhile; `report` says why a wait failed."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, report() or f"not true within {seconds} s"
        _pause(every, page)
    return value


async def becomes_true(condition: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """The same in a test with a loop of its own."""
    async with asyncio.timeout(seconds):
        while not (value := condition()):  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)
        return value


def time_passes(seconds: float, why: str, page: "Page | None" = None) -> None:
    """For a test of which time itself is the subject: `why` says so to its readers."""
    _pause(seconds, page)


def _pause(seconds: float, page: "Page | None") -> None:
    if page is None:
        time.sleep(seconds)
    else:
        page.wait_for_timeout(seconds * 1000)
