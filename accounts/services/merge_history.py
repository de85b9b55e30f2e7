"""Whose a row was before records were merged: for what was frozen by the person, such as digests of attendance."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Model, Q

from accounts.models import MergedRow


def people_at(
    model: type[Model], keys: Collection[int], *, at: dt.datetime, field: str = "person"
) -> dict[int, int]:
    """The key of the person whose each of these rows was at a moment, where a merge or its undoing changed it since. One query."""
    since = Q(merge__at__gt=at) | Q(merge__undone_at__gt=at)
    moved = MergedRow.objects.filter(
        since, model=model._meta.label_lower, row__in=keys, before__has_key=field
    ).values_list("row", f"before__{field}", f"after__{field}", "merge__at", "merge__undone_at")
    first: dict[int, tuple[dt.datetime, int]] = {}
    for row, before, after, merged_at, undone_at in moved:
        # Before the merge it was of the one, before the undoing of the other.
        for moment, person in ((merged_at, before), (undone_at, after)):
            if moment and moment > at and (row not in first or moment < first[row][0]):
                first[row] = (moment, person)
    return {row: person for row, (_moment, person) in first.items()}
