"""`python -m scripts.faults storm disk ...`: each fault in each mode of `MODES`, on grounds of its own.

The last line is one JSON object; the exit status is 1 when anything was not as it has to be.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from lms.embedded.environment import ROOT
from scripts.faults.sites import EMBEDDED, SCALED, grounds

MODES = os.environ.get("MODES", f"{EMBEDDED},{SCALED}").split(",")


def run(fault: str, mode: str) -> int:
    with tempfile.TemporaryDirectory(prefix="mihna-") as folder:
        # The account of the database passes through it.
        Path(folder).chmod(0o711)
        with grounds(mode, Path(folder)) as environment:
            command = [sys.executable, "-m", f"scripts.faults.{fault}"]
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def main() -> int:
    wrong = [f"{fault} ({mode})" for fault in sys.argv[1:] for mode in MODES if run(fault, mode)]
    print(json.dumps({"faults": sys.argv[1:], "modes": MODES, "wrong": wrong}))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
