"""The timetable of a cohort."""

import datetime as dt
from copy import copy
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.log_actions import log

from accounts.models import User
from accounts.services.formatting import format_date, format_number
from courses.enums import CohortState, SessionKind
from courses.errors import (
    AttendanceLocked,
    CohortClosed,
    ExamClash,
    ExamHasBegun,
    ExamStaysExam,
    ExamTooShort,
    ReasonMissing,
    SessionCanceled,
    SessionClash,
    SessionOutsideCohort,
    SessionTimesReversed,
    SessionWasAttended,
)
from courses.models import AttendanceRecord, ClassSession, Cohort
from courses.queries.series import bookings_of, exam_clash_of, times_of
from courses.queries.timetable import has_exam_begun, longest_test_at
from courses.services.locks import locked_cohort, locked_session
from courses.services.teaching import keep_as_former

# The fields of a session that may change.
CHANGEABLE = ("kind", "title", "starts_at", "ends_at", "venue", "instructor")


@transaction.atomic
def schedule_session(
    *,
    cohort_id: int,
    kind: SessionKind,
    title: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: User,
    venue_id: int | None = None,
    instructor_id: int | None = None,
) -> ClassSession:
    """Put a meeting of a cohort into its timetable.

    Raises `CohortClosed`, `SessionTimesReversed`, `SessionOutsideCohort`, `ExamClash`, `SessionClash` (the room or the instructor is
    taken).
    """
    cohort = locked_cohort(cohort_id)
    if cohort.state == CohortState.CLOSED:
        raise CohortClosed
    if ends_at <= starts_at:
        raise SessionTimesReversed
    _require_days_of(cohort, starts_at)
    session = ClassSession(
        cohort=cohort,
        kind=kind,
        title=title,
        venue_id=venue_id,
        instructor_id=instructor_id,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    check_exam_clash(session)
    _save_without_clash(session)
    log(session, "courses.session.schedule", user=by, data={"cohort": cohort.code})
    return session


@transaction.atomic
def reschedule_session(
    *,
    session_id: int,
    kind: SessionKind,
    title: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: User,
    venue_id: int | None = None,
    instructor_id: int | None = None,
) -> ClassSession:
    """Change a meeting of a cohort while its attendance is open. Who was its instructor when it began stays on record.

    Raises `AttendanceLocked`, `SessionCanceled`, `ExamStaysExam`, `ExamHasBegun`, `SessionTimesReversed`, `SessionOutsideCohort`,
    `ExamClash`, `ExamTooShort`, `SessionClash` (the room or the instructor is taken).
    """
    session = _locked_to_move(session_id, starts_at, ends_at)
    _check_changeable(session, kind)
    if ends_at <= starts_at:
        raise SessionTimesReversed
    if starts_at != session.starts_at:
        _check_beginning(session, starts_at)
    now = timezone.now()
    is_taken_away = session.instructor_id != instructor_id or starts_at > now
    if session.instructor_id and session.starts_at <= now and is_taken_away:
        keep_as_former(session.cohort, [session.instructor_id], by=by)
    was = copy(session)
    session.kind, session.title = kind, title
    session.starts_at, session.ends_at = starts_at, ends_at
    session.venue_id, session.instructor_id = venue_id, instructor_id
    if _as_shown(session) != _as_shown(was):
        session.sequence += 1
        session.changed_at = now
    if ends_at > now and session.attendance.exists():
        session.awaits_evaluation = True
    if (was.starts_at, was.ends_at) != (starts_at, ends_at):
        _check_time(session)
    _save_without_clash(session)
    if changes := _changes(was, session):
        log(session, "courses.session.reschedule", user=by, data={"changes": changes})
    return session


@transaction.atomic
def cancel_session(*, session_id: int, reason: str, by: User) -> ClassSession:
    """Cancel a session: its venue and instructor are free again, and no trainee counts as absent from it.

    Canceling again changes nothing. Raises `ReasonMissing`, `AttendanceLocked`, `SessionWasAttended`,
    `ExamHasBegun`.
    """
    session = locked_session(session_id)
    if session.canceled_at:
        return session
    if not reason.strip():
        raise ReasonMissing
    if session.locked_at:
        raise AttendanceLocked
    if AttendanceRecord.objects.filter(session=session).exists():
        raise SessionWasAttended
    if has_exam_begun(session):
        raise ExamHasBegun
    session.canceled_at = session.changed_at = timezone.now()
    session.cancel_reason = reason.strip()
    session.sequence += 1
    session.save(update_fields=["canceled_at", "cancel_reason", "sequence", "changed_at"])
    log(session, "courses.session.cancel", user=by, data={"reason": session.cancel_reason})
    return session


def check_exam_clash(session: ClassSession) -> None:
    """Of a cohort that has something else at the time of an exam. Raises `ExamClash`."""
    other = exam_clash_of(session)
    if other is not None:
        raise ExamClash(
            title=session.title,
            when=times_of(session.starts_at, session.ends_at),
            other=other.title,
            other_when=times_of(other.starts_at, other.ends_at),
            cohort=other.cohort.code,
        )


def check_length(session: ClassSession, test: tuple[str, int] | None) -> None:
    """Of an exam in which a test of that title and time limit is taken; more time of single people is beyond it. Raises `ExamTooShort`."""
    minutes = int((session.ends_at - session.starts_at).total_seconds() // 60)
    if test is not None and minutes < test[1]:
        title, limit = test
        facts = {"minutes": format_number(minutes), "limit": format_number(limit)}
        raise ExamTooShort(session=session.title, test=title, **facts)


def _locked_to_move(session_id: int, starts_at: dt.datetime, ends_at: dt.datetime) -> ClassSession:
    """The session; with its cohort, before it, where it gets another time: of two that come to the same time the second one sees the first."""
    now = ClassSession.objects.only("cohort_id", "starts_at", "ends_at").get(pk=session_id)
    if (now.starts_at, now.ends_at) != (starts_at, ends_at):
        locked_cohort(now.cohort_id)
    return locked_session(session_id)


def _check_changeable(session: ClassSession, kind: SessionKind) -> None:
    if session.locked_at:
        raise AttendanceLocked
    if session.canceled_at:
        raise SessionCanceled
    if session.is_exam != (kind == SessionKind.EXAM):
        raise ExamStaysExam


def _check_time(session: ClassSession) -> None:
    check_exam_clash(session)
    # Of one that goes on, the end may be moved up.
    if not has_exam_begun(session):
        check_length(session, longest_test_at(session))


def _check_beginning(session: ClassSession, starts_at: dt.datetime) -> None:
    if has_exam_begun(session):
        raise ExamHasBegun
    _require_days_of(session.cohort, starts_at)


def _require_days_of(cohort: Cohort, starts_at: dt.datetime) -> None:
    if not cohort.starts_on <= timezone.localdate(starts_at) <= cohort.ends_on:
        first, last = (format_date(day) for day in (cohort.starts_on, cohort.ends_on))
        raise SessionOutsideCohort(cohort=cohort.code, first=first, last=last)


def _as_shown(session: ClassSession) -> tuple[object, ...]:
    """The values of a session that trainees see in their timetable."""
    return (session.title, session.starts_at, session.ends_at, session.venue_id, session.instructor_id)


def _changes(was: ClassSession, now: ClassSession) -> dict[str, dict[str, Any]]:
    """The fields that differ, before and after, for the audit trail."""
    return {
        field.name: {
            "before": _logged(getattr(was, field.name)),
            "after": _logged(getattr(now, field.name)),
        }
        for field in ClassSession._meta.concrete_fields
        # By keys: the room and the instructor are read only where they changed.
        if field.name in CHANGEABLE and field.value_from_object(was) != field.value_from_object(now)
    }


def _logged(value: Any) -> str | None:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return None if value is None else str(value)


def _save_without_clash(session: ClassSession) -> None:
    try:
        with transaction.atomic():
            session.save()
    except IntegrityError as error:
        # Only the exclusion constraint detects a clash with a session that is written concurrently.
        if "double_booked" not in str(error):
            raise
        # None where what was in the way is gone by now.
        reasons = [clash.reason for clash in bookings_of(session)]
        sentences = "; ".join(reasons) or gettext("the room or the instructor is taken")
        raise SessionClash(sentences=sentences) from error
