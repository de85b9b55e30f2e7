"""How long an attempt has. Independent of Django.

Only the server's clock counts. A factor is of the person (1.25 for a quarter more), frozen when the attempt begins; grants are seconds that
somebody gave while it ran, to one person or to a room.
"""

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction

MOST_FACTOR = 4


def closing_time(
    started_at: dt.datetime, limit: dt.timedelta | None, *, factor: Fraction, granted: Iterable[dt.timedelta]
) -> dt.datetime | None:
    """When an attempt closes: start + limit x factor + grants, in whole seconds, rounded up. None without a limit."""
    if limit is None:
        return None
    seconds = -(-limit // dt.timedelta(seconds=1) * factor // 1)
    return started_at + dt.timedelta(seconds=int(seconds)) + sum(granted, dt.timedelta())


def milliseconds_left(closes_at: dt.datetime | None, now: dt.datetime) -> int | None:
    """Never below 0; None without a limit."""
    return None if closes_at is None else max(0, (closes_at - now) // dt.timedelta(milliseconds=1))
