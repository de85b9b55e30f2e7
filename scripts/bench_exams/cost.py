"""What one save costs in processor time of server and database, next to a bare view that writes one row."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg

from lms.embedded.environment import ROOT
from scripts.bench_database import new_database
from scripts.bench_exams.world import Exam
from scripts.bench_pages.servers import Server, serve

ROUNDS = int(os.environ.get("ROUNDS", "9"))
REQUESTS = int(os.environ.get("REQUESTS", "40"))
BARE_DATABASE = "mihna_bench_bare_writer"

# Run in a process of its own, since a process has one configuration: makes the tables, a user and its session.
_PREPARE = """
import scripts.bench_exams.bare_writer
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0, interactive=False)
call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
client = Client()
client.force_login(get_user_model().objects.create_user("bare"))
print(client.cookies["sessionid"].value)
"""


@contextmanager
def bare_writer() -> Iterator[tuple[Server, str]]:
    """A bare site in a database of its own, and the session of who is logged in there."""
    owner = os.environ["DATABASE_OWNER_URL"]
    with new_database(BARE_DATABASE, template=""):
        environment = {"BARE_DATABASE_URL": f"{owner.rpartition('/')[0]}/{BARE_DATABASE}"}
        done = subprocess.run(
            [sys.executable, "-c", _PREPARE],
            cwd=ROOT,
            env={**os.environ, **environment},
            check=True,
            capture_output=True,
            text=True,
        )
        session = done.stdout.split()[-1]
        with serve("scripts.bench_exams.bare_writer", environment, database=BARE_DATABASE) as server:
            yield server, session


def post(server: Server, path: str, headers: dict[str, str], body: str) -> Any:
    server.connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
    response = server.connection.getresponse()
    text = response.read()
    if response.status not in (200, 302):
        raise RuntimeError(f"{path} answered {response.status}: {text[:200]!r}")
    return response.headers.get("Location") or text


def cost_of_saving(exam: Exam, *, site: Server, option: str) -> dict[str, float]:
    """Medians of the rounds, in milliseconds of processor time. The last examinee starts and saves."""
    person = exam.examinees[-1]
    headers = {"Cookie": person.cookie, "X-CSRFToken": person.token}
    address = post(site, exam.start, headers, "")
    changes = f"{address}changes/"
    seq = 0
    costs: dict[str, list[float]] = {"autosave_ms": [], "bare_ms": []}
    with ExitStack() as stack:
        bare, session = stack.enter_context(bare_writer())
        owner = stack.enter_context(psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True))
        token = "a" * 32
        bare_headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}
        for number in range(ROUNDS + 1):
            for name in ("autosave_ms", "bare_ms") if number % 2 else ("bare_ms", "autosave_ms"):
                server = site if name == "autosave_ms" else bare
                used = server.cpu_ms(owner)
                for _request in range(REQUESTS):
                    seq += 1
                    body = json.dumps({"epoch": 1, "changes": [{"seq": seq, "slot": 0, "response": option}]})
                    if server is site:
                        post(site, changes, headers, body)
                    else:
                        post(bare, "/", bare_headers, body)
                # The first round warms both up.
                if number:
                    costs[name].append((server.cpu_ms(owner) - used) / REQUESTS)
    return {name: round(statistics.median(found), 2) for name, found in costs.items()}
