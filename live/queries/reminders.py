"""When notices of a class are sent: never at night, unless it begins before the morning."""

import datetime as dt

from django.utils import timezone

from accounts.services.quiet_hours import is_quiet, morning_after

# The last moment of an evening for what cannot wait until the morning after.
LAST_CALL = dt.time(21, 45)


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
    """When the notice of a change found at `now` is sent: in the morning if it is night, unless the class begins before that."""
    if not is_quiet(now):
        return now
    morning = morning_after(now)
    return morning if morning < starts_at else now
