"""Test runs: a slow test needs a reason, one over its budget fails the run, skipped ones are counted."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scripts.benches import SMALL, benches
from scripts.benches import fault_of as fault_of_bench
from tests.external_programs import ROOT
from tests.plugins.costs import Ledger, Meter
from tests.plugins.skips import Skips
from tests.plugins.tiers import Tiers, fault_of, tier_of


def item(*marks: pytest.MarkDecorator, profile: str | None = None) -> Any:
    return SimpleNamespace(
        nodeid="test_one",
        iter_markers=lambda: [decorator.mark for decorator in marks],
        config=SimpleNamespace(getoption=lambda *_: profile),
    )


def report(**facts: Any) -> Any:
    return SimpleNamespace(
        **({"nodeid": "test_one", "skipped": False, "has_budget": True, "cpu_seconds": 0.0} | facts)
    )


def finished(plugin: Any, status: pytest.ExitCode = pytest.ExitCode.OK) -> pytest.ExitCode:
    session: Any = SimpleNamespace(exitstatus=status)
    plugin.pytest_sessionfinish(session)
    return session.exitstatus


# --- Tiers -------------------------------------------------------------------------------------------------------


def test_a_test_without_a_marker_is_in_no_slow_tier():
    assert tier_of(item(pytest.mark.django_db)) is None
    assert fault_of(item(pytest.mark.django_db)) is None


def test_module_and_test_may_both_give_a_reason_for_being_slow():
    marks = [pytest.mark.engines("encodes"), pytest.mark.engines("encodes for minutes", nightly=True)]

    assert tier_of(item(*marks)) == "engines"
    assert fault_of(item(*marks)) is None


@pytest.mark.parametrize(
    "mark", [pytest.mark.browser, pytest.mark.browser(" "), pytest.mark.scaled(nightly=True)]
)
def test_a_slow_test_without_a_reason_ends_the_run(mark: pytest.MarkDecorator):
    with pytest.raises(pytest.UsageError, match="test_one does not say why"):
        Tiers().pytest_collection_modifyitems([item(mark)])


def test_a_test_in_two_tiers_ends_the_run():
    with pytest.raises(pytest.UsageError, match="two tiers: browser, engines"):
        Tiers().pytest_collection_modifyitems([item(pytest.mark.engines("a"), pytest.mark.browser("b"))])


# --- Costs -------------------------------------------------------------------------------------------------------


def spin(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def fixture(scope: str) -> Any:
    """A fixture of pytest as far as the meter looks at it."""
    finalizers: list[Callable[[], None]] = []
    return SimpleNamespace(scope=scope, addfinalizer=finalizers.append, finalizers=finalizers)


def measured(meter: Meter, test: Any, work: Callable[[], None]) -> float:
    """The seconds that a phase of a test costs, in which `work` is done."""
    phase = meter.pytest_runtest_call(test)
    next(phase)
    work()
    with pytest.raises(StopIteration):
        phase.send(None)
    return report_of(meter, test).cpu_seconds


def report_of(meter: Meter, test: Any) -> Any:
    made = meter.pytest_runtest_makereport(test, SimpleNamespace(when="call"))
    next(made)
    with pytest.raises(StopIteration) as ended:
        made.send(SimpleNamespace())
    return ended.value.value


def set_up(meter: Meter, one: Any, work: Callable[[], None]) -> None:
    setting_up = meter.pytest_fixture_setup(one, None)
    try:
        next(setting_up)
        work()
        setting_up.send(None)
    except StopIteration:
        return


def test_what_a_test_does_is_its_cost():
    test = item()
    test.stash = pytest.Stash()

    assert measured(Meter(), test, lambda: spin(0.1)) == pytest.approx(0.1, abs=0.05)


@pytest.mark.parametrize(("scope", "cost"), [("function", 0.1), ("module", 0.0), ("session", 0.0)])
def test_fixtures_of_several_tests_cost_the_first_of_them_nothing(scope: str, cost: float):
    test, meter = item(), Meter()
    test.stash = pytest.Stash()

    spent = measured(meter, test, lambda: set_up(meter, fixture(scope), lambda: spin(0.1)))

    assert spent == pytest.approx(cost, abs=0.05)


def test_the_end_of_a_shared_fixture_costs_the_last_test_nothing():
    test, meter, shared = item(), Meter(), fixture("session")
    test.stash = pytest.Stash()
    set_up(meter, shared, lambda: shared.addfinalizer(lambda: spin(0.1)))

    spent = measured(meter, test, lambda: [finalizer() for finalizer in reversed(shared.finalizers)])

    assert spent == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize(
    ("ci", "status"),
    [("true", pytest.ExitCode.TESTS_FAILED), ("", pytest.ExitCode.OK)],
    ids=["CI", "elsewhere"],
)
def test_a_test_over_its_budget_is_named_and_fails_its_run_in_ci(
    ci: str, status: pytest.ExitCode, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CI", ci)
    ledger, lines = Ledger(), []
    for seconds in (0.6, 0.5):
        ledger.pytest_runtest_logreport(report(cpu_seconds=seconds))
    ledger.pytest_runtest_logreport(report(nodeid="test_cheap", cpu_seconds=0.9))

    ledger.pytest_terminal_summary(SimpleNamespace(section=lambda *_, **__: None, line=lines.append))

    assert finished(ledger) == status
    assert lines[:-1] == ["1.10 s test_one"]


@pytest.mark.parametrize(
    ("runs", "counted"),
    [
        ([[0.9]], [0.9]),
        ([[0.8, 1.2], [0.3, 0.3]], [0.3, 0.3]),
        ([[1.3], [1.2]], [1.2]),
        ([[1.2], [1.3]], [1.2]),
    ],
)
def test_a_test_over_its_budget_runs_again_and_the_cheaper_run_counts(
    runs: list[list[float]], counted: list[float], monkeypatch: pytest.MonkeyPatch
):
    left = [[report(cpu_seconds=seconds, failed=False) for seconds in run] for run in runs]
    monkeypatch.setattr("tests.plugins.costs.runtestprotocol", lambda *_, **__: left.pop(0))
    monkeypatch.setattr("tests.plugins.costs.slowdown", lambda: 1.0)

    logged = logged_by(Meter())

    assert [phase.cpu_seconds for phase in logged] == counted
    assert left == []


@pytest.mark.parametrize("failing", [1, 2])
def test_a_failure_counts_whichever_run_it_is_in(failing: int, monkeypatch: pytest.MonkeyPatch):
    left = [[report(cpu_seconds=1.2, failed=run == failing)] for run in (1, 2)]
    monkeypatch.setattr("tests.plugins.costs.runtestprotocol", lambda *_, **__: left.pop(0))

    assert [phase.failed for phase in logged_by(Meter())] == [True]


def logged_by(meter: Meter) -> list[Any]:
    """The reports that a run of one test ends with."""
    logged: list[Any] = []

    def log(report: Any) -> None:
        logged.append(report)

    hooks = SimpleNamespace(
        pytest_runtest_logstart=lambda **_: None,
        pytest_runtest_logfinish=lambda **_: None,
        pytest_runtest_logreport=log,
    )
    test: Any = SimpleNamespace(nodeid="test_one", location=("", 0, ""), ihook=hooks)
    assert meter.pytest_runtest_protocol(test, None)
    return logged


@pytest.mark.parametrize(("profile", "has_budget"), [(None, True), ("nightly", False)])
def test_five_hundred_examples_of_a_law_may_cost_what_they_cost(profile: str | None, has_budget: bool):
    test = item(profile=profile)
    test.stash = pytest.Stash()

    assert report_of(Meter(), test).has_budget == has_budget


def test_a_slow_tier_has_no_budget():
    ledger = Ledger()
    ledger.pytest_runtest_logreport(report(has_budget=False, cpu_seconds=60.0))

    assert finished(ledger) == pytest.ExitCode.OK


# --- Skipped tests -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fails", "status"), [(False, pytest.ExitCode.OK), (True, pytest.ExitCode.TESTS_FAILED)]
)
def test_a_skipped_test_is_named_and_fails_the_run_where_it_may_not(fails: bool, status: pytest.ExitCode):
    skips, lines = Skips(fails=fails), []
    skips.pytest_runtest_logreport(report(skipped=True, longrepr=("file", 1, "Skipped: no qpdf")))

    skips.pytest_terminal_summary(
        SimpleNamespace(section=lambda title, **_: lines.append(title), line=lines.append)
    )

    assert finished(skips) == status
    assert lines[0].startswith("1 skipped")
    assert lines[1] == "test_one: no qpdf"


def test_an_expected_failure_is_not_skipped():
    skips = Skips(fails=True)
    skips.pytest_runtest_logreport(report(skipped=True, longrepr="", wasxfail="known"))

    assert finished(skips) == pytest.ExitCode.OK


# --- Flaky tests -------------------------------------------------------------------------------------------------

RUN = """
import pytest
from pathlib import Path
from tests.plugins.flaky import Flaky
from tests.plugins.groups import Groups
from tests.plugins.skips import Skips

def pytest_addoption(parser):
    parser.addoption("--fail-on-skip", action="store_true")

def pytest_configure(config):
    config.pluginmanager.register(Groups())
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Skips(fails=True))
        config.pluginmanager.register(Flaky(config.rootpath, Path("flaky.json")))
"""
TESTS = """
import pytest
from pathlib import Path

@pytest.mark.xdist_group("site")
@pytest.mark.parametrize("fails", FAILS)
def test_one(fails):
    run = Path(f"run{fails}")
    run.write_text(run.read_text() + "I" if run.exists() else "I")
    assert len(run.read_text()) > fails

def test_skipped():
    SKIPS and pytest.skip("no qpdf")
"""


@pytest.mark.engines("runs of pytest in processes of their own")
@pytest.mark.parametrize(
    ("fails", "skips", "status", "flaky"),
    [
        ([0, 1], False, 0, ["test_it.py::test_one[1]"]),
        ([0, 2], False, 1, []),
        ([1, 2], False, 1, ["test_it.py::test_one[1]"]),
        ([1, 2, 3], False, 1, []),
        ([0, 1], True, 1, ["test_it.py::test_one[1]"]),
    ],
    ids=["passes then", "fails again", "one of two", "three", "with a skipped one"],
)
def test_what_failed_runs_once_more_and_is_named_where_it_passes_then(
    fails: list[int], skips: bool, status: int, flaky: list[str], tmp_path: Path
):
    (tmp_path / "pytest.ini").touch()
    (tmp_path / "conftest.py").write_text(RUN)
    (tmp_path / "test_it.py").write_text(f"FAILS, SKIPS = {fails}, {skips}\n{TESTS}")

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "xdist", "-n", "1", "--dist", "loadgroup"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    named = [line.split(": ")[1] for line in run.stdout.splitlines() if line.startswith("flaky: ")]
    written = tmp_path / "flaky.json"
    assert (run.returncode, named) == (status, flaky), run.stdout
    assert ([entry["test"] for entry in json.loads(written.read_text())] if flaky else []) == flaky


# --- Programs ----------------------------------------------------------------------------------------------------


def test_programs_are_looked_for_in_one_place():
    here = Path(__file__).resolve().parents[1]
    looking = [file for file in here.rglob("*.py") if re.search(r"\bwhich\(", file.read_text())]

    assert [str(file.relative_to(here)) for file in looking if file != Path(__file__)] == [
        "external_programs.py"
    ]


# --- Benches -----------------------------------------------------------------------------------------------------


def test_every_bench_has_a_small_form():
    assert set(benches()) == set(SMALL)


@pytest.mark.parametrize(
    ("last", "status", "fault"),
    [('{"a": 1}', 0, ""), ("done", 0, "its last line is no JSON: done"), ('{"a": 1}', 3, "ended with 2")],
)
def test_a_bench_ends_well_and_with_a_line_of_json(
    last: str, status: int, fault: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr("scripts.benches.ROOT", tmp_path)
    (tmp_path / "Makefile").write_text(f"bench:\n\t@echo first; echo '{last}'; exit {status}\n")

    assert fault_of_bench("start").startswith(fault)
    assert bool(fault_of_bench("start")) == bool(fault)
