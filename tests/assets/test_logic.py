"""Runs the tests of page scripts in Node.js, without a browser: `node --test tests/assets/player/*.test.js`."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.external_programs import ROOT, node

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    "file", sorted(HERE.rglob("*.test.js")), ids=lambda file: str(file.relative_to(HERE))
)
def test_the_logic_of_page_scripts_passes_in_node(file: Path):
    command = [node(), "--test", "--test-reporter=spec", str(file)]

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stdout + done.stderr


def test_scripts_tested_in_node_are_typed_strictly():
    sources = "".join(file.read_text(encoding="utf-8") for file in HERE.rglob("*.test.js"))

    tested = set(re.findall(r'"(?:\.\./)+(lms/assets/[^"]+)"', sources))

    strict = json.loads((ROOT / "tsconfig.strict.json").read_text(encoding="utf-8"))["files"]
    assert tested - set(strict) == set()
