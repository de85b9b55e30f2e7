"""What is streamed of a class while its segments are made, for those who keep it: an optional engine (`live.near_live`)."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol


class StreamKeeper(Protocol):
    """Of one broadcast. Its methods wait for the disk."""

    def keep(self, block: bytes, *, run: int, began: float) -> None:
        """Take the next block of fragmented MP4 of a run of ffmpeg, which began then (seconds of 1970). Raises OSError."""

    def remove(self) -> None:
        """The class is over."""


# Each makes a keeper for the folder that a broadcast is served from.
KEEPERS: list[Callable[[Path], StreamKeeper]] = []
