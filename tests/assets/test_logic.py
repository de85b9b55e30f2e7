"""The logic of the pages' scripts, tested in Node.js without a page: `node --test tests/assets/player/*.test.js`."""

import subprocess
from pathlib import Path

import pytest

from tests.programs import node

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    "file", sorted(HERE.rglob("*.test.js")), ids=lambda file: str(file.relative_to(HERE))
)
def test_the_logic_holds(file: Path):
    command = [node(), "--test", "--test-reporter=spec", str(file)]

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stdout + done.stderr
