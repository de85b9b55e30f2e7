import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from lms.embedded.environment import ROOT


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bootstrap = script("bootstrap")


@pytest.fixture
def fake_python(tmp_path: Path):
    """A program that prints the given answer to the bootstrap."""

    def make(name: str, version: str, *, is_complete: bool = True) -> str:
        program = tmp_path / name
        program.write_text(
            f"#!/bin/sh\necho {version.replace('.', ' ')} {int(is_complete)}\necho {program}\n"
        )
        program.chmod(0o755)
        return str(program)

    return make


def test_a_python_that_is_too_old_is_passed_over(fake_python):
    old, new = fake_python("old", "3.11"), fake_python("new", "3.13")

    assert bootstrap.find_python([old, new]) == new


def test_a_name_that_exists_but_does_not_run_is_passed_over(tmp_path, fake_python):
    shim = tmp_path / "shim"
    shim.write_text("#!/bin/sh\necho 'command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    new = fake_python("new", "3.12")

    assert bootstrap.find_python([str(shim), "/nowhere/python3", new]) == new


def test_a_python_that_can_make_environments_is_preferred(fake_python):
    bare, whole = fake_python("bare", "3.13", is_complete=False), fake_python("whole", "3.12")

    assert bootstrap.find_python([bare, whole]) == whole
    assert bootstrap.find_python([bare]) == bare


def test_without_a_suitable_python_one_line_names_what_to_install(fake_python):
    environment = {**os.environ, "PYTHON": fake_python("old", "3.9")}

    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "bootstrap.py"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "Python 3.12 or newer is needed" in done.stderr
    assert "apt install python3" in done.stderr


def test_an_unchanged_step_is_not_done_again(tmp_path, monkeypatch):
    set_up = script("set_up")
    monkeypatch.setattr(set_up, "VAR", tmp_path)
    (tmp_path / "stamps").mkdir()
    locked, made = tmp_path / "lock", tmp_path / "made"
    locked.write_text("1")
    runs = []

    def attempt() -> int:
        set_up.step("a step", [locked], [made], lambda: (runs.append(1), made.touch()))
        return len(runs)

    assert [attempt(), attempt()] == [1, 1]
    locked.write_text("2")
    assert [attempt(), attempt()] == [2, 2]
    made.unlink()
    assert attempt() == 3


def test_lock_files_name_no_registry():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"].values()
    requirements = [file.read_text() for file in (ROOT / "requirements").glob("*.txt")]

    assert not [package for package in packages if "resolved" in package]
    assert not [text for text in requirements if "://" in text]


def test_every_file_for_browsers_is_in_place():
    set_up = script("set_up")

    assert all((set_up.VENDOR / name).stat().st_size > 500 for name in set_up.BROWSER_FILES)
