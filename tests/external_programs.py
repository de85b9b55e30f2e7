"""Programs that tests run: what the set-up brings, and what `scripts/install-debian-packages` installs."""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scripts.set_up import find_node

ROOT = Path(__file__).resolve().parents[1]
_PATH = f"{os.environ['PATH']}:/usr/sbin"
_ON_A_SMALL_DISK = """
set -e
folder=$1 size=$2; shift 2
kept=$(mktemp -d)
cp -a "$folder/." "$kept/"
mount -t tmpfs -o "size=$size" tmpfs "$folder"
cp -a "$kept/." "$folder/"
rm -r "$kept"
exec "$@"
"""


def program(name: str, *, package: str) -> str:
    """The path of a program of a Debian package. Without the package the test is skipped with a message."""
    found = shutil.which(name, path=_PATH)
    if found is None:
        pytest.skip(f"Debian's {package} is not installed")
    return found


def on_a_small_disk(folder: Path, *, size: str) -> list[str]:
    """What to put before a command so that `folder`, with what is in it, is on a disk of `size` (of tmpfs) for it alone.

    Skips the test where this host allows no mount namespaces.
    """
    namespace = ["unshare", "--map-root-user", "--mount"]
    trial = [*namespace, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    if subprocess.run(trial, capture_output=True, check=False).returncode:
        pytest.skip("this host allows no mount namespaces")
    return [*namespace, "sh", "-c", _ON_A_SMALL_DISK, "sh", str(folder), size]


@cache
def node() -> str:
    """The Node.js that the set-up chose: there is always one."""
    found = find_node()
    assert found is not None, "make setup installs Node.js"
    return str(found)


def run_node(*arguments: str | Path, given: str = "") -> str:
    """What a script prints on standard output, given a text on standard input."""
    done = subprocess.run(
        [node(), *map(str, arguments)], input=given, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def ask_node(script: Path, question: object) -> Any:
    """What the script answers (JSON on standard output) to the question (JSON on standard input)."""
    return json.loads(run_node(script, given=json.dumps(question)))
