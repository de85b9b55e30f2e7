"""Renditions on our disk, in the folder of their version, served with it."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

from media_pipeline.stores.base import BLOCK_BYTES


class DiskStore:
    """Publishing moves the folder, retiring removes it; there is nothing more to do."""

    def put(self, package: Path, *, owner: str, on_tick: Callable[[], None]) -> str:
        return ""

    def drop(self, rendition_set: str) -> None:
        pass

    def fetch(self, version: Path, rendition_set: str, name: str, *, folder: Path) -> Path:
        return version / name

    def blocks(self, version: Path, rendition_set: str, name: str) -> Iterator[bytes]:
        with (version / name).open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                yield block

    def written_before(self, *, before: dt.datetime) -> set[str]:
        return set()

    def abandoned_before(self, *, before: dt.datetime) -> set[str]:
        return set()
