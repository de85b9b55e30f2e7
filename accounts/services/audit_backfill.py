"""Rows that were logged before there was a trail."""

from django.db import transaction
from wagtail.models import ModelLogEntry, PageLogEntry

from accounts.models import AuditEntry

ROWS_AT_ONCE = 500


@transaction.atomic
def backfill_entries() -> int:
    """Enter what was logged before the trail began, in the order of time. Returns how many rows.

    Only while the trail is empty: later, a row in Wagtail's log without one in the trail was written past the application.
    """
    if AuditEntry.objects.exists():
        return 0
    earlier = [
        (timestamp, model, number)
        for model in (ModelLogEntry, PageLogEntry)
        for timestamp, number in model.objects.values_list("timestamp", "pk")
    ]
    earlier.sort(key=lambda row: (row[0], row[2]))
    for start in range(0, len(earlier), ROWS_AT_ONCE):
        some = earlier[start : start + ROWS_AT_ONCE]
        found = {
            (model, log_entry.pk): (log_entry, instance)
            for model in (ModelLogEntry, PageLogEntry)
            for log_entry, instance in model.objects.filter(
                pk__in=[number for _at, kind, number in some if kind is model]
            ).with_instances()
        }
        for at, model, number in some:
            log_entry, instance = found[model, number]
            AuditEntry.objects.enter(log_entry, instance=instance, at=at)
    return len(earlier)
