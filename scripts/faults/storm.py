"""Clients that hang up, and more clients at once than there are threads: `make storm`.

Each kind of request is made `REQUESTS` times a round, `ROUNDS` rounds, `AT_ONCE` requests at a time; each client hangs up
after a random time of up to `PATIENCE` seconds, whatever it was told. Then pages have to answer within a second, and
connections, threads and descriptors have to be back. Then `CROWD` clients ask for signed-in lessons over connections
that stay, for `SECONDS`, without one error.
"""

import asyncio
import contextlib
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable

import django
import httpx
import websockets
from websockets.typing import Origin

django.setup()

from scripts.faults.measures import (  # noqa: E402 - Django is set up before
    Footprint,
    footprint,
    grown,
    visited,
)
from scripts.faults.sites import SiteInstance, served  # noqa: E402
from scripts.faults.world import TOKEN, Login, World, make_world  # noqa: E402

REQUESTS = int(os.environ.get("REQUESTS", "1000"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
AT_ONCE = int(os.environ.get("AT_ONCE", "500"))
PATIENCE = float(os.environ.get("PATIENCE", "15"))
CROWD = int(os.environ.get("CROWD", "200"))
SECONDS = float(os.environ.get("SECONDS", "60"))
HELLO = "0f8e2a91-0000-4000-8000-000000000000"
TRAINEES, STAFF = 50, 5
UPLOADS_OF_ONE = 20
UPLOAD_BYTES = 500_000_000
PIECE_BYTES = 20_000
# How long what was begun may go on before everything has to be back.
SETTLE_SECONDS = 60
PAGE_SECONDS = 1.0
WARM_UP = 30


def print_line(*words: object) -> None:
    print(*words, flush=True)


class Storm:
    """The requests of one site. Statuses that came before the client hung up are counted by kind."""

    def __init__(self, place: SiteInstance, world: World) -> None:
        self.place, self.world = place, world
        self.heard: Counter[str] = Counter()
        self.uploads: asyncio.Queue[tuple[dict[str, str], str]] = asyncio.Queue()
        self.kinds: dict[str, Callable[[float], Awaitable[None]]] = {
            "lesson": self.lesson,
            "post": self.post,
            "stream": self.stream,
            "upload": self.upload,
            "socket": self.socket,
        }

    async def prepare(self) -> None:
        """Announce the uploads that are sent on and on."""
        async with httpx.AsyncClient(base_url=self.place.url, timeout=60) as client:
            for person in self.world.staff:
                for _ in range(UPLOADS_OF_ONE):
                    headers = {
                        "Tus-Resumable": "1.0.0",
                        "Upload-Length": str(UPLOAD_BYTES),
                        "X-CSRFToken": TOKEN,
                    }
                    answer = await client.post("/media/uploads/", headers=headers, cookies=person.cookies)
                    answer.raise_for_status()
                    self.uploads.put_nowait((person.cookies, answer.headers["Location"]))

    async def round(self, *, requests: int = REQUESTS, patience: float = PATIENCE) -> None:
        waiting = [kind for kind in self.kinds for _ in range(requests)]
        random.shuffle(waiting)

        async def client() -> None:
            while waiting:
                kind = waiting.pop()
                try:
                    await self.kinds[kind](random.uniform(0, patience))
                except (OSError, httpx.HTTPError, websockets.WebSocketException) as error:
                    self.heard[f"{kind} {type(error).__name__}"] += 1

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(client())

    async def lesson(self, patience: float) -> None:
        trainee = self._trainee()
        await self._line("lesson", "GET", trainee.lesson, trainee.cookies, patience)

    async def post(self, patience: float) -> None:
        person = random.choice(self.world.trainees)
        path = random.choice(person.done_paths)
        await self._line("post", "POST", path, person.cookies, patience, headers={"Content-Length": "0"})

    async def stream(self, patience: float) -> None:
        path = random.choice(self.world.segments)
        await self._line("stream", "GET", path, {}, patience, headers={"Range": "bytes=0-59999"})

    async def upload(self, patience: float) -> None:
        cookies, path = await self.uploads.get()
        try:
            async with httpx.AsyncClient(base_url=self.place.url, timeout=60, cookies=cookies) as client:
                told = await client.head(path, headers={"Tus-Resumable": "1.0.0"})
            headers = {
                "Tus-Resumable": "1.0.0",
                "Upload-Offset": told.headers.get("Upload-Offset", "0"),
                "Content-Type": "application/offset+octet-stream",
                "Content-Length": str(50 * PIECE_BYTES),
            }
            await self._line("upload", "PATCH", path, cookies, patience, headers=headers, pieces=20)
        finally:
            self.uploads.put_nowait((cookies, path))

    async def socket(self, patience: float) -> None:
        async with httpx.AsyncClient(
            base_url=self.place.url, timeout=60, cookies=self._trainee().cookies
        ) as client:
            answer = await client.post(self.world.ticket, headers={"X-CSRFToken": TOKEN})
        self.heard[f"socket ticket {answer.status_code}"] += 1
        if answer.status_code != httpx.codes.OK:
            return
        address = self.place.url.replace("http", "ws") + "/ws/live/"
        socket = await websockets.connect(
            address, origin=Origin(self.place.url), proxy=None, open_timeout=60, ping_interval=None
        )
        hello = {"type": "hello", "id": HELLO, "ticket": answer.json()["ticket"], "device": "storm-device"}
        await socket.send(json.dumps({**hello, "since": None}))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                frame = json.loads(await socket.recv())
                self.heard[f"socket {frame['type']}"] += 1
                await asyncio.Future()
        socket.transport.abort()

    def _trainee(self) -> Login:
        return random.choice(self.world.trainees)

    async def _line(
        self,
        kind: str,
        method: str,
        path: str,
        cookies: dict[str, str],
        patience: float,
        *,
        headers: dict[str, str] | None = None,
        pieces: int = 0,
    ) -> None:
        """A request over a connection of its own that is dropped after `patience` seconds; a body is sent in `pieces`."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.place.port)
        given = {
            "Host": f"localhost:{self.place.port}",
            "X-CSRFToken": TOKEN,
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            **(headers or {}),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode())

        async def talk() -> None:
            for _ in range(pieces):
                writer.write(bytes(PIECE_BYTES))
                await writer.drain()
                await asyncio.sleep(patience / pieces)
            status = await reader.readline()
            self.heard[f"{kind} {status.split()[1].decode() if status else 'closed'}"] += 1
            await asyncio.Future()

        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await talk()
        finally:
            writer.transport.abort()


def pages(world: World) -> dict[str, tuple[str, dict[str, str]]]:
    """A page of each kind, and whose cookies it is asked with."""
    trainee, member = world.trainees[0].cookies, world.staff[0].cookies
    return {
        "front page": ("/ar/", {}),
        "program": (world.program, {}),
        "login": ("/ar/accounts/login/", {}),
        "my learning": ("/ar/learning/", trainee),
        "lesson": (world.trainees[0].lesson, trainee),
        "live class": (world.room, trainee),
        "uploads": ("/ar/teach/uploads/", member),
        "workplace": ("/admin/", member),
        "readiness": ("/readyz", {}),
    }


def look(place: SiteInstance, world: World) -> list[str]:
    """Ask each page, and return what is wrong with the answers."""
    wrong = []
    for name, (path, cookies) in pages(world).items():
        status, seconds = visited(place.url + path, cookies, within=30)
        print_line(f"    {name:12} {status} in {seconds:.2f} s")
        if status != httpx.codes.OK or seconds > PAGE_SECONDS:
            wrong.append(f"{name}: {status} in {seconds:.2f} s")
    return wrong


async def settled(place: SiteInstance, before: Footprint) -> tuple[Footprint, float]:
    """What is held once it is back to what was held before, or after `SETTLE_SECONDS`."""
    started = time.monotonic()
    while grown(before, now := footprint(place)) and time.monotonic() - started < SETTLE_SECONDS:
        await asyncio.sleep(1)
    return now, time.monotonic() - started


async def hang_ups(place: SiteInstance, world: World) -> list[str]:
    storm = Storm(place, world)
    await storm.prepare()
    # What pools and caches take with the first use is no leak.
    await storm.round(requests=WARM_UP, patience=2)
    await crowd(place, world, clients=50, seconds=5)
    storm.heard.clear()
    before = footprint(place)
    print_line(f"  before: {before}")
    for number in range(1, ROUNDS + 1):
        started = time.monotonic()
        await storm.round()
        print_line(f"  round {number}: {REQUESTS} of each kind in {time.monotonic() - started:.0f} s")
    print_line(f"  heard: {dict(sorted(storm.heard.items()))}")
    after, seconds = await settled(place, before)
    print_line(f"  after {seconds:.0f} s: {after}")
    return [*grown(before, after), *await asyncio.to_thread(look, place, world)]


async def crowd(
    place: SiteInstance, world: World, *, clients: int, seconds: float
) -> tuple[Counter[str], list[float]]:
    """Statuses and seconds of lessons that `clients` ask for at once, each over a connection that stays."""
    heard: Counter[str] = Counter()
    times: list[float] = []
    ends = time.monotonic() + seconds

    async def one(number: int) -> None:
        trainee = world.trainees[number % len(world.trainees)]
        async with httpx.AsyncClient(base_url=place.url, timeout=60, cookies=trainee.cookies) as client:
            while time.monotonic() < ends:
                started = time.monotonic()
                try:
                    answer = await client.get(trainee.lesson)
                    heard[str(answer.status_code)] += 1
                except httpx.HTTPError as error:
                    heard[type(error).__name__] += 1
                times.append(time.monotonic() - started)

    async with asyncio.TaskGroup() as group:
        for number in range(clients):
            group.create_task(one(number))
    return heard, sorted(times)


async def crowded(place: SiteInstance, world: World) -> list[str]:
    heard, times = await crowd(place, world, clients=CROWD, seconds=SECONDS)
    middle, late = times[len(times) // 2], times[len(times) * 99 // 100]
    print_line(
        f"  {CROWD} clients for {SECONDS:.0f} s: {dict(heard)}, {len(times) / SECONDS:.0f} pages/s,"
        f" {middle:.1f} s (p50), {late:.1f} s (p99), {times[-1]:.1f} s at most"
    )
    wrong = [f"crowd: {count} x {status}" for status, count in heard.items() if status != "200"]
    return wrong + await asyncio.to_thread(look, place, world)


async def run_storms(place: SiteInstance, world: World) -> list[str]:
    async with served(place):
        print_line(f"{place.mode}: clients that hang up")
        wrong = await hang_ups(place, world)
        print_line(f"{place.mode}: a crowd")
        return wrong + await crowded(place, world)


def main() -> int:
    place = SiteInstance.of_this_process()
    world = make_world(place.folder, trainees=TRAINEES, staff=STAFF)
    wrong = asyncio.run(run_storms(place, world))
    for line in wrong:
        print_line("  WRONG", line)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
