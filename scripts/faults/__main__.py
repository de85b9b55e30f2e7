"""`python -m scripts.faults storm disk ...`: each fault in each mode of `MODES`, on a site of its own.

The last line is one JSON object; the exit status is 1 when anything was not as it has to be.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from lms.embedded.environment import ROOT
from scripts.faults.sites import EMBEDDED, SCALED, site_instance

MODES = os.environ.get("MODES", f"{EMBEDDED},{SCALED}").split(",")
# Of the disk that is filled: the database, the site's files and its films, with something to spare.
DISK = "1200m"
# Asked for by `run` of itself, inside of a mount namespace.
INSIDE = "--in"
ON_A_DISK = 'mount -t tmpfs -o "size=$1,mode=711" tmpfs "$2" && shift 2 && exec "$@"'


def run(fault: str, mode: str) -> int:
    with tempfile.TemporaryDirectory(prefix="mihna-") as folder:
        inside = [sys.executable, "-m", "scripts.faults", INSIDE, folder, fault, mode]
        outside = ["unshare", "--mount", "sh", "-c", ON_A_DISK, "sh", DISK, folder] if fault == "disk" else []
        return subprocess.run([*outside, *inside], cwd=ROOT, check=False).returncode


def run_inside(folder: Path, fault: str, mode: str) -> int:
    # The account of the database passes through it.
    folder.chmod(0o711)
    module = ["scripts.faults.storm"] if fault == "storm" else ["scripts.faults.outages", fault]
    with site_instance(mode, folder) as environment:
        return subprocess.run(
            [sys.executable, "-m", *module], cwd=ROOT, env=environment, check=False
        ).returncode


def main() -> int:
    if sys.argv[1] == INSIDE:
        return run_inside(Path(sys.argv[2]), *sys.argv[3:])
    wrong = [f"{fault} ({mode})" for fault in sys.argv[1:] for mode in MODES if run(fault, mode)]
    print(json.dumps({"faults": sys.argv[1:], "modes": MODES, "wrong": wrong}))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
