"""The life cycle of a room: scheduled, open, ended with its attendance."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from accounts.services.formatting import format_datetime
from courses.enums import AttendanceSource, AttendanceStatus, EnrollmentState
from courses.errors import SessionNotStarted
from courses.models import ClassSession
from courses.services.attendance import record_attendance
from live.attendance.policy import CURRENT
from live.enums import EventKind, LiveState
from live.errors import EndsEarly, RoomAlreadyOpen, RoomCanceled, RoomEnded, TooEarlyToOpen
from live.models import Event, LiveSession
from live.queries.presence import presence_in
from live.queries.timetable import joint_meetings_of
from live.services.events import already_done, append_event, locked_session, require_open
from live.services.groups import close_groups_of
from live.services.notices import notify_of_early_end
from live.services.polls import close_open_polls
from live.services.presence_checks import plan_checks
from live.services.voice import stop_voice

# After its planned end by so much a room that was left open is ended automatically.
OVERDUE_AFTER = dt.timedelta(minutes=30)
# An instructor may open the room to try sound and slides before the class.
OPENS_BEFORE = dt.timedelta(minutes=30)
# By so much a class may end before its planned end without a reason.
ENDS_BEFORE = dt.timedelta(minutes=5)
REASON_CHARACTERS = 200


@transaction.atomic
def set_up_room(*, class_session: ClassSession, by: User) -> LiveSession:
    """Create the room of a class session, unless it has one."""
    session, is_new = LiveSession.objects.get_or_create(class_session=class_session)
    if is_new:
        log(session, "live.session.schedule", user=by)
    return session


@transaction.atomic
def open_room(*, session_id: int, by: User, client_id: uuid.UUID | None = None) -> Event:
    """Start the class: messages, hands and attendance count from now."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    if session.state == LiveState.ENDED:
        raise RoomEnded
    if session.state == LiveState.CANCELED:
        raise RoomCanceled
    if session.state == LiveState.OPEN:
        raise RoomAlreadyOpen
    now = timezone.now()
    if now < session.class_session.starts_at - OPENS_BEFORE:
        raise TooEarlyToOpen
    if now >= session.class_session.ends_at:
        raise RoomEnded
    session.state = LiveState.OPEN
    session.opened_at = timezone.now()
    session.save(update_fields=["state", "opened_at"])
    plan_checks(session)
    event = append_event(session=session, kind=EventKind.ROOM_OPENED, actor=by, client_id=client_id)
    log(session, "live.session.open", user=by)
    return event


@transaction.atomic
def end_room(
    *,
    session_id: int,
    by: User | None,
    reason: str = "",
    client_id: uuid.UUID | None = None,
    at: dt.datetime | None = None,
) -> Event:
    """End the class and write the attendance of everyone enrolled, by the policy frozen here.

    Where too little of the plan was held, nothing is written: the sheet of the class waits for a person. A person who ends it before its
    planned end says why, and whom that made absent is told. `by` is None and `at` the planned end for a room that was left open.
    Raises `RoomNotOpen`, `RoomEnded`, `EndsEarly`, and `courses.errors.SessionNotStarted` before the planned start.
    """
    session = locked_session(session_id)
    if by is not None and (done := already_done(session, by=by, client_id=client_id)):
        return done
    require_open(session)
    assert session.opened_at is not None  # noqa: S101 - held by the table's check constraint
    now, planned_end, reason = (
        timezone.now(),
        session.class_session.ends_at,
        reason.strip()[:REASON_CHARACTERS],
    )
    if session.class_session.starts_at > now:
        raise SessionNotStarted
    is_early = by is not None and now < planned_end - ENDS_BEFORE
    if is_early and not reason:
        raise EndsEarly(until=format_datetime(planned_end, "TIME_FORMAT"))
    close_open_polls(session, by=by)
    close_groups_of(session, by=by)
    stop_voice(session, by=by)
    session.state = LiveState.ENDED
    session.ended_at = max(session.opened_at, at or now)
    session.attendance_policy = CURRENT.frozen()
    session.save(update_fields=["state", "ended_at", "attendance_policy"])
    event = append_event(
        session=session,
        kind=EventKind.ROOM_ENDED,
        actor=by,
        payload={"reason": reason} if is_early else {},
        client_id=client_id,
    )
    missing = _write_attendance(session)
    if is_early:
        notify_of_early_end(session=session, people=missing)
    why = {"reason": reason} if is_early else {}
    log(session, "live.session.end", user=by, data={"policy": CURRENT.version, **why})
    return event


def _write_attendance(session: LiveSession) -> set[int]:
    """Return the people who are recorded as absent, or of whom nothing is recorded because too little was held."""
    missing: set[int] = set()
    meeting = session.class_session
    meetings = {meeting.cohort_id: meeting, **joint_meetings_of(session)}
    for presence in presence_in(session):
        register = meetings[presence.enrollment.cohort_id]
        # A register that a person closed meanwhile is kept; the raw heartbeats remain for an amendment.
        if presence.enrollment.state != EnrollmentState.ACTIVE or register.locked_at:
            continue
        status = presence.status
        if status:
            record = record_attendance(
                session_id=register.pk,
                enrollment_id=presence.enrollment.pk,
                status=status,
                minutes=presence.minutes,
                source=AttendanceSource.LIVE,
            )
            status = AttendanceStatus(record.status)
        if status in {None, AttendanceStatus.ABSENT}:
            missing.add(presence.enrollment.person_id)
    return missing


def end_overdue_rooms() -> int:
    """End rooms still open well after their planned end, as of that end. Return how many."""
    overdue = LiveSession.objects.filter(
        state=LiveState.OPEN, class_session__ends_at__lt=timezone.now() - OVERDUE_AFTER
    ).values_list("pk", "class_session__ends_at")
    ended = 0
    for session_id, planned_end in overdue:
        try:
            end_room(session_id=session_id, by=None, at=planned_end)
        except RoomEnded:
            # The instructor, or another run of this task, was faster.
            continue
        ended += 1
    return ended
