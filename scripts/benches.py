"""`make benches`: each value of `make bench BENCH=...` once, small, two at a time, so that none stops working unnoticed. What they measure says nothing.

The last line is one JSON object: the seconds that each took. Ends 1 where one ends with an error, or its last line is no JSON.
"""

import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from lms.embedded.environment import ROOT

# `NAME` of tests/template_database.py, which needs the app registry.
TEMPLATE = "template_for_tests"

# Half of what a bench does is waiting for servers to start and rows to come back.
AT_A_TIME = 2

# What makes each of them small, the long ones first.
SMALL = {
    "exams": {
        "EXAMINEES": "20",
        "START_SECONDS": "12",
        "SECONDS": "10",
        "ROUNDS": "1",
        "REQUESTS": "2",
        "ATTEMPTS": "200",
        "MARKED": "200",
    },
    "live": {
        "CLIENTS": "20",
        "SECONDS": "1",
        "STORM": "20",
        "JOIN_SECONDS": "1",
        "STALLED_RATE": "400",
        "WARM_UP_SECONDS": "0.5",
    },
    "pages": {"ROUNDS": "1", "REQUESTS": "1"},
    "video": {"ROUNDS": "1"},
    "start": {},
    "messages": {"MESSAGES": "200"},
    "transcode": {"ROUNDS": "1", "SECONDS": "2"},
    "certificates": {"PAPERS": "2", "ROUNDS": "1", "PEOPLE": "10"},
    "search": {"PROGRAMS": "100"},
    "figures": {"ENROLLMENTS": "2000"},
    "announcements": {"PEOPLE": "200"},
    "delivery": {"ROUNDS": "1", "VIDEOS": "2"},
}


def benches() -> list[str]:
    """Those of the Makefile, in the order of `SMALL`."""
    names = re.findall(r"^BENCH_(\w+) :=", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return sorted(names, key=list(SMALL).index)


def fault_of(name: str) -> str:
    run = subprocess.run(
        ["make", "--no-print-directory", "bench", f"BENCH={name}"],  # noqa: S607 - the make that runs this
        cwd=ROOT,
        env={**os.environ, "BENCH_TEMPLATE": TEMPLATE, **SMALL[name]},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    last = (run.stdout.splitlines() or [""])[-1]
    if run.returncode:
        return f"ended with {run.returncode}: {last}"
    try:
        json.loads(last)
    except ValueError:
        return f"its last line is no JSON: {last}"
    return ""


def main() -> None:
    wanted = sys.argv[1:] or benches()
    # Benches copy the database of the tests: a migration from nothing takes longer than all that they do.
    subprocess.run(["make", "--no-print-directory", "test-database"], cwd=ROOT, check=True)  # noqa: S607 - the make that runs this
    seconds: dict[str, float] = {}
    faults: dict[str, str] = {}

    def run(name: str) -> None:
        started = time.monotonic()
        if fault := fault_of(name):
            faults[name] = fault
        seconds[name] = round(time.monotonic() - started, 1)
        print(f"{name}: {faults.get(name, 'well')}, {seconds[name]} s", flush=True)

    with ThreadPoolExecutor(AT_A_TIME) as lanes:
        # The first error of `run` itself, if any, ends this one, too.
        list(lanes.map(run, wanted))
    print(json.dumps({"seconds": seconds, "faults": faults}))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
