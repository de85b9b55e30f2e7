"""The days of a recurring session, and what clashes with them."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts.services.formatting import format_datetime
from courses.models import ClassSession

# More classes than any training year has.
MOST_CLASSES = 120


@dataclass(frozen=True, slots=True)
class Slot:
    starts_at: dt.datetime
    ends_at: dt.datetime

    def __str__(self) -> str:
        return format_datetime(self.starts_at, "LONG_DATETIME_FORMAT")


class Taken(StrEnum):
    """What another session already takes at that time."""

    INSTRUCTOR = "instructor"
    VENUE = "venue"
    COHORT = "cohort"


@dataclass(frozen=True, slots=True)
class Clash:
    """A class that cannot be held, and the class it clashes with."""

    slot: Slot
    other: ClassSession
    taken: Taken

    def __str__(self) -> str:
        return f"{self.slot}: {self.reason}"

    @property
    def reason(self) -> str:
        facts = {"title": self.other.title, "cohort": self.other.cohort.code}
        if self.taken == Taken.INSTRUCTOR:
            return gettext("the instructor teaches “%(title)s” (%(cohort)s)") % facts
        if self.taken == Taken.VENUE:
            return gettext("the room is taken by “%(title)s” (%(cohort)s)") % facts
        return gettext("cohort %(cohort)s has “%(title)s”") % facts


def slot_on(day: dt.date, starts: dt.time, ends: dt.time) -> Slot:
    """A class by local time: the same hour in summer and winter. It may end after midnight."""
    until = day if ends > starts else day + dt.timedelta(days=1)
    return Slot(
        timezone.make_aware(dt.datetime.combine(day, starts)),
        timezone.make_aware(dt.datetime.combine(until, ends)),
    )


def slots_of_series(
    *,
    weekdays: Collection[int],
    first_day: dt.date,
    last_day: dt.date,
    starts: dt.time,
    ends: dt.time,
    holidays: Collection[dt.date] = (),
) -> list[Slot]:
    """The classes on `weekdays` (ISO: Monday is 1) from `first_day` to `last_day`, both included, except holidays.

    Yields at most one more than `MOST_CLASSES`, so that the caller can refuse a longer series.
    """
    slots: list[Slot] = []
    day = first_day
    while day <= last_day and len(slots) <= MOST_CLASSES:
        if day.isoweekday() in weekdays and day not in holidays:
            slots.append(slot_on(day, starts, ends))
        day += dt.timedelta(days=1)
    return slots


def all_clashes_of(
    slots: Iterable[Slot],
    *,
    cohort_ids: Collection[int],
    instructor_id: int | None,
    venue_id: int | None = None,
    apart_from: Collection[int] = (),
) -> list[Clash]:
    """Existing classes of the instructor, in the room or of a cohort that overlap those times, by time. One query.

    `apart_from`: keys of class sessions that are about to move.
    """
    slots = sorted(slots, key=lambda slot: slot.starts_at)
    if not slots:
        return []
    whose = Q(cohort__in=cohort_ids)
    if instructor_id:
        whose |= Q(instructor=instructor_id)
    if venue_id:
        whose |= Q(venue=venue_id)
    others = list(
        ClassSession.objects.filter(
            whose,
            canceled_at__isnull=True,
            ends_at__gt=slots[0].starts_at,
            starts_at__lt=max(slot.ends_at for slot in slots),
        )
        .exclude(pk__in=apart_from)
        .select_related("cohort")
        .order_by("starts_at", "pk")
    )
    return [
        Clash(slot, other, taken)
        for slot in slots
        for taken, is_taken in (
            (Taken.INSTRUCTOR, lambda other: instructor_id and other.instructor_id == instructor_id),
            (Taken.VENUE, lambda other: venue_id and other.venue_id == venue_id),
            (Taken.COHORT, lambda other: other.cohort_id in cohort_ids),
        )
        for other in others
        if other.starts_at < slot.ends_at and other.ends_at > slot.starts_at and is_taken(other)
    ]


def clashes_of(
    slots: Iterable[Slot],
    *,
    cohort_ids: Collection[int],
    instructor_id: int | None,
    venue_id: int | None = None,
    apart_from: Collection[int] = (),
) -> list[Clash]:
    """As `all_clashes_of`, one for each time: that of the instructor first, then that of the room."""
    found: dict[Slot, Clash] = {}
    for clash in all_clashes_of(
        slots, cohort_ids=cohort_ids, instructor_id=instructor_id, venue_id=venue_id, apart_from=apart_from
    ):
        found.setdefault(clash.slot, clash)
    return list(found.values())
