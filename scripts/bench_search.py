"""`make bench BENCH=search`: what a search of the catalog costs the database, over 5,000 programs in two languages.

The programs are those of the tests' catalog again and again, each with the words of two; the queries are what people type
to find them. Counted is what `EXPLAIN ANALYZE` says of planning and running, all queries of a search together; `waited_p95_ms`
is the time until the answers were there, which on a busy machine is more. The slowest query is shown with its plan. The last line is one JSON object. `PROGRAMS=500` makes it small.
"""

import json
import os
import random
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import django
import psycopg

from scripts.bench_database import new_database

PROGRAMS = int(os.environ.get("PROGRAMS", "5000"))
ROUNDS = int(os.environ.get("ROUNDS", "1"))
DATABASE = "mihna_bench_search"
BOUND_MS = 50.0


class Asked:
    """The queries of a search, and how long their answers took."""

    def __init__(self) -> None:
        self.queries: list[tuple[str, Any]] = []
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's signature
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - start
            self.queries.append((sql, params))


def cost_of(cursor: Any, query: tuple[str, Any]) -> float:
    """Milliseconds that the database plans and runs a query."""
    sql, params = query
    cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
    [plan] = cursor.fetchone()[0]
    return float(plan["Planning Time"] + plan["Execution Time"])


def measure() -> dict[str, Any]:
    """Fill the database and search it. Django has to be set up."""
    from django.core.management import call_command  # noqa: PLC0415 - needs the set-up
    from django.db import connection  # noqa: PLC0415 - needs the set-up

    from courses.views.catalog_search import search  # noqa: PLC0415 - needs the set-up
    from tests.courses.search.world import build_catalog, pairs  # noqa: PLC0415 - needs the set-up

    call_command("migrate", interactive=False, verbosity=0)
    start = time.perf_counter()
    catalogs = build_catalog(many_of(PROGRAMS))
    filled = time.perf_counter() - start
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")
    costs, waited, numbers = [], [], []
    slowest: tuple[float, tuple[str, Any]] = (0.0, ("", None))
    for _round in range(ROUNDS):
        for pair in pairs():
            asked = Asked()
            with connection.execute_wrapper(asked):
                list(search(catalogs[pair.lang], {"q": pair.q}, None).page)
            with connection.cursor() as cursor:
                each = [(cost_of(cursor, query), query) for query in asked.queries]
            costs.append(sum(cost for cost, _query in each))
            waited.append(asked.seconds * 1000)
            numbers.append(len(each))
            slowest = max([slowest, *each], key=lambda query: query[0])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF) {slowest[1][0]}", slowest[1][1])
        print("The slowest query:", *(line for [line] in cursor.fetchall()), sep="\n  ")
    cuts = statistics.quantiles(costs, n=100)
    return {
        "programs": PROGRAMS,
        "searches": len(costs),
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "most_ms": round(max(costs), 1),
        "waited_p95_ms": round(statistics.quantiles(waited, n=100)[94], 1),
        "most_queries": max(numbers),
        "filled_and_indexed_s": round(filled, 1),
    }


def many_of(count: int) -> dict[str, Any]:
    """The catalog of the tests made larger: programs with the texts of two, taught at some centers."""
    from tests.courses.search.world import read_catalog  # noqa: PLC0415 - needs the set-up

    chance = random.Random(5)  # noqa: S311 - the same world each time
    data = read_catalog()
    centers = [center["code"] for center in data["centers"]]
    programs = []
    for number in range(count):
        one, other = chance.sample(data["programs"], 2)
        words = {
            f"{text}_{language}": f"{one[f'{text}_{language}']} {other[f'{text}_{language}']}"
            for text in ("title", "summary")
            for language in ("ar", "en")
        }
        code = f"{one['code']}-{number}"
        programs.append({**one, **words, "code": code, "centers": chance.sample(centers, 3)})
    return {"centers": data["centers"], "programs": programs}


def main() -> None:
    with ExitStack() as stack:
        stack.enter_context(new_database(DATABASE))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
        django.setup()
        figures = measure()
        from django.db import connections  # noqa: PLC0415 - needs the set-up

        stack.callback(connections.close_all)
    print(json.dumps(figures))
    if figures["p95_ms"] > BOUND_MS:
        raise SystemExit(f"A search takes more than {BOUND_MS:.0f} ms of the database.")


if __name__ == "__main__":
    main()
