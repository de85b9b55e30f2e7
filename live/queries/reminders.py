"""When people may be told something: never at night."""

import datetime as dt

from django.utils import timezone

QUIET_FROM = dt.time(22)
QUIET_UNTIL = dt.time(7)
# The last moment of an evening for what cannot wait until the morning after.
LAST_CALL = dt.time(21, 45)


def is_quiet(moment: dt.datetime) -> bool:
    clock = timezone.localtime(moment).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def morning_after(moment: dt.datetime) -> dt.datetime:
    """The end of the quiet hours in which `moment` lies."""
    local = timezone.localtime(moment)
    day = local.date() + dt.timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return timezone.make_aware(dt.datetime.combine(day, QUIET_UNTIL))


def reminder_time(due: dt.datetime, starts_at: dt.datetime) -> dt.datetime:
    """Move a reminder out of the quiet hours: to the morning, or to the evening before a class that begins by then."""
    if not is_quiet(due):
        return due
    morning = morning_after(due)
    if morning < starts_at:
        return morning
    evening = timezone.localtime(morning).date() - dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(evening, LAST_CALL))


def change_time(now: dt.datetime, starts_at: dt.datetime) -> dt.datetime:
    """When a change found at `now` is told: in the morning if it is night, unless the class begins before that."""
    if not is_quiet(now):
        return now
    morning = morning_after(now)
    return morning if morning < starts_at else now
