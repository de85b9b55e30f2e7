"""One word for the state of all rows that visitors read, in the cache that every process asks.

What is remembered of those rows belongs to a generation. `forget` replaces the word, and nothing that was remembered under the
old one is found any more; what is being read meanwhile is remembered under the old one, because its reader asked for the word
first. While the cache is away there is no word, and nothing is remembered.
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
# So long a process goes on without a cache that does not answer: each question could take seconds.
REST_SECONDS = 5


class Generations:
    """What this process knows of the word."""

    def __init__(self) -> None:
        self._rests_until = 0.0

    def current(self) -> str:
        """The word; empty while the cache is away."""
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
    """Raises an error of `AWAY` where the cache does not answer: what was remembered is then found until it is over."""
    caches["pages"].set(KEY, uuid4().hex, None)


def invalidate_after_commit() -> None:
    """Let what was remembered be read again, once this transaction is committed. Asked often in one, it is done once."""
    connection = transaction.get_connection()
    if not any(after is invalidate for _savepoints, after, _robust in connection.run_on_commit):
        transaction.on_commit(invalidate, robust=True)
