"""One speaker, many listeners: what a delivery costs and how long it takes."""

import asyncio
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

from scripts.bench_live import servers
from scripts.bench_live.clients import Speaker, Tally, connect, connect_all, cpu_seconds, resident_bytes

# A lively class; and one where everybody answers at once, which is what batching is for.
RATE = 5.0
BUSY_RATE = 20.0
WARM_UP_SECONDS = float(os.environ.get("WARM_UP_SECONDS", "2"))


@dataclass(frozen=True)
class Contender:
    key: str
    title: str
    # How its clients speak: ours, documented, broadcast.
    kind: str
    start: Callable[[], AbstractContextManager[servers.Server]]
    rate: float = RATE


CONTENDERS = [
    Contender("broadcast_us", "websockets.broadcast", "broadcast", servers.broadcast),
    Contender("ours_us", "our room, uvicorn", "ours", partial(servers.ours, is_batched=False)),
    Contender("ours_busy_us", "our room, uvicorn, busy, unbatched", "ours", partial(servers.ours, is_batched=False), BUSY_RATE),
    Contender("ours_batched_us", "our room, uvicorn, busy, batched", "ours", servers.ours, BUSY_RATE),
    Contender("ours_daphne_us", "our room, daphne", "ours", partial(servers.ours, server="daphne", is_batched=False)),
    Contender("ours_daphne_batched_us", "our room, daphne, busy, batched", "ours", partial(servers.ours, server="daphne"), BUSY_RATE),
    Contender("documented_us", "group_send over Redis, uvicorn", "documented", servers.documented),
]  # fmt: skip


@dataclass(frozen=True)
class Figures:
    microseconds: float
    per_second: float
    expected_per_second: float
    p50: float
    p99: float
    core: float
    kilobytes: float
    lost: int
    duplicated: int


async def measure(contender: Contender, server: servers.Server, clients: int, seconds: float) -> Figures:
    tally = Tally()
    is_ours = contender.kind == "ours"
    before = resident_bytes(server.pid)
    # The speaker receives its own messages, too; they are not counted.
    speaker = Speaker(await connect(0, server.port, Tally(), is_ours=is_ours), contender.kind)
    listeners = await connect_all(range(1, clients + 1), server.port, tally, is_ours=is_ours)
    loop = asyncio.get_running_loop()
    talking = asyncio.create_task(speaker.talk(contender.rate, WARM_UP_SECONDS + seconds))
    await asyncio.sleep(WARM_UP_SECONDS)
    tally.forget()
    used, began = cpu_seconds(server.pid), loop.time()
    await talking
    # What is on its way arrives; who is overloaded is not waited for.
    await asyncio.sleep(0.5)
    used, lasted = cpu_seconds(server.pid) - used, loop.time() - began
    p50, p99, delivered = tally.percentile(0.5), tally.percentile(0.99), tally.delivered
    size = resident_bytes(server.pid) - before
    missing = sum(speaker.said - (listener.last or 0) for listener in listeners)
    for client in [speaker.client, *listeners]:
        client.transport.abort()
    return Figures(
        microseconds=used / max(1, delivered) * 1e6,
        per_second=delivered / lasted,
        expected_per_second=contender.rate * clients,
        p50=p50,
        p99=p99,
        core=used / lasted,
        kilobytes=size / clients / 1024,
        lost=tally.lost + missing,
        duplicated=tally.duplicated,
    )


async def run(contender: Contender, clients: int, seconds: float) -> Figures:
    with contender.start() as server:
        return await measure(contender, server, clients, seconds)
