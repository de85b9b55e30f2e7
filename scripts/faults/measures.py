"""What a site holds: database connections, threads and descriptors, and how fast it answers."""

import contextlib
import time
from dataclasses import dataclass

import httpx
import psutil
import psycopg

from scripts.faults.sites import SiteInstance

# What pools of threads, caches and the kept connections of nginx may come to after a first use.
SPARE_CONNECTIONS, SPARE_THREADS, SPARE_DESCRIPTORS = 4, 16, 40


@dataclass(frozen=True, slots=True)
class Footprint:
    """`threads` and `descriptors` are sums over the processes of a kind."""

    connections: int
    threads: dict[str, int]
    descriptors: dict[str, int]

    def __str__(self) -> str:
        kinds = (f"{kind} {self.threads[kind]}/{self.descriptors[kind]}" for kind in sorted(self.threads))
        return f"connections {self.connections}; threads/descriptors: {', '.join(kinds)}"


def footprint(place: SiteInstance) -> Footprint:
    threads: dict[str, int] = {}
    descriptors: dict[str, int] = {}
    for kind, processes in place.processes().items():
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                threads[kind] = threads.get(kind, 0) + process.num_threads()
                descriptors[kind] = descriptors.get(kind, 0) + process.num_fds()
    with psycopg.connect(place.database_url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    return Footprint(row[0] if row else 0, threads, descriptors)


def grown(before: Footprint, after: Footprint) -> list[str]:
    """What is held after that was not before, beyond what a first use explains."""
    found = []
    if after.connections > before.connections + SPARE_CONNECTIONS:
        found.append(f"connections {before.connections} -> {after.connections}")
    for name, old, new, spare in (
        ("threads", before.threads, after.threads, SPARE_THREADS),
        ("descriptors", before.descriptors, after.descriptors, SPARE_DESCRIPTORS),
    ):
        found += [
            f"{name} of {kind} {old.get(kind, 0)} -> {count}"
            for kind, count in new.items()
            if count > old.get(kind, 0) + spare
        ]
    return found


def visited(url: str, cookies: dict[str, str], *, within: float) -> tuple[int, float]:
    """The status of a page (0: none) and the seconds it took."""
    started = time.monotonic()
    try:
        status = httpx.get(url, cookies=cookies, timeout=within).status_code
    except httpx.HTTPError:
        status = 0
    return status, time.monotonic() - started
