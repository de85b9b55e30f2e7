"""Two runs of pytest. `--raises-reach`: which tests reach which site. `--raises-delete`: each site is an item, which passes
when a test that reaches it fails without its statement.
"""

import json
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import hypothesis
import pytest
from _pytest.runner import runtestprotocol

from accounts.errors import DomainError
from scripts.raises.excuses import EXCUSES
from scripts.raises.sites import ROOT, Site, deleted, functions_of, inner_codes, sites_under

# A test that runs for ten times as long as before, and a minute more, waits for something: it failed.
PATIENCE = 10
SECONDS_MORE = 60
# Reruns for one site. Those that reach a rule in passing are many, and each costs its time.
MOST_TESTS = 8


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("raises")
    group.addoption("--raises-reach", metavar="FOLDER", help="write there which tests reach which site")
    group.addoption("--raises-delete", metavar="FOLDER", help="delete each site that a file of reaches names")
    group.addoption("--raises-sites", default="", help="only the sites in these folders, by space")


def pytest_configure(config: pytest.Config) -> None:
    if folder := config.getoption("raises_reach"):
        config.pluginmanager.register(Reaches(config, Path(folder)))
    if folder := config.getoption("raises_delete"):
        config.pluginmanager.register(Deletions(config, Path(folder)))


def _sites(config: pytest.Config) -> dict[str, Site]:
    return sites_under([ROOT / folder for folder in config.getoption("raises_sites").split()])


class Reaches:
    """Watches the lines of the sites, and no others: it costs next to nothing."""

    def __init__(self, config: pytest.Config, folder: Path) -> None:
        self.config, self.folder = config, folder
        self.test = ""
        self.by_line: dict[tuple[str, int], Site] = {}
        self.reached: dict[str, set[str]] = defaultdict(set)
        self.seconds: dict[str, float] = defaultdict(float)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.sites = _sites(self.config)
        self.by_line = {
            (site.path, line): site
            for site in self.sites.values()
            for line in range(site.lines[0], site.lines[1] + 1)
        }
        monitoring = sys.monitoring
        monitoring.use_tool_id(monitoring.PROFILER_ID, "raises")
        monitoring.register_callback(monitoring.PROFILER_ID, monitoring.events.LINE, self._line)
        for site in self.sites.values():
            waiting = [function.__code__ for function in functions_of(site)]
            while waiting:
                code = waiting.pop()
                monitoring.set_local_events(monitoring.PROFILER_ID, code, monitoring.events.LINE)
                waiting += inner_codes(code)

    def _line(self, code: CodeType, line: int) -> Any:
        site = self.by_line.get((code.co_filename, line))
        if site is None:
            return sys.monitoring.DISABLE
        if self.test and is_reached(site, sys._getframe(1)):
            self.reached[site.name].add(self.test)
        return None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.test = item.nodeid
        began = time.monotonic()
        try:
            return (yield)
        finally:
            self.seconds[self.test] = time.monotonic() - began
            self.test = ""

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        if not self.by_line:  # the process that only hands out the tests
            return
        told = {
            "sites": {site.name: site.place for site in self.sites.values()},
            "reached": {name: sorted(tests) for name, tests in self.reached.items()},
            "seconds": self.seconds,
        }
        (self.folder / f"reach-{os.getpid()}.json").write_text(json.dumps(told))


def is_reached(site: Site, frame: FrameType) -> bool:
    """A variable that is raised may be an error of another kind, which no site is about."""
    value: Any = frame.f_locals
    for number, name in enumerate(site.raised.split(".")):
        value = getattr(value, name, None) if number else value.get(name)
    return value is None or isinstance(value, DomainError | type)


class Deletions:
    def __init__(self, config: pytest.Config, folder: Path) -> None:
        self.config = config
        # Each failure would be made small, and kept for the next run.
        hypothesis.settings.register_profile(
            "raises",
            parent=hypothesis.settings.get_profile("quick"),
            database=None,
            phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        )
        hypothesis.settings.load_profile("raises")
        plan = json.loads((folder / "plan.json").read_text())
        self.tests: dict[str, list[str]] = plan["tests"]
        self.seconds: dict[str, float] = plan["seconds"]
        self.folder = folder

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        by_id = {item.nodeid: item for item in items}
        order = {nodeid: place for place, nodeid in enumerate(by_id)}
        sites = _sites(self.config)
        found = [
            Deletion.from_parent(
                session,
                name=name,
                site=sites[name],
                tests=[(by_id[test], self.seconds[test]) for test in tests if test in by_id][:MOST_TESTS],
            )
            for name, tests in self.tests.items()
        ]
        # Sites of one module of tests follow each other: its fixtures are made once.
        found.sort(key=lambda site: min((order[test.nodeid] for test, _ in site.tests), default=-1))
        items[:] = found

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        if not isinstance(item, Deletion):
            return None
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        item.ihook.pytest_runtest_logreport(report=item.judged())
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # The process that hands out the sites hears the reports of all others. One by one: a run that is ended early is read, too.
        told = dict(report.user_properties)
        if told and not hasattr(self.config, "workerinput"):
            with (self.folder / "verdicts.jsonl").open("a") as file:
                file.write(json.dumps(told) + "\n")


class Deletion(pytest.Item):
    """One site. It fails, and is a survivor, when no test fails without it."""

    def __init__(self, *, site: Site, tests: list[tuple[pytest.Item, float]], **node: Any) -> None:
        super().__init__(**node)
        self.site, self.tests = site, tests
        # pytest-django makes the database of the tests only where an item asks for it.
        self.add_marker("django_db")

    def reportinfo(self) -> tuple[str, int, str]:
        return self.site.path, self.site.lines[0], self.name

    def runtest(self) -> None:
        """Not called: tests that are set up and torn down within a test would be in each other's way."""

    def judged(self) -> pytest.TestReport:
        began = time.time()
        killer, doubts = self._killer()
        verdict = "killed" if killer else "excused" if self.name in EXCUSES else "survived"
        told = [f"{self.site.place}: {self.name} {verdict}"]
        told += [f"  {test.nodeid} does not fail without it" for test, _ in self.tests]
        told += [f"  it says nothing, as it fails with it, too: {doubt}" for doubt in doubts]
        if killer and self.name in EXCUSES:
            told = [f"{self.site.place}: {self.name} needs its excuse no longer: {killer} fails without it"]
        is_well = bool(killer) != (self.name in EXCUSES)
        return pytest.TestReport(
            nodeid=self.nodeid,
            location=self.location,
            keywords={},
            outcome="passed" if is_well else "failed",
            longrepr=None if is_well else "\n".join(told),
            when="call",
            start=began,
            stop=time.time(),
            duration=time.time() - began,
            user_properties=[("site", self.name), ("verdict", verdict), ("killer", killer)],
        )

    def _killer(self) -> tuple[str, list[str]]:
        """The test that passes with the statement and fails without it; and those that do not even pass with it."""
        doubts = []
        for test, seconds in self.tests:
            self.session._setupstate.teardown_exact(test)
            # First as it is: it makes what the module and the session share, which no deletion may spoil.
            if fault := fault_of(test):
                doubts.append(f"{test.nodeid}: {fault}")
                continue
            with deleted(self.site), alarm(seconds * PATIENCE + SECONDS_MORE):
                is_killed = bool(fault_of(test))
            if is_killed:
                return test.nodeid, doubts
        return "", doubts


def fault_of(test: pytest.Item) -> str:
    """The last line of what it ends with, empty where it passes."""
    # The parent as the next item: what the module and the class share is kept, what the test made is torn down.
    parent: Any = test.parent
    reports: Sequence[pytest.TestReport] = runtestprotocol(test, log=False, nextitem=parent)
    for report in reports:
        if not report.passed:
            crash = getattr(report.longrepr, "reprcrash", None)
            return str(crash.message if crash else report.longrepr or report.outcome)[:300]
    return ""


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    def rang(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError("the test does not end without the statement")

    before = signal.signal(signal.SIGALRM, rang)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
