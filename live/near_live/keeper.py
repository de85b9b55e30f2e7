"""Writes the stream of a broadcast to the fragment store for near-live viewers."""

import logging
from pathlib import Path

from live.near_live.fragment_store import FragmentStore
from live.near_live.fragments import NotFragments, Splitter

logger = logging.getLogger(__name__)


class FragmentKeeper:
    """`live.broadcast.streams.StreamKeeper`."""

    def __init__(self, served: Path) -> None:
        self._store = FragmentStore(served)
        self._run: int | None = None
        # None after the run's stream could not be split into fragments.
        self._splitter: Splitter | None = None

    def keep(self, block: bytes, *, run: int, began: float) -> None:
        if run != self._run:
            self._run, self._splitter = run, Splitter()
        if self._splitter is None:
            return
        try:
            for fragment in self._splitter.feed(block):
                self._store.put(fragment, run=run, began=began)
        except NotFragments:
            logger.exception("ffmpeg's stream cannot be followed nearly live.")
            self._splitter = None

    def remove(self) -> None:
        self._store.remove()
