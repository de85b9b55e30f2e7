"""The stream of a class while its segments are made, for an optional engine that stores it (`live.near_live`)."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol


class StreamKeeper(Protocol):
    """Stores the stream of one broadcast. Its methods block on the disk."""

    def keep(self, block: bytes, *, run: int, began: float) -> None:
        """Store the next block of fragmented MP4 of an ffmpeg run that began at `began` (seconds of 1970). Raises OSError."""

    def remove(self) -> None:
        """Delete what was stored: the class is over."""


# Each makes a keeper for the folder that a broadcast is served from.
KEEPERS: list[Callable[[Path], StreamKeeper]] = []
