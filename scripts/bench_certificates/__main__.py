"""`make bench BENCH=certificates`: what a certificate costs and how many are issued in a second.

Processor time of one process on one core: the five ways take turns in rounds, and the least of each counts. Then a batch
through PostgreSQL, Redis and two Celery workers. The last line is one JSON object. `PAPERS=50 ROUNDS=2 PEOPLE=200` make
it small; `KILL=1` kills one worker in the middle of the batch.
"""

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import django

PAPERS = int(os.environ.get("PAPERS", "200"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
PEOPLE = int(os.environ.get("PEOPLE", "1000"))
KILL = os.environ.get("KILL", "") == "1"
# The slow ways need no large sample.
FEW = 10


def tell(*words: object) -> None:
    print(*words, flush=True)


def ways() -> dict[str, tuple[Callable[[int], bytes], int]]:
    """How a certificate is drawn, and how many of it make a round."""
    from scripts.bench_certificates import pages  # noqa: PLC0415 - the settings are read first
    from scripts.bench_certificates.reference import badge_of, reference_design, sealer_in  # noqa: PLC0415

    design = reference_design()
    sealer = sealer_in(Path(tempfile.mkdtemp(prefix="mihna-bench-")))
    found = {
        "bare": (pages.bare, PAPERS),
        "unsigned": (pages.unsigned(design), PAPERS),
        "sealed": (pages.sealed(design, sealer, badge_of()), PAPERS),
        "naive": (pages.naive, FEW),
    }
    if other := pages.weasyprint():
        found["weasyprint"] = (other, FEW)
    return found


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    django.setup()
    from scripts.bench_certificates.batch import run_batch  # noqa: PLC0415 - the settings are read first
    from scripts.bench_certificates.pages import milliseconds  # noqa: PLC0415

    contenders = ways()
    sizes = {name: len(draw(1)) for name, (draw, _papers) in contenders.items()}
    least = dict.fromkeys(contenders, float("inf"))
    for _round in range(ROUNDS):
        for name, (draw, papers) in contenders.items():
            least[name] = min(least[name], milliseconds(draw, papers))
    for name, cost in least.items():
        tell(
            f"{name:10} {cost:8.2f} ms  {1000 / cost:7.1f} a second and core  {cost / least['bare']:6.1f} times bare"
            f"  {sizes[name] / 1000:6.1f} kB"
        )
    batch = run_batch(PEOPLE, kill=KILL)
    tell(json.dumps(batch))
    tell(
        json.dumps(
            {
                **{f"{name}_ms": round(cost, 3) for name, cost in least.items()},
                "batch_per_s": round(batch["per_second"], 1),
                "bytes": sizes["sealed"],
            }
        )
    )


if __name__ == "__main__":
    main()
