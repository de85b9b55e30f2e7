"""Quiet hours of the night: short messages wait, and reminders are not due."""

import datetime as dt

from django.utils import timezone

QUIET_FROM = dt.time(22)
QUIET_UNTIL = dt.time(7)


def is_quiet(moment: dt.datetime) -> bool:
    clock = timezone.localtime(moment).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def morning_after(moment: dt.datetime) -> dt.datetime:
    """The end of the quiet hours in which `moment` lies."""
    local = timezone.localtime(moment)
    day = local.date() + dt.timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return timezone.make_aware(dt.datetime.combine(day, QUIET_UNTIL))
