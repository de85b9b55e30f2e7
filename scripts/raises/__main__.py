"""`make raises`: APP names the folders whose sites are deleted, ARGS go to pytest and choose the tests.

    make raises                                                    all, by night
    make raises APP="certificates/services accounts" ARGS=tests/certificates

Ends with 1 when a site survives without an excuse. Of all tests (no ARGS), a site that no test reaches is a survivor, too.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from scripts.raises.excuses import EXCUSES
from scripts.raises.sites import APPS, ROOT

# What runs in `make test`.
BEHAVIOR = "not engines and not walks and not browser and not scaled"
PLUGINS = ("-p", "scripts.raises.plugin", "-p", "no:randomly")
PYTEST = (sys.executable, "-m", "pytest", *PLUGINS, "-q", "--no-header")


def main() -> int:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--app", default=APPS, help="folders and files of the sites, by space")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "raises", help="what both runs write")
    parser.add_argument("--workers", default="2")
    options, tests = parser.parse_known_args()
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)

    def run(step: str, *arguments: str) -> None:
        command = [*PYTEST, "-n", options.workers, "--durations=0", "--durations-min=60", *arguments]
        command += [f"--raises-{step}", str(options.folder), "--raises-sites", options.app]
        status = subprocess.run(command, check=False, cwd=ROOT).returncode
        # That tests failed is what the second run is for; its file says which.
        if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            raise SystemExit(f"pytest ended with {status}.")

    run("reach", "-m", BEHAVIOR, *tests)
    places, reached = plan(options.folder)
    if files := sorted({test.partition("::")[0] for found in reached.values() for test in found}):
        run("delete", "--dist", "worksteal", *files)
    return summary(options.folder, places, reached, is_of_all=not tests)


def plan(folder: Path) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Where each site is, and the tests that reach it, cheapest first: from what the workers wrote. Writes it for the second run."""
    places: dict[str, str] = {}
    tests: dict[str, set[str]] = defaultdict(set)
    seconds: dict[str, float] = {}
    for file in folder.glob("reach-*.json"):
        told = json.loads(file.read_text())
        places |= told["sites"]
        seconds |= told["seconds"]
        for name, found in told["reached"].items():
            tests[name] |= set(found)
    if not places:
        raise SystemExit("There is no raise of a refusal here, or no test.")
    reached = {name: sorted(found, key=lambda test: (seconds[test], test)) for name, found in tests.items()}
    (folder / "plan.json").write_text(json.dumps({"tests": reached, "seconds": seconds}))
    return places, reached


def summary(folder: Path, places: dict[str, str], reached: dict[str, list[str]], *, is_of_all: bool) -> int:
    file = folder / "verdicts.jsonl"
    told = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    verdicts = {one["site"]: one["verdict"] for one in told}
    unreached = sorted(places.keys() - reached.keys())
    # A site whose worker died has no verdict.
    survivors = sorted(name for name in reached if verdicts.get(name, "survived") == "survived")
    idle = sorted(name for name, verdict in verdicts.items() if verdict == "killed" and name in EXCUSES)
    unexcused = [name for name in unreached if name not in EXCUSES]
    for name in unexcused:
        print(f"not reached: {places[name]} {name}")
    for name in survivors:
        print(f"survived: {places[name]} {name}")
    for name in idle:
        print(f"needs its excuse no longer: {places[name]} {name}")
    counts = Counter(verdicts.values())
    figures = {
        "raises": len(places),
        "killed": counts["killed"],
        "survived": len(survivors),
        "excused": counts["excused"] + len(unreached) - len(unexcused),
        "not_reached": len(unexcused),
    }
    print(json.dumps(figures))
    return 1 if survivors or idle or (unexcused and is_of_all) else 0


if __name__ == "__main__":
    raise SystemExit(main())
