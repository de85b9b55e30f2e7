"""How far behind the instructor a class is, and what lost connections and a killed encoder cost, in a real browser.

Runs the test that does it (tests/live/near_live/test_nearly_live_browser.py) `ROUNDS` times; the last line is one JSON object with the
median of each figure. Seconds, by a clock painted into the picture.
"""

import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

TEST = "tests/live/near_live/test_nearly_live_browser.py"
ROUNDS = int(os.environ.get("ROUNDS", "3"))


def main() -> None:
    rounds: dict[str, list[float]] = defaultdict(list)
    for number in range(1, ROUNDS + 1):
        run = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-s",
                "-m",
                "browser",
                "-p",
                "no:randomly",
                TEST,
                "-k",
                "camera_and_slides",
            ],
            cwd=Path(__file__).resolve().parents[1],
            capture_output=True,
            text=True,
            check=False,
        )
        found = [line for line in run.stdout.splitlines() if line.startswith("FIGURES ")]
        if run.returncode or not found:
            sys.exit(run.stdout + run.stderr)
        figures = json.loads(found[0].removeprefix("FIGURES "))
        print(f"round {number}: {figures}", flush=True)
        for name, seconds in figures.items():
            rounds[name].append(seconds)
    print(json.dumps({name: round(statistics.median(values), 2) for name, values in rounds.items()}))


if __name__ == "__main__":
    main()
