"""Scheduling of live classes: single ones and series, changes, cancellations, substitutes."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import centers_where
from courses.enums import SessionKind
from courses.errors import ClassesClash, SeriesEmpty, SeriesTooLong, SessionTimesReversed
from courses.models import ClassSession, Cohort
from courses.queries.series import MOST_CLASSES, Slot, clashes_of, slots_of_series
from courses.services.sessions import cancel_session, reschedule_session, schedule_session
from live.enums import LiveState, NoticeKind, Scope
from live.errors import (
    ClassBegun,
    CohortOfAnotherCenter,
    NotAnInstructorHere,
)
from live.models import JOINS_BEFORE, JointMeeting, LiveSeries, LiveSession
from live.queries.timetable import joint_meetings_of
from live.services.events import locked_session
from live.services.notices import notify_of_change
from live.services.sessions import set_up_room


@transaction.atomic
def schedule_live_session(
    *,
    cohort: Cohort,
    title: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: User,
    instructor: User | None = None,
    also_for: Sequence[Cohort] = (),
    joins_before: int = JOINS_BEFORE,
    capacity: int | None = None,
    series: LiveSeries | None = None,
) -> LiveSession:
    """Schedule a live class for a cohort, and for the cohorts that share its room, and create the room.

    Raises `courses.errors.CohortClosed`, `SessionTimesReversed`, `SessionClash`; `CohortOfAnotherCenter`.
    """
    guests = [guest for guest in also_for if guest.pk != cohort.pk]
    if any(guest.center_id != cohort.center_id for guest in guests):
        raise CohortOfAnotherCenter
    facts: dict[str, Any] = {
        "kind": SessionKind.LIVE,
        "title": title,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "by": by,
    }
    instructor_id = instructor.pk if instructor else None
    session = set_up_room(
        class_session=schedule_session(cohort_id=cohort.pk, instructor_id=instructor_id, **facts), by=by
    )
    session.joins_before, session.capacity, session.series = joins_before, capacity, series
    session.save(update_fields=["joins_before", "capacity", "series"])
    for guest in guests:
        # The instructor is booked once: by the class session of the cohort that owns the room.
        meeting = schedule_session(cohort_id=guest.pk, **facts)
        JointMeeting.objects.create(session=session, class_session=meeting)
    return session


@transaction.atomic
def schedule_series(
    *,
    cohort: Cohort,
    title: str,
    weekdays: Collection[int],
    first_day: dt.date,
    last_day: dt.date,
    starts: dt.time,
    ends: dt.time,
    by: User,
    holidays: Collection[dt.date] = (),
    instructor: User | None = None,
    also_for: Sequence[Cohort] = (),
    joins_before: int = JOINS_BEFORE,
    capacity: int | None = None,
) -> list[LiveSession]:
    """Plan a class on each of `weekdays` from `first_day` to `last_day` except holidays: all of them, or none.

    Raises `SeriesEmpty`, `SeriesTooLong`, `ClassesClash` (which names every clash, before anything is written), and
    what `schedule_live_session` raises.
    """
    slots = slots_of_series(
        weekdays=weekdays,
        first_day=first_day,
        last_day=last_day,
        starts=starts,
        ends=ends,
        holidays=holidays,
    )
    if not slots:
        raise SeriesEmpty
    if len(slots) > MOST_CLASSES:
        raise SeriesTooLong(most=MOST_CLASSES)
    _require_no_clash(slots, cohort_ids={cohort.pk, *(guest.pk for guest in also_for)}, instructor=instructor)
    series = LiveSeries.objects.create(
        cohort=cohort,
        weekdays=sorted(weekdays),
        first_day=first_day,
        last_day=last_day,
        holidays=sorted(holidays),
        made_by=by,
    )
    return [
        schedule_live_session(
            cohort=cohort,
            title=title,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            by=by,
            instructor=instructor,
            also_for=also_for,
            joins_before=joins_before,
            capacity=capacity,
            series=series,
        )
        for slot in slots
    ]


@transaction.atomic
def change_live_session(
    *,
    session_id: int,
    title: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: User,
    instructor: User | None = None,
    joins_before: int = JOINS_BEFORE,
    capacity: int | None = None,
    scope: Scope = Scope.ONE,
) -> list[LiveSession]:
    """Change a future class, or it and all later ones of its series: those move by as many days, to the same hours.

    Trainees are notified once. Raises `ClassBegun`, `ClassesClash` (before anything is written), `NotAnInstructorHere`,
    `courses.errors.SessionTimesReversed`, `AttendanceLocked`.
    """
    sessions = _to_come(session_id, scope)
    first = sessions[0]
    if ends_at <= starts_at:
        raise SessionTimesReversed
    if instructor and instructor.pk != first.class_session.instructor_id:
        _require_teaches_here(instructor, first)
    slots = {row.pk: _moved(row, first, starts_at, ends_at) for row in sessions}
    meetings = {row.pk: [row.class_session, *joint_meetings_of(row).values()] for row in sessions}
    is_moved = {pk for pk, slot in slots.items() if slot != _slot_of(meetings[pk][0])}
    instructor_id = instructor.pk if instructor else None
    everywhere = [meeting for held in meetings.values() for meeting in held]
    _require_no_clash(
        [
            slots[row.pk]
            for row in sessions
            if row.pk in is_moved or instructor_id != row.class_session.instructor_id
        ],
        cohort_ids={meeting.cohort_id for meeting in everywhere},
        instructor=instructor,
        apart_from=[meeting.pk for meeting in everywhere],
    )
    # The database allows no overlap at any moment, so a series that moves later is moved starting from its end.
    goes_later = slots[first.pk].starts_at > first.class_session.starts_at
    for row in sorted(sessions, key=lambda row: row.class_session.starts_at, reverse=goes_later):
        was_instructor = row.class_session.instructor_id
        for meeting in meetings[row.pk]:
            changed = reschedule_session(
                session_id=meeting.pk,
                kind=SessionKind.LIVE,
                title=title,
                starts_at=slots[row.pk].starts_at,
                ends_at=slots[row.pk].ends_at,
                by=by,
                venue_id=meeting.venue_id,
                instructor_id=instructor_id if meeting.pk == row.class_session_id else None,
            )
            if meeting.pk == row.class_session_id:
                row.class_session = changed
        _change_room(row, by=by, joins_before=joins_before, capacity=capacity)
        is_substitute = None not in {instructor_id, was_instructor} and was_instructor != instructor_id
        if is_substitute:
            log(row, "live.session.substitute", user=by, data={"from": was_instructor, "to": instructor_id})
        notify_of_change(
            session=row,
            kind=NoticeKind.SUBSTITUTE if is_substitute and row.pk not in is_moved else NoticeKind.CHANGED,
        )
    return sessions


def _change_room(row: LiveSession, *, by: User, **wanted: int | None) -> None:
    before = {name: getattr(row, name) for name, value in wanted.items() if getattr(row, name) != value}
    if not before:
        return
    for name in before:
        setattr(row, name, wanted[name])
    row.save(update_fields=list(before))
    after = {name: wanted[name] for name in before}
    log(row, "live.session.change", user=by, data={"before": before, "after": after})


@transaction.atomic
def cancel_live_session(
    *, session_id: int, reason: str, by: User, scope: Scope = Scope.ONE
) -> list[LiveSession]:
    """Cancel a future class, or it and all later ones of its series, in every timetable. Trainees are notified once.

    Canceling again changes nothing. Raises `ClassBegun`, `courses.errors.ReasonMissing`, `SessionWasAttended`.
    """
    session = locked_session(session_id)
    if session.state == LiveState.CANCELED and scope == Scope.ONE:
        return []
    sessions = _to_come(session_id, scope)
    for row in sessions:
        for guest in joint_meetings_of(row).values():
            cancel_session(session_id=guest.pk, reason=reason, by=by)
        row.class_session = cancel_session(session_id=row.class_session_id, reason=reason, by=by)
        row.state = LiveState.CANCELED
        row.save(update_fields=["state"])
        log(row, "live.session.cancel", user=by, data={"reason": reason})
        notify_of_change(session=row, kind=NoticeKind.CANCELED)
    return sessions


def _to_come(session_id: int, scope: Scope) -> list[LiveSession]:
    """Lock the class, and with `Scope.LATER` all later ones of its series that are still to come; it is the first."""
    first = locked_session(session_id)
    if first.state != LiveState.SCHEDULED:
        raise ClassBegun
    if scope == Scope.ONE or first.series_id is None:
        return [first]
    later = (
        LiveSession.objects.select_for_update(of=("self",))
        .filter(
            series=first.series_id,
            state=LiveState.SCHEDULED,
            class_session__starts_at__gt=first.class_session.starts_at,
        )
        .select_related("class_session")
        .order_by("class_session__starts_at", "pk")
    )
    return [first, *later]


def _slot_of(meeting: ClassSession) -> Slot:
    return Slot(meeting.starts_at, meeting.ends_at)


def _moved(row: LiveSession, first: LiveSession, starts_at: dt.datetime, ends_at: dt.datetime) -> Slot:
    """Where `row` goes when `first` goes to `starts_at`: as many days further, in local time."""
    if row.pk == first.pk:
        return Slot(starts_at, ends_at)
    starts, ends = timezone.localtime(starts_at), timezone.localtime(ends_at)
    was = timezone.localtime(first.class_session.starts_at).date()
    day = timezone.localtime(row.class_session.starts_at).date() + (starts.date() - was)
    until = day + (ends.date() - starts.date())
    return Slot(
        timezone.make_aware(dt.datetime.combine(day, starts.time())),
        timezone.make_aware(dt.datetime.combine(until, ends.time())),
    )


def _require_no_clash(
    slots: Iterable[Slot],
    *,
    cohort_ids: Collection[int],
    instructor: User | None,
    apart_from: Collection[int] = (),
) -> None:
    clashes = clashes_of(
        slots,
        cohort_ids=cohort_ids,
        instructor_id=instructor.pk if instructor else None,
        apart_from=apart_from,
    )
    if clashes:
        raise ClassesClash(rows=clashes, sentences="; ".join(str(clash) for clash in clashes))


def _require_teaches_here(instructor: User, session: LiveSession) -> None:
    teaching = centers_where(instructor, Act.TEACH, is_lent_enough=False)
    if not teaching.filter(pk=session.class_session.cohort.center_id).exists():
        raise NotAnInstructorHere
