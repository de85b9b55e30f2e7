"""`make bench BENCH=exams`: what marking and a save cost, an exam of thousands whose servers are killed in the middle, and a corrected key.

`EXAMINEES=200` makes it small, `SECONDS=60 START_SECONDS=10` short; `PARTS=cost` measures the cost of a save alone; the other parts are engine, load and regrade. The last line is one
JSON object.
"""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import django

from lms.embedded.environment import ROOT
from lms.embedded.postgres import Postgres, free_port
from scripts.bench_database import copy_template
from scripts.bench_pages.servers import serve

EXAMINEES = int(os.environ.get("EXAMINEES", "2000"))
PARTS = os.environ.get("PARTS", "engine,cost,load,regrade").split(",")
MINUTES = 60


def prepare(stack: ExitStack, folder: Path) -> tuple[Postgres, int]:
    """A database server of its own, which may be killed, and a site that is ready to be served, with its settings in the environment."""
    postgres = Postgres(folder / "postgres")
    addresses = stack.enter_context(postgres.in_use())
    copy_template(os.environ["DATABASE_OWNER_URL"], addresses.owner)
    port = free_port()
    os.environ |= {
        "DATABASE_URL": addresses.application, "DATABASE_OWNER_URL": addresses.owner,
        "DJANGO_SETTINGS_MODULE": "lms.settings", "VAR_DIR": str(folder / "var"), "SITE_URL": f"http://localhost:{port}",
        "BEHIND_PROXY": "true", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    for part in ("messages", "processed", "control"):
        (folder / "var" / "celery" / part).mkdir(parents=True)
    subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    django.setup()
    return postgres, port


def main() -> None:
    figures: dict[str, Any] = {}
    if "regrade" in PARTS:
        # In the environment as it is: it makes a database of its own.
        figures |= _regrade()
    if {"engine", "cost", "load"} & set(PARTS):
        measured = _measured()
        figures |= {**measured, "faults": figures.get("faults", []) + measured.get("faults", [])}
    print(json.dumps(figures))
    if figures.get("faults"):
        sys.exit(1)


def _regrade() -> dict[str, Any]:
    command = [sys.executable, "-m", "scripts.bench_regrade"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    found = json.loads(done.stdout.splitlines()[-1])
    return {"regrade_s": found["regrade_s"], "regrade_mb": found["grew_mb"], "faults": found["faults"]}


def _measured() -> dict[str, Any]:
    figures: dict[str, Any] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mihna-bench-")))
        folder.chmod(0o755)
        postgres, port = prepare(stack, folder)

        from django.db import connections  # noqa: PLC0415 - needs the set-up

        from assessment.services.freezing import freeze_questions  # noqa: PLC0415 - needs the set-up
        from scripts.bench_exams import cost, engine, load, world  # noqa: PLC0415 - needs the set-up

        stack.callback(connections.close_all)
        if "engine" in PARTS:
            figures |= engine.cost_of_marking()
        people = EXAMINEES if "load" in PARTS else 1
        exam = world.build(people + 1, minutes=MINUTES)
        freeze_questions({"ar": exam.quiz}, language="ar")
        if "cost" in PARTS:
            with serve("lms.wsgi", database=postgres_name(), port=port) as site:
                figures |= cost.cost_of_saving(exam, site=site, option=load.right_option(exam))
        if "load" in PARTS:
            figures |= load.run(exam, postgres=postgres, port=port)
    return figures


def postgres_name() -> str:
    return os.environ["DATABASE_URL"].rpartition("/")[2]


if __name__ == "__main__":
    main()
