"""`make bench BENCH=live`: every figure of docs/explanation/live-kernel.md, then one JSON object as the last line.

`CLIENTS=50,100 SECONDS=3 STORM=100` make it small; so do `JOIN_SECONDS=5 STALLED_RATE=200 WARM_UP_SECONDS=1`. Processor time is that of the server process alone, user and system,
read from its clock; a message counts once it has reached a client.
"""

import asyncio
import json
import os
import platform
import sys

from scripts.bench_live import servers, storms
from scripts.bench_live.fan_out import CONTENDERS, Figures, run

SIZES = [int(size) for size in os.environ.get("CLIENTS", "200,500,1000").split(",")]
SECONDS = float(os.environ.get("SECONDS", "8"))
# Newcomers in 30 s; twice as many lose their connection.
STORM = int(os.environ.get("STORM", "1000"))
READING, STALLED = 80, 20


def print_line(*words: object) -> None:
    print(*words, flush=True)


async def fan_out() -> dict[str, Figures]:
    """Return the figures at the largest size."""
    head = f"{'':42} clients  us each  delivered/s     of   p50 ms   p99 ms  core  kB each  lost  twice"
    print_line(head)
    found: dict[str, Figures] = {}
    for size in SIZES:
        for contender in CONTENDERS:
            figures = await run(contender, size, SECONDS)
            found[contender.key] = figures
            print_line(
                f"{contender.title:42} {size:7} {figures.microseconds:8.1f} {figures.per_second:12.0f} "
                f"{figures.expected_per_second:6.0f} {figures.p50:8.1f} {figures.p99:8.1f} {figures.core:5.2f} "
                f"{figures.kilobytes:8.1f} {figures.lost:5} {figures.duplicated:6}"
            )
    return found


async def run_storms() -> list[storms.Storm | storms.Stall]:
    done: list[storms.Storm | storms.Stall] = []
    for server in ("uvicorn", "daphne"):
        with servers.ours(server=server) as started:
            storm = await storms.join_storm(started, STORM)
        done.append(storm)
        print_line(
            f"{server}: {storm.clients} came in within {storm.seconds:.1f} s: {storm.cpu:.2f} s of processor, "
            f"{storm.cpu / storm.clients * 1000:.2f} ms each; welcomed after {storm.p50 * 1000:.0f} ms (p50), "
            f"{storm.p99 * 1000:.0f} ms (p99); lost {storm.lost}, twice {storm.duplicated}"
        )
        with servers.ours(server=server) as started:
            storm = await storms.reconnect_storm(started, 2 * STORM)
        done.append(storm)
        print_line(
            f"{server}: {storm.clients} lost their line at once, all back after {storm.seconds:.1f} s: "
            f"{storm.cpu:.2f} s of processor; welcomed after {storm.p50 * 1000:.0f} ms (p50), "
            f"{storm.p99 * 1000:.0f} ms (p99); lost {storm.lost}, twice {storm.duplicated}"
        )
    for server in ("uvicorn", "daphne"):
        stalls = {}
        for stops in (False, True):
            with servers.ours(server=server) as started:
                stalls[stops] = await storms.stall(started, reading=READING, stalled=STALLED, stops=stops)
        done += stalls.values()
        without, with_them = stalls[False], stalls[True]
        print_line(
            f"{server}: {STALLED} of {READING + STALLED} stop reading: server grew by {with_them.megabytes:.1f} MB "
            f"({without.megabytes:.1f} MB when all read), p99 of the others {with_them.p99:.1f} ms "
            f"({without.p99:.1f} ms, ratio {with_them.p99 / without.p99:.2f}), closed by {with_them.codes}; "
            f"lost {with_them.lost}, twice {with_them.duplicated}"
        )
    return done


async def main() -> None:
    print_line(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, frames of 190 bytes, {SECONDS:g} s each"
    )
    found = await fan_out()
    done = await run_storms()
    costs = {key: figures.microseconds for key, figures in found.items()}
    print_line(
        f"at {SIZES[-1]} clients: ours/broadcast {costs['ours_us'] / costs['broadcast_us']:.2f} (at most 2.0), "
        f"documented/ours {costs['documented_us'] / costs['ours_us']:.1f} (at least 10), "
        f"unbatched/batched {costs['ours_busy_us'] / costs['ours_batched_us']:.1f} busy, "
        f"{costs['ours_us'] / costs['ours_batched_us']:.1f} against the lively class (at least 3)"
    )
    ours = [figures for key, figures in found.items() if key.startswith("ours")]
    names = ["ours_us", "ours_batched_us", "ours_daphne_us", "documented_us", "broadcast_us"]
    print_line(
        json.dumps(
            {name: round(costs[name], 1) for name in names}
            | {
                "lost": sum(one.lost for one in [*ours, *done]),
                "duplicated": sum(one.duplicated for one in [*ours, *done]),
            }
        )
    )


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
