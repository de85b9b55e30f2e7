"""The days of a recurring session, and what clashes with them."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts.services.formatting import format_datetime
from courses.models import ClassSession, Cohort
from courses.queries.timetable import tests_at

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
    # Of another center than the cohorts asked about: that it is there is said, and nothing else of it.
    is_foreign: bool = False

    def __str__(self) -> str:
        return f"{self.slot}: {self.reason}"

    @property
    def reason(self) -> str:
        other = self.other
        facts = {
            "title": other.title,
            "cohort": other.cohort.code,
            "when": times_of(other.starts_at, other.ends_at),
            "room": other.venue,
            "instructor": other.instructor.get_full_name() if other.instructor else "",
        }
        match self.taken, self.is_foreign:
            case Taken.INSTRUCTOR, True:
                said = gettext("%(instructor)s is taken (%(when)s)")
            case Taken.INSTRUCTOR, False:
                said = gettext("%(instructor)s teaches “%(title)s” of %(cohort)s (%(when)s)")
            case Taken.VENUE, True:
                said = gettext("“%(room)s” is taken (%(when)s)")
            case Taken.VENUE, False:
                said = gettext("“%(room)s” is taken by “%(title)s” of %(cohort)s (%(when)s)")
            case _:
                said = gettext("cohort %(cohort)s has “%(title)s” (%(when)s)")
        return said % facts


def times_of(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """From when to when, in the reader's language: the day of the end only where it is another one."""
    is_one_day = timezone.localdate(starts_at) == timezone.localdate(ends_at)
    facts = {
        "begins": format_datetime(starts_at),
        "ends": format_datetime(ends_at, "TIME_FORMAT" if is_one_day else "DATETIME_FORMAT"),
    }
    return gettext("%(begins)s to %(ends)s") % facts


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

    The cohorts are of one center: classes of any other are foreign. `apart_from`: keys of class sessions that are about to move.
    """
    slots = sorted(slots, key=lambda slot: slot.starts_at)
    if not slots:
        return []
    whose = Q(cohort__in=cohort_ids)
    if instructor_id:
        whose |= Q(instructor=instructor_id)
    if venue_id:
        whose |= Q(venue=venue_id)
    others: list[Any] = list(
        ClassSession.objects.filter(
            whose,
            canceled_at__isnull=True,
            ends_at__gt=slots[0].starts_at,
            starts_at__lt=max(slot.ends_at for slot in slots),
        )
        .exclude(pk__in=apart_from)
        .select_related("cohort", "venue", "instructor__person")
        .annotate(is_near=Exists(Cohort.objects.filter(pk__in=cohort_ids, center=OuterRef("cohort__center"))))
        .order_by("starts_at", "pk")
    )
    return [
        Clash(slot, other, taken, is_foreign=not other.is_near)
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


def exam_clash_of(session: ClassSession) -> ClassSession | None:
    """The first other session of its cohort at the time of a session, if one of the two is an exam, as everybody of a cohort takes it.

    Two exams clash where different tests are taken in them: a cohort may take one test in two rooms. Two queries at the most.
    """
    clashes = all_clashes_of(
        [Slot(session.starts_at, session.ends_at)],
        cohort_ids={session.cohort_id},
        instructor_id=None,
        apart_from=[session.pk] if session.pk else [],
    )
    others = [clash.other for clash in clashes if session.is_exam or clash.other.is_exam]
    exams = [one.pk for one in others if session.is_exam and one.is_exam]
    tests = tests_at([session.pk, *exams] if session.pk and exams else [])

    def has_another_test(exam: ClassSession) -> bool:
        here, there = (tests.get(one) for one in (session.pk, exam.pk))
        return bool(here and there and set(here).isdisjoint(there))

    return next((one for one in others if one.pk not in exams or has_another_test(one)), None)


def bookings_of(session: ClassSession) -> list[Clash]:
    """What takes the room or the instructor of a session at its time. One query."""
    clashes = all_clashes_of(
        [Slot(session.starts_at, session.ends_at)],
        cohort_ids={session.cohort_id},
        instructor_id=session.instructor_id,
        venue_id=session.venue_id,
        apart_from=[session.pk] if session.pk else [],
    )
    return [clash for clash in clashes if clash.taken != Taken.COHORT]
