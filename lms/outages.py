"""Distinguishes temporary outages from errors of our code."""

import errno

from django.db import InterfaceError, OperationalError
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSilent

RETRY_AFTER_SECONDS = 10
# The database, or the broker and cache of the scaled mode.
AWAY = (OperationalError, InterfaceError, RedisAway, RedisSilent)
# A full disk, a full quota, no free file descriptor in this process or on this machine.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE})


def is_outage(error: BaseException | None) -> bool:
    """Whether the error, or one of its causes, is a temporary outage or a full disk."""
    while error is not None:
        if isinstance(error, AWAY) or (isinstance(error, OSError) and error.errno in FULL):
            return True
        error = error.__cause__ or error.__context__
    return False
