"""A class that joins, a class that lost its connection, and phones that stop reading."""

import asyncio
import os
import random
from dataclasses import dataclass

from scripts.bench_live import servers
from scripts.bench_live.clients import (
    Client,
    Speaker,
    Tally,
    connect,
    connect_all,
    cpu_seconds,
    resident_bytes,
)

JOIN_SECONDS = float(os.environ.get("JOIN_SECONDS", "30"))
JOIN_RATE = 2.0
STORM_RATE = 10.0
SETTLE_SECONDS = 2.0
STALLED_RATE = float(os.environ.get("STALLED_RATE", "50"))
# More than a socket may leave unconfirmed.
STALLED_MESSAGES = 800


@dataclass(frozen=True)
class Storm:
    clients: int
    cpu: float
    # Until the last was in.
    seconds: float
    # From connecting to the welcome.
    p50: float
    p99: float
    lost: int
    duplicated: int


def _missing(clients: list[Client], said: int) -> int:
    return sum(said - (client.last or 0) for client in clients)


def _storm(clients: int, cpu: float, seconds: float, waits: list[float], tally: Tally, missing: int) -> Storm:
    waits.sort()
    return Storm(
        clients=clients,
        cpu=cpu,
        seconds=seconds,
        p50=waits[len(waits) // 2],
        p99=waits[int(len(waits) * 0.99)],
        lost=tally.lost + missing,
        duplicated=tally.duplicated,
    )


async def join_storm(server: servers.Server, count: int, seconds: float = JOIN_SECONDS) -> Storm:
    """`count` newcomers at random moments of `seconds`, into a class that talks."""
    loop = asyncio.get_running_loop()
    tally = Tally()
    speaker = Speaker(await connect(0, server.port, Tally(), is_ours=True), "ours")
    # A class that has talked for a while: every newcomer is shown its last messages.
    await speaker.talk(50, 1.5)
    used, began = cpu_seconds(server.pid), loop.time()
    talking = asyncio.create_task(speaker.talk(JOIN_RATE, seconds))

    async def newcomer(number: int) -> Client:
        await asyncio.sleep(random.random() * seconds)  # noqa: S311 - no secret
        return await connect(number, server.port, tally, is_ours=True)

    clients = await asyncio.gather(*(newcomer(number) for number in range(1, count + 1)))
    lasted = loop.time() - began
    await talking
    await asyncio.sleep(SETTLE_SECONDS)
    used = cpu_seconds(server.pid) - used
    waits = [client.came_in.result() for client in clients]
    missing = _missing(clients, speaker.said)
    for client in [speaker.client, *clients]:
        client.transport.abort()
    return _storm(count, used, lasted, waits, tally, missing)


async def come_back(client: Client, tally: Tally) -> Client:
    """As lms/assets/js/room/connection.js does: full jitter, twice as long each time."""
    attempt = 0
    while True:
        most = min(30, 2**attempt)
        await asyncio.sleep(0.5 + random.random() * (most - 0.5))  # noqa: S311 - no secret
        attempt += 1
        try:
            return await connect(
                client.number, client.port, tally, is_ours=True, last=client.last, patience=10
            )
        except (OSError, TimeoutError, asyncio.CancelledError):
            continue


async def reconnect_storm(server: servers.Server, count: int) -> Storm:
    """`count` members lose their connection at the same moment, while the class goes on."""
    loop = asyncio.get_running_loop()
    tally = Tally()
    speaker = Speaker(await connect(0, server.port, Tally(), is_ours=True), "ours")
    clients = await connect_all(range(1, count + 1), server.port, tally, is_ours=True)
    talking = asyncio.create_task(speaker.talk(STORM_RATE, 6))
    await asyncio.sleep(2)
    used, began = cpu_seconds(server.pid), loop.time()
    for client in clients:
        client.transport.abort()
    clients = await asyncio.gather(*(come_back(client, tally) for client in clients))
    lasted = loop.time() - began
    used = cpu_seconds(server.pid) - used
    await talking
    await asyncio.sleep(SETTLE_SECONDS)
    waits = [client.came_in.result() for client in clients]
    missing = _missing(clients, speaker.said)
    for client in [speaker.client, *clients]:
        client.transport.abort()
    return _storm(count, used, lasted, waits, tally, missing)


@dataclass(frozen=True)
class Stall:
    p50: float
    p99: float
    megabytes: float
    # Close codes of those that stopped reading.
    codes: dict[int, int]
    lost: int
    duplicated: int


async def stall(server: servers.Server, *, reading: int, stalled: int, stops: bool) -> Stall:
    """`stalled` members stop reading (where `stops`) while much is said, then read what they have and come back."""
    tally, slow = Tally(), Tally()
    speaker = Speaker(await connect(0, server.port, Tally(), is_ours=True), "ours")
    readers = await connect_all(range(1, reading + 1), server.port, tally, is_ours=True)
    phones = await connect_all(range(reading + 1, reading + stalled + 1), server.port, slow, is_ours=True)
    await speaker.talk(STALLED_RATE, 1)
    await asyncio.sleep(0.5)
    tally.forget()
    before = most = resident_bytes(server.pid)
    if stops:
        for phone in phones:
            phone.transport.pause_reading()
    talking = asyncio.create_task(speaker.talk(STALLED_RATE, STALLED_MESSAGES / STALLED_RATE))
    while not talking.done():
        await asyncio.wait([talking], timeout=0.25)
        most = max(most, resident_bytes(server.pid))
    await asyncio.sleep(0.5)
    p50, p99 = tally.percentile(0.5), tally.percentile(0.99)
    codes: dict[int, int] = {}
    if stops:
        for phone in phones:
            phone.transport.resume_reading()
        for code in await asyncio.gather(*(asyncio.wait_for(phone.closed, 30) for phone in phones)):
            codes[code] = codes.get(code, 0) + 1
        phones = await asyncio.gather(*(come_back(phone, slow) for phone in phones))
        await asyncio.sleep(SETTLE_SECONDS)
    everyone = [*readers, *phones]
    missing = _missing(everyone, speaker.said)
    for client in [speaker.client, *everyone]:
        client.transport.abort()
    return Stall(
        p50=p50,
        p99=p99,
        megabytes=(most - before) / 1e6,
        codes=codes,
        lost=tally.lost + slow.lost + missing,
        duplicated=tally.duplicated + slow.duplicated,
    )
