"""`make bench BENCH=messages`: 50,000 notices through a real Kannel that reports, with a cap, a night and killed workers.

The flood of the tests (`tests/accounts/deliveries/flood.py`) in a database of its own. The last line is one JSON object. `MESSAGES=1000` makes it small.
"""

import json
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import django

from scripts.bench_database import new_database

MESSAGES = int(os.environ.get("MESSAGES", "50000"))
DATABASE = "mihna_bench_messages"


def measure() -> dict[str, Any]:
    """Send them. Django has to be set up."""
    from django.core.management import call_command  # noqa: PLC0415 - needs the set-up

    from tests.accounts.deliveries.flood import faults_of, flood  # noqa: PLC0415 - needs the set-up
    from tests.factories.courses import CohortFactory  # noqa: PLC0415 - needs the set-up

    call_command("migrate", interactive=False, verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        found = flood(
            MESSAGES, folder=Path(folder) / "kannel", cohort=CohortFactory(program__title="لحام القوس")
        )
    sent = sum(found.received.values())
    return {
        "notices": found.notices,
        "messages": sent,
        "messages_a_second": round(sent / found.seconds, 1),
        "seconds": round(found.seconds, 1),
        "doubled": found.doubled,
        "open_when_killed": found.killed,
        "by_state": found.by_state,
        "parts": found.parts,
        "parts_of_notices": found.parts_of_notices,
        "cap": found.cap,
        "page_ms_idle_and_busy": found.page_ms,
        "faults": faults_of(found),
    }


def main() -> None:
    with ExitStack() as stack:
        stack.enter_context(new_database(DATABASE))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
        django.setup()
        figures = measure()
        from django.db import connections  # noqa: PLC0415 - needs the set-up

        connections.close_all()
    print(json.dumps(figures))
    if figures["faults"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
