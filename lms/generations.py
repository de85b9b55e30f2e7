"""A version token (generation) in the shared cache, for everything that is cached about rows that visitors read.

Keys of cached data contain the generation. `invalidate` replaces it, so nothing that was cached under the old one is found.
A reader gets the generation before it reads rows, so stale rows are cached under the old one. While the cache is unreachable
there is no generation, and nothing is cached.
"""

import logging
import time
from uuid import uuid4

from django.core.cache import caches
from django.db import transaction
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

KEY = "generation"
AWAY = (OSError, RedisError)
# Seconds without another try after the cache did not answer: each request could take seconds.
REST_SECONDS = 5


class Generations:
    """The generation as this process last read it."""

    def __init__(self) -> None:
        self._rests_until = 0.0

    def current(self) -> str:
        """The generation; empty while the cache is unreachable."""
        if time.monotonic() < self._rests_until:
            return ""
        try:
            # Of two processes that find none, one is first.
            return str(caches["pages"].get_or_set(KEY, lambda: uuid4().hex, None))
        except AWAY:
            self.rest()
            return ""

    def rest(self) -> None:
        logger.warning("The cache of pages is away.")
        self._rests_until = time.monotonic() + REST_SECONDS


GENERATIONS = Generations()


def invalidate() -> None:
    """Raises an error of `AWAY` where the cache does not answer: cached data are then valid until they expire."""
    caches["pages"].set(KEY, uuid4().hex, None)


def invalidate_after_commit() -> None:
    """Invalidate once this transaction is committed. Repeated calls in a transaction invalidate once."""
    connection = transaction.get_connection()
    if not any(after is invalidate for _savepoints, after, _robust in connection.run_on_commit):
        transaction.on_commit(invalidate, robust=True)
