"""The interface of a store of renditions."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

BLOCK_BYTES = 2**20


class StoreFailed(OSError):
    """The store cannot be reached, or refused; trying again later may help."""


class Store(Protocol):
    """Keeps the renditions (MP4 files) of published versions. The other files of a version are small and stay on our disk.

    `rendition_set` is its name, as in `PublishedVersion.rendition_set`; it is empty for files on our disk.
    """

    def put(self, package: Path, *, owner: str, on_tick: Callable[[], None]) -> str:
        """Store the renditions of a package before it is published; return the name of the set.

        No address leads to them before a version names them. `on_tick` is called every second or two; what it raises
        stops the work. After a failure nothing is left, or `purge_rendition_sets` finds it. Raises StoreFailed.
        """

    def drop(self, rendition_set: str) -> None:
        """Remove a rendition set that no version names. Safe to repeat. Raises StoreFailed."""

    def fetch(self, version: Path, rendition_set: str, name: str, *, folder: Path) -> Path:
        """The path of the rendition `name` of a version, a copy in `folder` where it is not on our disk. Raises StoreFailed.

        `version` is the version's folder on our disk.
        """

    def blocks(self, version: Path, rendition_set: str, name: str) -> Iterator[bytes]:
        """The rendition `name` of a version in blocks of at most BLOCK_BYTES. Raises FileNotFoundError, StoreFailed, OSError."""

    def written_before(self, *, before: dt.datetime) -> set[str]:
        """The names of the sets that were stored before that moment. Changes nothing. Raises StoreFailed."""

    def abandoned_before(self, *, before: dt.datetime) -> set[str]:
        """The same; multipart uploads of that age that were not finished are removed.

        Raises StoreFailed.
        """


class Bucket(Store, Protocol):
    """A store that serves renditions itself. Those on our disk have addresses signed by Django instead."""

    def address(self, rendition_set: str, name: str, *, seconds: int) -> str:
        """A presigned address of the rendition: it works for anyone and for so long."""
