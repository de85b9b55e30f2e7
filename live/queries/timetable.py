"""Times of planned classes, and their clashes."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from accounts.services.formatting import format_datetime
from courses.models import ClassSession
from courses.queries.timetable import register_ended, register_teachers
from live.enums import LiveState
from live.models import JointMeeting, LiveSession

# More classes than any training year has.
MOST_CLASSES = 120


@dataclass(frozen=True, slots=True)
class Slot:
    starts_at: dt.datetime
    ends_at: dt.datetime

    def __str__(self) -> str:
        return format_datetime(self.starts_at, "LONG_DATETIME_FORMAT")


@dataclass(frozen=True, slots=True)
class Clash:
    """A class that cannot be held, and the class it clashes with."""

    slot: Slot
    other: ClassSession
    is_instructor: bool

    def __str__(self) -> str:
        facts = {"when": self.slot, "title": self.other.title, "cohort": self.other.cohort.code}
        if self.is_instructor:
            return gettext("%(when)s: the instructor teaches “%(title)s” (%(cohort)s)") % facts
        return gettext("%(when)s: cohort %(cohort)s has “%(title)s”") % facts


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


def clashes_of(
    slots: Iterable[Slot],
    *,
    cohort_ids: Collection[int],
    instructor_id: int | None,
    apart_from: Collection[int] = (),
) -> list[Clash]:
    """Existing classes of the instructor or a cohort that overlap those times, by time. One query.

    `apart_from`: keys of class sessions that are about to move. Where both clash the instructor is named.
    """
    slots = sorted(slots, key=lambda slot: slot.starts_at)
    if not slots:
        return []
    whose = Q(cohort__in=cohort_ids)
    if instructor_id:
        whose |= Q(instructor=instructor_id)
    taken = list(
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
    found = []
    for slot in slots:
        there = [
            other for other in taken if other.starts_at < slot.ends_at and other.ends_at > slot.starts_at
        ]
        there.sort(key=lambda other: other.instructor_id != instructor_id or instructor_id is None)
        if there:
            is_instructor = instructor_id is not None and there[0].instructor_id == instructor_id
            found.append(Clash(slot, there[0], is_instructor))
    return found


@register_ended
def ended_meetings() -> QuerySet[ClassSession]:
    """The class sessions of ended rooms, of all cohorts that shared them."""
    is_ended = Q(live__state=LiveState.ENDED) | Q(joint_meeting__session__state=LiveState.ENDED)
    return ClassSession.objects.filter(is_ended)


@register_teachers
def instructors_of_joint_classes(cohorts: Collection[int]) -> QuerySet[JointMeeting, int]:
    """Those of the classes of other cohorts that these share."""
    joint = JointMeeting.objects.filter(
        class_session__cohort__in=cohorts,
        class_session__canceled_at__isnull=True,
        session__class_session__instructor__isnull=False,
    )
    return joint.order_by().values_list("session__class_session__instructor", flat=True)


def joint_meetings_of(session: LiveSession) -> dict[int, ClassSession]:
    """The class sessions of the cohorts that share the room, by cohort."""
    rows = JointMeeting.objects.filter(session=session).select_related("class_session__cohort")
    return {row.class_session.cohort_id: row.class_session for row in rows}
