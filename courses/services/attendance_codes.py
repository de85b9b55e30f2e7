"""Attendance by a code that turns every 30 seconds: the code page of a session, and the trainees who send its codes."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.errors import DomainError
from accounts.models import User
from accounts.services.field_encryption import encrypt_field
from courses.enums import AttendanceSource, AttendanceStatus, SessionKind
from courses.errors import (
    AttendanceLocked,
    CodeNotOpen,
    CodeNotShown,
    CodeOfLiveClass,
    NoAttendanceAtExams,
    SessionCanceled,
    SessionNotStarted,
    SessionOfAnotherCohort,
    SessionOver,
    TooManyCodesRefused,
)
from courses.models import AttendanceCode, AttendanceRecord, ClassSession, CodeCheckIn
from courses.models.attendance_codes import LATE_AFTER_MINUTES
from courses.queries.attendance_codes import is_shown_by, open_code
from courses.queries.transfers import own_part
from courses.rotating_codes import new_secret
from courses.services.attendance import record_attendance
from courses.services.locks import locked_session

# Of one person in one session. One guess is right in one of 500,000 cases at most.
MOST_REFUSED = 8


@transaction.atomic
def open_code_page(*, session_id: int, by: User, late_after: int = LATE_AFTER_MINUTES) -> AttendanceCode:
    """Open the code page of a session that goes on. Opening it again changes nothing.

    Raises `NoAttendanceAtExams`, `CodeOfLiveClass`, `SessionNotStarted`, `SessionOver`, `SessionCanceled`, `AttendanceLocked`.
    """
    session = locked_session(session_id)
    refusal = obstacle_to_codes(session)
    if refusal:
        raise refusal
    former = open_code(session)
    if former:
        return former
    code = AttendanceCode.objects.create(
        session=session,
        secret_encrypted=encrypt_field(new_secret()),
        late_after=late_after,
        opened_by=by,
        opened_at=timezone.now(),
    )
    log(session, "courses.attendance.open_code", user=by, data={"late_after": late_after})
    return code


def obstacle_to_codes(session: ClassSession) -> DomainError | None:
    """Why no code page of a session opens now."""
    now = timezone.now()
    if session.is_exam:
        return NoAttendanceAtExams()
    if session.kind == SessionKind.LIVE:
        return CodeOfLiveClass()
    if session.canceled_at:
        return SessionCanceled()
    if session.locked_at:
        return AttendanceLocked()
    if session.starts_at > now:
        return SessionNotStarted()
    return SessionOver() if session.ends_at <= now else None


@transaction.atomic
def close_code_page(*, session_id: int, by: User) -> None:
    """Close the code page of a session: from then on no code marks. Closing again changes nothing."""
    session = locked_session(session_id)
    code = AttendanceCode.objects.filter(session=session, closed_at__isnull=True).first()
    if code is None:
        return
    code.closed_at = timezone.now()
    code.save(update_fields=["closed_at"])
    log(session, "courses.attendance.close_code", user=by)


def check_in(
    *, session_id: int, code: str, sent_at: dt.datetime, device: str, by: User, is_scanned: bool = False
) -> AttendanceRecord:
    """Record that the person of `by` is in a session, by the code that its page showed at `sent_at`.

    A person who is on the sheet already is not marked again: the record that is there is returned, whatever it says. Present,
    or late from `AttendanceCode.late_after` minutes after the planned beginning on. `device` only tells the instructor which
    people shared one, `is_scanned` that a camera read the code. Raises `SessionOfAnotherCohort`, `CodeNotOpen`, `CodeNotShown`, `TooManyCodesRefused` and what
    `record_attendance` raises. A refused code is counted and logged, although it raises.
    """
    source = AttendanceSource.QR if is_scanned else AttendanceSource.CODE
    answer = _check_in(session_id, code, sent_at, device, by, source)
    if isinstance(answer, DomainError):
        raise answer
    return answer


@transaction.atomic
def _check_in(
    session_id: int, typed: str, sent_at: dt.datetime, device: str, by: User, source: AttendanceSource
) -> AttendanceRecord | DomainError:
    """As `check_in`, and returns what it raises: the transaction keeps the count."""
    session = locked_session(session_id)
    enrollment = own_part(session, by.person_id)
    if enrollment is None:
        return SessionOfAnotherCohort()
    current = AttendanceRecord.objects.filter(session=session, enrollment=enrollment, is_current=True).first()
    if current:
        return current
    code = open_code(session)
    if code is None:
        return CodeNotOpen()
    entry, _is_new = CodeCheckIn.objects.get_or_create(session=session, enrollment=enrollment)
    if entry.refused >= MOST_REFUSED:
        return TooManyCodesRefused()
    if not is_shown_by(code, session, typed, sent_at):
        entry.refused += 1
        entry.save(update_fields=["refused"])
        log(session, "courses.attendance.refuse_code", user=by, data={"refused": entry.refused})
        return CodeNotShown()
    entry.marked_at, entry.device = sent_at, device
    entry.save(update_fields=["marked_at", "device"])
    status, minutes = _presence(session, code, sent_at)
    return record_attendance(
        session_id=session.pk,
        enrollment_id=enrollment.pk,
        status=status,
        minutes=minutes,
        source=source,
        sent_by=by,
    )


def _presence(
    session: ClassSession, code: AttendanceCode, sent_at: dt.datetime
) -> tuple[AttendanceStatus, int]:
    length = session.length_in_minutes
    missed = int((sent_at - session.starts_at).total_seconds() // 60)
    if missed < code.late_after:
        return AttendanceStatus.PRESENT, length
    return AttendanceStatus.LATE, max(0, length - missed)
