"""What a place for films has to know."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

BLOCK_BYTES = 2**20


class StoreFailed(OSError):
    """The place cannot be reached, or refused; trying again later may help."""


class Store(Protocol):
    """Keeps the films (the MP4 files) of published versions. All else of a version is small and stays on our disk.

    `films` names what was taken at once: what `PublishedVersion.films` holds, empty for films on our disk.
    """

    def put(self, package: Path, *, owner: str, on_tick: Callable[[], None]) -> str:
        """Take over the films of a whole package before it is published; return what to call them from now on.

        Nobody sees them before a version names them. `on_tick` is called about once a second or two; what it raises
        stops the work. After any failure nothing is left, or the next sweep finds it. Raises StoreFailed.
        """

    def drop(self, rendition_set: str) -> None:
        """Remove films that no version names any more. Safe to repeat. Raises StoreFailed."""

    def fetch(self, version: Path, rendition_set: str, name: str, *, folder: Path) -> Path:
        """Where the film `name` of a version can be read as a file, if need be a copy in `folder`. Raises StoreFailed.

        `version` is the version's folder on our disk.
        """

    def blocks(self, version: Path, rendition_set: str, name: str) -> Iterator[bytes]:
        """The film `name` of a version in blocks of at most BLOCK_BYTES. Raises FileNotFoundError, StoreFailed, OSError."""

    def written_before(self, *, before: dt.datetime) -> set[str]:
        """`films` of everything that is there and was taken before that moment. Changes nothing. Raises StoreFailed."""

    def abandoned_before(self, *, before: dt.datetime) -> set[str]:
        """What was taken before that moment and is there still; unfinished uploads of that age are removed.

        Raises StoreFailed.
        """


class Bucket(Store, Protocol):
    """A place that serves films itself. Films on our disk have the addresses that Django signs instead."""

    def address(self, rendition_set: str, name: str, *, seconds: int) -> str:
        """An address that anybody may read the film at for so long, without asking us."""
