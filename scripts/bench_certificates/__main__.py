"""`make bench BENCH=certificates`: what a certificate costs and how many are issued in a second.

Processor time of one process on one core: the ways take turns in rounds, and the least of each counts. Then a batch
through PostgreSQL, Redis and two Celery workers. The last line is one JSON object. `PAPERS=50 ROUNDS=2 PEOPLE=200` make
it small; `KILL=1` kills one worker in the middle of the batch.
"""

import dataclasses
import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
django.setup()

from scripts.bench_certificates.batch import measure  # noqa: E402 - needs the app registry
from scripts.bench_certificates.pages import (  # noqa: E402
    bare,
    issued_way,
    milliseconds,
    naive,
    unsigned,
    weasyprint_way,
)

PAPERS = int(os.environ.get("PAPERS", "200"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
PEOPLE = int(os.environ.get("PEOPLE", "1000"))
KILL = os.environ.get("KILL", "") == "1"
# The slow ways need no large sample.
FEW = 10


def print_line(*words: object) -> None:
    print(*words, flush=True)


def main() -> None:
    ways = {
        "bare": (bare, PAPERS),
        "unsigned": (unsigned, PAPERS),
        "sealed": (issued_way(), PAPERS),
        "naive": (naive, FEW),
    }
    if other := weasyprint_way():
        ways["weasyprint"] = (other, FEW)
    sizes = {name: len(draw(1)) for name, (draw, _papers) in ways.items()}
    least = dict.fromkeys(ways, float("inf"))
    for _round in range(ROUNDS):
        for name, (draw, papers) in ways.items():
            least[name] = min(least[name], milliseconds(draw, papers))
    for name, cost in least.items():
        print_line(
            f"{name:10} {cost:7.2f} ms, {1000 / cost:6.0f} a second and core, {cost / least['bare']:5.1f} times bare,"
            f" {sizes[name] / 1000:4.0f} kB"
        )
    batch = measure(PEOPLE, kill=KILL)
    print_line(json.dumps(dataclasses.asdict(batch)))
    figures = {f"{name}_ms": round(cost, 3) for name, cost in least.items()}
    print_line(json.dumps({**figures, "batch_per_s": batch.per_second, "bytes": sizes["sealed"]}))
    if batch.audit["findings"]:
        sys.exit("The audit found something.")


if __name__ == "__main__":
    main()
