"""`make raises` finds the raise that no test asserts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.raises.excuses import EXCUSES
from scripts.raises.sites import APPS, ROOT, Site, deleted, sites_of, sites_under
from tests.project.raises import rules

NAME = "tests.project.raises.rules"


@pytest.fixture(scope="module")
def sites() -> dict[str, Site]:
    return {site.name.removeprefix(f"{NAME}:"): site for site in sites_of(Path(rules.__file__))}


def test_every_raise_of_a_refusal_is_a_site_and_no_other(sites: dict[str, Site]):
    assert list(sites) == [
        "admit:TooYoung",
        "admit:Full",
        "admit_by_variable:refusal",
        "admit_by_call:refusal_to_admit",
        "admit_either:TooYoung if age < 15 else Full",
        "rule_for.check:TooYoung",
        "Door.least:TooYoung",
        "Door.least:Full",
    ]


def test_a_function_runs_without_the_statement_and_with_it_again(sites: dict[str, Site]):
    with deleted(sites["admit:Full"]):
        assert rules.admit(age=15, seats=0) == "admitted"
        with pytest.raises(rules.TooYoung):
            rules.admit(age=14, seats=0)

    with pytest.raises(rules.Full):
        rules.admit(age=15, seats=0)


def test_a_function_in_a_function_runs_without_the_statement(sites: dict[str, Site]):
    with deleted(sites["rule_for.check:TooYoung"]):
        rules.rule_for(15)(14)

    with pytest.raises(rules.TooYoung):
        rules.rule_for(15)(14)


def test_a_getter_and_its_setter_are_told_apart(sites: dict[str, Site]):
    door = rules.Door()
    door.age = -1

    with deleted(sites["Door.least:Full"]):
        door.least = -1
        with pytest.raises(rules.TooYoung):
            _ = door.least


@pytest.mark.engines("runs pytest twice")
def test_the_raise_without_a_test_survives(tmp_path: Path):
    rules_file, examples = (f"tests/project/raises/{name}.py" for name in ("rules", "examples"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST")}

    options = ["--app", rules_file, "--folder", str(tmp_path / "raises"), "--workers", "0"]
    run = subprocess.run(
        [sys.executable, "-m", "scripts.raises", *options, examples],
        check=False,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 1, run.stdout + run.stderr
    survivors = [line for line in run.stdout.splitlines() if line.startswith("survived: ")]
    assert survivors == [f"survived: {rules_file}:20 {NAME}:admit:Full"]
    assert json.loads(run.stdout.splitlines()[-1]) == {
        "raises": 8,
        "killed": 2,
        "survived": 1,
        "excused": 0,
        "not_reached": 5,
    }


def files_named(name: str) -> list[Path]:
    """The file of the module in the name of a site, if it is in one of the apps."""
    place = ROOT.joinpath(*name.partition(":")[0].split("."))
    files = place.with_suffix(".py"), place / "__init__.py"
    return [file for file in files if file.is_file() and file.relative_to(ROOT).parts[0] in APPS.split()]


def test_an_excuse_is_about_a_raise_and_says_why():
    names = sites_under([file for name in EXCUSES for file in files_named(name)])

    assert EXCUSES.keys() - names.keys() == set()
    assert [name for name, why in EXCUSES.items() if len(why.split()) < 4] == []
