"""Sets the clock back for services, so that the dates of the demo's past are consistent."""

import contextlib
import datetime as dt
from collections.abc import Iterator

from django.utils import timezone


@contextlib.contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Patch `timezone.now`, which all services use, to start at `moment` inside the block.

    Only for a process with one thread: the command that builds the demo, never one that serves.
    """
    now, offset = timezone.now, moment - dt.datetime.now(tz=dt.UTC)

    def shifted() -> dt.datetime:
        return dt.datetime.now(tz=dt.UTC) + offset

    timezone.now = shifted
    try:
        yield
    finally:
        timezone.now = now


def working_day(days: int) -> dt.date:
    """The day so many days from today, or the day before where that is a Friday."""
    day = dt.datetime.now(tz=timezone.get_default_timezone()).date() + dt.timedelta(days=days)
    return day - dt.timedelta(days=1) if day.weekday() == 4 else day


def moment(days: int, hour: int) -> dt.datetime:
    """A full hour of that working day in the site's time zone."""
    return timezone.make_aware(dt.datetime.combine(working_day(days), dt.time(hour)))
