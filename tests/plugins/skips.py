"""Which tests were skipped: named and counted at the end of each run; with `--fail-on-skip` (CI) they fail it."""

import pytest
from _pytest.terminal import TerminalReporter


class Skips:
    """Runs where results are printed."""

    def __init__(self, *, fails: bool) -> None:
        self._fails = fails
        self._skipped: dict[str, str] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def _note(self, report: pytest.CollectReport | pytest.TestReport) -> None:
        # An expected failure is reported as skipped, too.
        if report.skipped and not hasattr(report, "wasxfail"):
            where = report.longrepr
            reason = where[2] if isinstance(where, tuple) else str(where)
            self._skipped[report.nodeid] = reason.removeprefix("Skipped: ")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._fails and self._skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    # Last, because the end of a log is what is kept of it.
    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        if not self._skipped:
            return
        what = "skipped, which fails this run" if self._fails else "skipped"
        terminalreporter.section(f"{len(self._skipped)} {what}", yellow=not self._fails, red=self._fails)
        for test, reason in sorted(self._skipped.items()):
            terminalreporter.line(f"{test}: {reason}")
