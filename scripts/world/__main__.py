"""`make world`: histories in as many processes as there are cores, until so many acts are done or the time is over.

`ACTS=20000`, `SECONDS=840` from when the stage is built, `STEPS=150` of a history, `WORKERS=2`, `SEED=1`; each history has a seed of its own, and `SEED=... HISTORIES=1
WORKERS=1` repeats one. `BARS=no` asks only that nothing is violated (a short run cannot do each act 30 times). Violations are printed by
their sentence, with the seed, the step and the acts before. The last line is one JSON object; the status is 1 where a bar is not met.
"""

import json
import multiprocessing
import os
import queue
import sys
import time
from collections import Counter
from typing import Any

from scripts.world.process import work

ACTS = int(os.environ.get("ACTS", "20000"))
SECONDS = int(os.environ.get("SECONDS", "840"))
STEPS = int(os.environ.get("STEPS", "150"))
WORKERS = int(os.environ.get("WORKERS", "2"))
SEED = int(os.environ.get("SEED", "1"))
HISTORIES = int(os.environ.get("HISTORIES", "1000000"))
HAS_BARS = os.environ.get("BARS", "yes") == "yes"
MOST_SHARE, LEAST_DONE, LEAST_REFUSED = 0.08, 30, 10
SHOWN = 3


def main() -> int:
    start = time.monotonic()
    context = multiprocessing.get_context("spawn")
    seeds: Any = context.Queue()
    results: Any = context.Queue()
    share = max(1, ACTS // (STEPS * 7 // 10))
    for seed in range(SEED, SEED + min(HISTORIES, share * 3)):
        seeds.put(seed)
    workers = [context.Process(target=work, args=(n, seeds, results, SECONDS)) for n in range(WORKERS)]
    for worker in workers:
        worker.start()
    tallies: list[dict[str, Any]] = []
    while len(tallies) < len(workers):
        try:
            tallies.append(results.get(timeout=5)[1])
        except queue.Empty:
            if not any(worker.is_alive() for worker in workers):
                break
    for worker in workers:
        worker.join()
    return report(tallies, is_whole=len(tallies) == len(workers), seconds=time.monotonic() - start)


def report(tallies: list[dict[str, Any]], *, is_whole: bool, seconds: float) -> int:
    done, refused, refusals = Counter[str](), Counter[str](), Counter[str]()
    violations, errors, histories, papers, events = [], [], 0, 0, set()
    names: set[str] = set()
    for tally in tallies:
        done.update(tally["done"])
        refused.update(tally["refused"])
        refusals.update(tally["refusals"])
        violations += tally["violations"]
        errors += tally["errors"]
        histories += tally["histories"]
        papers += tally["with_paper"]
        events |= set(tally["events"])
        names |= set(tally["names"])
    acts = sum(done.values()) + sum(refused.values())
    for name in sorted(names, key=lambda one: done[one]):
        print(f"{name:34} {done[name]:6} done {refused[name]:6} refused")
    by_sentence = Counter(one["sentence"] for one in violations)
    for sentence, count in by_sentence.most_common():
        print(f"\nVIOLATED {count} times: {sentence}")
        for one in [each for each in violations if each["sentence"] == sentence][:SHOWN]:
            print(f"  seed {one['seed']}, step {one['step']}: {one['what']}")
            print("".join(f"      {line}\n" for line in one["last_acts"][-6:]), end="")
    for error in errors[:SHOWN]:
        print(f"\nERROR {error}")
    people_acts = names - events
    least = min(people_acts, key=lambda one: done[one])
    least_refused = min(people_acts, key=lambda one: refused[one])
    most = max(names, key=lambda one: done[one] + refused[one])
    result = {
        "acts": acts,
        "kinds": len(names),
        "histories": histories,
        "with_paper": round(papers / max(1, histories), 2),
        "invariants": tallies[0]["invariants"] if tallies else 0,
        "violations": len(violations),
        "violated": len(by_sentence),
        "errors": len(errors),
        "least_done": {least: done[least]},
        "least_refused": {least_refused: refused[least_refused]},
        "most_share": {most: round((done[most] + refused[most]) / max(1, acts), 3)},
        "seconds": round(seconds),
    }
    print(json.dumps(result))
    is_broad = (
        acts >= ACTS
        and done[least] >= LEAST_DONE
        and refused[least_refused] >= LEAST_REFUSED
        and (done[most] + refused[most]) / max(1, acts) <= MOST_SHARE
        and papers * 3 >= histories
    )
    return 0 if is_whole and histories and not violations and not errors and (is_broad or not HAS_BARS) else 1


if __name__ == "__main__":
    sys.exit(main())
