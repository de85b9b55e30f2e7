"""What each test costs: a test of `make test` that uses too much CPU fails its run where `CI` is set, and is named elsewhere.

The cost of a test is the CPU time (user and system, seconds) of its process and of the processes that it started and waited
for. Fixtures of a wider scope than one test are not counted: whichever test comes first would pay for all. Wall time is not
judged, because it says more about the machine than about the test.

The same work costs up to twice the CPU time where another machine uses the other half of a core, and the first test that
comes to a page or a font pays for reading it. So a test over its budget runs again, and the cheaper of the two runs counts.
A machine that does other work, or an old one, shows nothing about a test: there the budget is said and fails nothing.
"""

import os
import resource
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from _pytest.terminal import TerminalReporter

from tests.plugins.tiers import tier_of

BUDGET_SECONDS = 1.0
# What `reference_work` takes on a core that no one else uses, of the machine for which the budget was set.
REFERENCE_SECONDS = 0.0145


def cpu_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def slowdown() -> float:
    """How much more CPU time the same work takes here and now: at least 1."""
    costs = []
    for _time in range(5):
        before = time.process_time()
        reference_work()
        costs.append(time.process_time() - before)
    return max(1.0, statistics.median(costs) / REFERENCE_SECONDS)


def reference_work() -> list[tuple[str, int]]:
    """Numbers, texts and a dictionary, as most tests use them."""
    words: dict[str, int] = {}
    for number in range(60_000):
        key = str(number * 7919 % 10_007)
        words[key] = words.get(key, 0) + len(key)
    return sorted(words.items())


class Meter:
    """Runs where tests run (each worker process): measures the phases of each test."""

    def __init__(self) -> None:
        self._shared = 0.0

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        # Finalizers run last in, first out: the first one added sees the end of the fixture's own.
        leaving: list[float] = []
        fixturedef.addfinalizer(lambda: self._share(leaving.pop()) if leaving else None)
        before, shared_before = cpu_seconds(), self._shared
        try:
            return (yield)
        finally:
            # A shared fixture that asks for another one by name contains it: count it once.
            self._shared = shared_before
            self._share(before)
            fixturedef.addfinalizer(lambda: leaving.append(cpu_seconds()))

    def _share(self, since: float) -> None:
        self._shared += cpu_seconds() - since

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        return (yield from self._measured(item, "setup"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        return (yield from self._measured(item, "call"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        return (yield from self._measured(item, "teardown"))

    def _measured(self, item: pytest.Item, phase: str) -> Iterator[None]:
        before, self._shared = cpu_seconds(), 0.0
        try:
            return (yield)
        finally:
            item.stash.setdefault(COSTS, {})[phase] = cpu_seconds() - before - self._shared

    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        """Run the test as pytest does, and once more if it was over its budget."""
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for report in self._cheaper(item, nextitem):
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def _cheaper(self, item: pytest.Item, nextitem: pytest.Item | None) -> list[pytest.TestReport]:
        """The reports of the run that counts. A failure counts whichever run it is in."""
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
        if not over_budget(reports) or any(report.failed for report in reports):
            return reports
        again = runtestprotocol(item, log=False, nextitem=nextitem)
        if any(report.failed for report in again):
            return again
        cheaper = min(reports, again, key=cost_of)
        share = slowdown()
        for report in cheaper:
            report.cpu_seconds /= share
        return cheaper

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
        report = yield
        # Attributes of a report travel from a worker to the process that prints.
        report.cpu_seconds = item.stash.get(COSTS, {}).get(call.when, 0.0)
        report.has_budget = tier_of(item) is None and not is_nightly(item.config)
        return report


COSTS = pytest.StashKey[dict[str, float]]()


def cost_of(reports: Iterable[Any]) -> float:
    """The seconds of all phases of one run of a test."""
    return sum(report.cpu_seconds for report in reports if report.has_budget)


def over_budget(reports: Iterable[Any]) -> bool:
    return cost_of(reports) > BUDGET_SECONDS


def is_enforced() -> bool:
    """Whether the machine is one that measures: `make ci` sets it, and so do the services that run it."""
    return bool(os.environ.get("CI"))


def is_nightly(config: pytest.Config) -> bool:
    """Whether property tests run with twenty times the examples, as in `make test-all`."""
    return config.getoption("--hypothesis-profile", None) == "nightly"


class Ledger:
    """Runs where results are printed: adds up what tests cost and fails a run in which one was too dear."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if getattr(report, "has_budget", False):
            self._spent[report.nodeid] += report.cpu_seconds

    def over_budget(self) -> list[tuple[float, str]]:
        """Dearest first."""
        dear = [(spent, test) for test, spent in self._spent.items() if spent > BUDGET_SECONDS]
        return sorted(dear, reverse=True)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if is_enforced() and session.exitstatus == pytest.ExitCode.OK and self.over_budget():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    # Last, because the end of a log is what is kept of it.
    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        if not (dear := self.over_budget()):
            return
        color = {"red": True} if is_enforced() else {"yellow": True}
        terminalreporter.section(f"over the budget of {BUDGET_SECONDS:g} s of CPU", bold=True, **color)
        for spent, test in dear:
            terminalreporter.line(f"{spent:.2f} s {test}")
        terminalreporter.line(
            "Make them cheaper, or move them to a slow tier and say why (tests/plugins/tiers.py)."
        )
