"""Counts the requests of authorization tests, in one line at the end of a run.

A test of `tests/project/authorization` says what it tried by `record_property("authorization requests", 120)`; what a run tried
outside the rule fails its test, and is named there.
"""

from collections import Counter

import pytest
from _pytest.terminal import TerminalReporter

PREFIX = "authorization "


class Tally:
    """Runs where results are printed: adds up what tests recorded."""

    def __init__(self) -> None:
        self._tried: Counter[str] = Counter()
        self._failed = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call":
            return
        tried = {name: count for name, count in report.user_properties if name.startswith(PREFIX)}
        for name, count in tried.items():
            self._tried[name.removeprefix(PREFIX)] += int(str(count))
        self._failed += bool(tried) and report.failed

    # Last, because the end of a log is what is kept of it.
    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        if self._tried:
            tried = ", ".join(f"{count} {name}" for name, count in sorted(self._tried.items()))
            terminalreporter.line(
                f"authorization: tried {tried}; {self._failed} tests found one outside the rule"
            )
