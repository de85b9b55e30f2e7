"""`make bench BENCH=pages`: what each page costs, as milliseconds of processor time of the server and the database.

All pages are asked for in turns, a few requests each, over many rounds, and the median of the rounds counts: what else
happens on the machine meets all of them alike. Two bare pages are among them, made here: a view of Django without
middleware, and the start page of `wagtail start`. The world is the demo's, in a database of its own; videos are rows
without files. `catalog_cached` is the catalog as a site answers it that keeps pages for visitors; the site that
answers the rest has that switched off. `PAGES=lesson,live` measures fewer, `ROUNDS=3 REQUESTS=5` is quicker.
The last line is one JSON object.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import django
import psycopg

from lms.embedded.environment import ROOT
from lms.embedded.postgres import free_port
from scripts.bench_database import new_database
from scripts.bench_pages.servers import Server, bare_wagtail, serve

ROUNDS = int(os.environ.get("ROUNDS", "12"))
REQUESTS = int(os.environ.get("REQUESTS", "15"))
PAGES = [name for name in os.environ.get("PAGES", "").split(",") if name]
DATABASE, BARE_DATABASE = "mihna_bench_pages", "mihna_bench_bare"
# Certificates are looked up thirty times a minute by one client.
_clients = count()


def print_line(*words: object) -> None:
    print(*words, flush=True)


def ask(server: Server, path: str, headers: dict[str, str], body: str = "") -> None:
    client = next(_clients)
    headers = {**headers, "X-Forwarded-For": f"10.{client >> 16 & 255}.{client >> 8 & 255}.{client & 255}"}
    server.connection.request("POST" if body else "GET", path, body or None, headers)
    response = server.connection.getresponse()
    response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}, {response.headers.get('Location', '')}")


def prepare(stack: ExitStack, folder: Path) -> int:
    """A site of ours that is ready to be served, with its settings in the environment. The port it has to be served at."""
    port = free_port()
    stack.enter_context(new_database(DATABASE))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "lms.settings", "VAR_DIR": str(folder / "var"), "SITE_URL": f"http://localhost:{port}",
        "BEHIND_PROXY": "true", "PAGE_CACHE_SECONDS": "0", "LOG_LEVEL": "WARNING",
    }  # fmt: skip
    # Tasks are enqueued there; no worker runs them.
    for part in ("messages", "processed", "control"):
        (folder / "var" / "celery" / part).mkdir(parents=True)
    subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    django.setup()
    return port


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mihna-bench-")))
        owner = stack.enter_context(psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True))
        stack.enter_context(new_database(BARE_DATABASE, template=""))
        print_line("Preparing a bare Wagtail site")
        bare = stack.enter_context(bare_wagtail(folder, os.environ["DATABASE_OWNER_URL"]))
        print_line("Preparing our site")
        started = time.monotonic()
        port = prepare(stack, folder)

        from django.db import connections  # noqa: PLC0415 - needs the set-up

        from scripts.bench_pages import world  # noqa: PLC0415 - needs the set-up

        stack.callback(connections.close_all)
        wanted = world.requests(world.build())
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as ours:
            ours.execute("VACUUM ANALYZE")
        print_line(f"The world is built after {time.monotonic() - started:.0f} s")
        sql = {name: world.statements_of(request) for name, request in wanted.items()}

        django_server = stack.enter_context(serve("scripts.bench_pages.bare_django"))
        site = stack.enter_context(serve("lms.wsgi", database=DATABASE, port=port))
        keeping_port = free_port()
        keeps = {"PAGE_CACHE_SECONDS": "60", "SITE_URL": f"http://localhost:{keeping_port}"}
        keeping = stack.enter_context(serve("lms.wsgi", keeps, database=DATABASE, port=keeping_port))
        plain = world.Request("/")
        asked = {
            "bare_django": (django_server, plain),
            "bare_wagtail": (bare, plain),
            "catalog_cached": (keeping, wanted["catalog"]),
            **{name: (site, request) for name, request in wanted.items()},
        }
        if PAGES:
            asked = {name: pair for name, pair in asked.items() if name.startswith("bare") or name in PAGES}
        costs: dict[str, list[float]] = {name: [] for name in asked}
        for number in range(ROUNDS + 1):
            # Who goes first alternates, too.
            for name, (server, request) in list(asked.items())[:: 1 if number % 2 else -1]:
                used = server.cpu_ms(owner)
                for _request in range(REQUESTS):
                    ask(server, request.path, request.headers(), request.body)
                # The first round warms all of them up.
                if number:
                    costs[name].append((server.cpu_ms(owner) - used) / REQUESTS)
            if number:
                print_line(f"round {number}:", *(f"{name} {cost[-1]:.1f}" for name, cost in costs.items()))
    figures = {name: statistics.median(cost) for name, cost in costs.items()}
    for name, cost in figures.items():
        times = cost / figures["bare_wagtail"]
        print_line(
            f"{name:15} {cost:6.2f} ms, {times:5.2f} times bare Wagtail, {sql.get(name, 0):3} statements"
        )
    print_line(json.dumps({**{f"{name}_ms": round(cost, 2) for name, cost in figures.items()}, "sql": sql}))


if __name__ == "__main__":
    main()
