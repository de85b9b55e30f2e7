"""The tiers of the tests: which command runs a test, and why a test is in a slow one.

A test without a marker runs in `make test`. One of these markers, on a module or a test, moves it:

    @pytest.mark.engines("encodes two seconds of video")         make test-engines
    @pytest.mark.walks("every list, with rows")                  make test-engines
    @pytest.mark.browser("the player shows what hls.js loads")   make test-browser
    @pytest.mark.scaled("two processes meet in Redis")           make test-all

Its first argument says why the test cannot be in `make test`. With `nightly=True` the test runs in `make test-all` only.
"""

from collections.abc import Iterable

import pytest

TIERS = {
    "engines": "real encodes, killed processes, whole servers and their listeners (make test-engines)",
    "walks": "goes through every page, list or act of the site (make test-engines)",
    "browser": "drives a real Chromium (make test-browser)",
    "scaled": "needs Redis, nginx or several processes of the site (make test-all)",
}


class Tiers:
    """Registers the markers and refuses a test that does not say why it is slow."""

    def pytest_configure(self, config: pytest.Config) -> None:
        for name, what in TIERS.items():
            config.addinivalue_line("markers", f"{name}(why, nightly=False): {what}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        faults = sorted({fault for item in items if (fault := fault_of(item))})
        if faults:
            raise pytest.UsageError("\n".join(faults))


def tier_of(item: pytest.Item) -> str | None:
    """The name of the slow tier that an item is in, None for `make test`."""
    return next((mark.name for mark in item.iter_markers() if mark.name in TIERS), None)


def fault_of(item: pytest.Item) -> str | None:
    marks = [mark for mark in item.iter_markers() if mark.name in TIERS]
    if len({mark.name for mark in marks}) > 1:
        return f"{item.nodeid} is in two tiers: {', '.join(sorted({mark.name for mark in marks}))}"
    if not all(says_why(mark.args) for mark in marks):
        return f"{item.nodeid} does not say why it is in the tier of {marks[0].name}"
    return None


def says_why(arguments: Iterable[object]) -> bool:
    return any(isinstance(argument, str) and argument.strip() for argument in arguments)
