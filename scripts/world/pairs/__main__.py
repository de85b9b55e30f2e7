"""Plays the pairs, and prints what came out as in neither order. The last line is one JSON object; the status is 1 where there is anything to mend.

`PAIR=...` takes those whose name contains it.
"""

import json
import logging
import os
import sys
import tempfile
import time
from pathlib import Path

import django


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()

    from django.conf import settings  # noqa: PLC0415 - needs the set-up

    from scripts.world.pairs import logins, machine, papers, registry, seats  # noqa: F401, PLC0415

    logging.disable(logging.WARNING)
    settings.ERASURE_REGISTER = Path(tempfile.mkdtemp()) / "erasures.jsonl"
    pairs = [one for one in registry.PAIRS if os.environ.get("PAIR", "") in one.name]
    started = time.process_time()
    report = machine.judge(pairs, machine.Report())
    for pair in pairs:
        print(f"{pair.name:70} {report.stops[pair.name]:4} stops; in turn: {report.results[pair.name]}")
    for kind, lines in (("VIOLATED", report.violations), ("ERROR", report.errors)):
        for line in lines:
            print(f"\n{kind} {line}")
    unstopped = [one.name for one in pairs if not report.stops[one.name]]
    figures = {
        "pairs": len(pairs),
        "stops": report.stops.total(),
        "violations": len(report.violations),
        "errors": len(report.errors),
        "unstopped": unstopped,
        "cpu_seconds": round(time.process_time() - started),
    }
    print(json.dumps(figures))
    return 1 if report.violations or report.errors or unstopped or not pairs else 0


if __name__ == "__main__":
    sys.exit(main())
