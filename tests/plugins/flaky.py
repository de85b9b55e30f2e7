"""Runs what failed in a slow tier once more, by itself, after all others: what passes then is flaky, and named (`--once-more`).

Processes, encoders and a browser depend on real time, and a test of them may fail where another one takes the machine. The
run stays green then, and the test is listed in its last lines and in `var/flaky.json`: it is a fault to be found. More than
`MOST` failed tests are no chance: none is run again. `make test` repeats nothing.
"""

import datetime as dt
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter

MOST = 2
LIST = Path(__file__).parents[2] / "var" / "flaky.json"
# Entries that the list keeps, the newest.
KEPT = 100
# pytest-xdist writes the group of a test behind its name.
GROUP = re.compile(r"@[^@\[\]]+$")


class Flaky:
    """Runs where results are printed."""

    def __init__(self, root: Path, flaky: Path = LIST) -> None:
        self._root = root
        self._list = flaky
        self._failed: dict[str, str] = {}
        self._again = ""
        self.flaky: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            last = str(report.longrepr).strip().splitlines()[-1:] or [""]
            self._failed.setdefault(GROUP.sub("", report.nodeid), last[0])

    # Before those that fail a run which is green: they judge this one, too.
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if exitstatus != pytest.ExitCode.TESTS_FAILED or not 0 < len(self._failed) <= MOST:
            return
        self.flaky = [test for test in self._failed if self._passes(test)]
        if self.flaky:
            self._write_down()
        if self.flaky == list(self._failed):
            session.exitstatus = pytest.ExitCode.OK

    def _passes(self, test: str) -> bool:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:randomly", "--fail-on-skip", "--no-header", test],
            cwd=self._root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self._again += run.stdout
        return run.returncode == pytest.ExitCode.OK

    def _write_down(self) -> None:
        known = json.loads(self._list.read_text()) if self._list.exists() else []
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        known += [{"at": now, "test": test, "fault": self._failed[test]} for test in self.flaky]
        self._list.parent.mkdir(exist_ok=True)
        self._list.write_text(json.dumps(known[-KEPT:], indent=1, ensure_ascii=False) + "\n")

    # Last, because the end of a log is what is kept of it.
    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        if self._again:
            terminalreporter.section("once more")
            terminalreporter.write(self._again)
        if len(self._failed) > MOST:
            terminalreporter.line(f"{len(self._failed)} failed: too many for chance, none was run once more.")
        for test in self.flaky:
            terminalreporter.line(f"flaky: {test}: {self._failed[test]}", yellow=True)
