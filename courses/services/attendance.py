"""Attendance. It is a money record: history is kept, and locked sessions take only reasoned amendments."""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from courses.enums import AttendanceSource, AttendanceStatus, CohortState, EnrollmentState
from courses.errors import (
    AttendanceAmended,
    AttendanceCorrected,
    AttendanceLocked,
    AttendanceOfClosedCohort,
    EnrollmentNotActive,
    MinutesOutOfRange,
    NoAttendanceAtExams,
    ReasonMissing,
    SessionCanceled,
    SessionNotOver,
    SessionNotStarted,
    SessionOfAnotherCohort,
)
from courses.models import AttendanceRecord, ClassSession, Cohort, Enrollment
from courses.queries.own_attendance import is_final
from courses.queries.timetable import over
from courses.queries.transfers import was_in
from courses.services.attendance_notices import tell_of_correction
from courses.services.completion import (
    complete_eligible,
    complete_if_eligible,
    reconsider,
    reconsider_all,
)
from courses.services.locks import locked_enrollment, locked_enrollments, locked_session

SESSIONS_AT_ONCE = 100


@transaction.atomic
def record_attendance(
    *,
    session_id: int,
    enrollment_id: int,
    status: AttendanceStatus,
    minutes: int,
    source: AttendanceSource,
    by: User | None = None,
    reason: str = "",
    sent_by: User | None = None,
) -> AttendanceRecord:
    """Record one trainee's presence in a session that has started and is not locked.

    It counts once the session is over (`evaluate_ended_sessions`). Recording again keeps history: a new row amends the former one; the same facts again change nothing. `by=None`
    means a machine counted (live presence, codes); a machine never overrides what a person recorded. `sent_by` is the trainee whose code
    it took: the audit trail names them. Raises
    `NoAttendanceAtExams`, `SessionNotStarted`, `AttendanceLocked`, `SessionCanceled`, `SessionOfAnotherCohort`,
    `EnrollmentNotActive`, `MinutesOutOfRange`; for a person who records, `AttendanceOfClosedCohort`, and `AttendanceCorrected` where the current record was amended with
    a reason and `reason` is empty: reopening a cohort does not undo corrections.
    """
    session = locked_session(session_id)
    if session.is_exam:
        raise NoAttendanceAtExams
    if session.starts_at > timezone.now():
        raise SessionNotStarted
    if session.locked_at:
        raise AttendanceLocked
    if session.canceled_at:
        raise SessionCanceled
    enrollment = locked_enrollment(enrollment_id)
    if not was_in(enrollment, session):
        raise SessionOfAnotherCohort
    if enrollment.state not in {EnrollmentState.ACTIVE, EnrollmentState.COMPLETED}:
        raise EnrollmentNotActive
    # Asked once the enrollment is locked: closing locks it, too, so that neither misses the other.
    if by is not None and Cohort.objects.filter(pk=session.cohort_id, state=CohortState.CLOSED).exists():
        raise AttendanceOfClosedCohort
    _check_minutes(session, minutes)
    current = AttendanceRecord.objects.filter(session=session, enrollment=enrollment, is_current=True).first()
    if current and (_is_same(current, status, minutes, source) or (by is None and current.recorded_by_id)):
        return current
    if current and current.is_corrected and not reason.strip():
        raise AttendanceCorrected
    record = _write(session, enrollment, current, status, minutes, source, by, reason)
    before = {"from": current.status} if current else {}
    log(
        record,
        "courses.attendance.record",
        user=by or sent_by,
        data={"status": status, "source": source, **before},
    )
    # The first record of a later session puts no completion in doubt; a changed one may.
    settle = reconsider if current else complete_if_eligible
    settle(enrollment_id=enrollment.pk)
    return record


@transaction.atomic
def lock_attendance(*, session_id: int, by: User) -> ClassSession:
    """Lock the attendance of a session that is over. Locking again changes nothing. Raises `NoAttendanceAtExams`, `SessionNotOver`."""
    session = locked_session(session_id)
    if session.is_exam:
        raise NoAttendanceAtExams
    if session.ends_at > timezone.now():
        raise SessionNotOver
    if session.locked_at:
        return session
    session.locked_at = timezone.now()
    session.save(update_fields=["locked_at"])
    log(session, "courses.attendance.lock", user=by)
    return session


@transaction.atomic
def amend_attendance(
    *, record_id: int, status: AttendanceStatus, minutes: int, by: User, reason: str
) -> AttendanceRecord:
    """Replace a current record by a new row with a reason, locked session or not. Of one that was final its person is told.

    Who ended without completing completes once the records support it, as after a corrected score. A completion is not undone: one that
    the records no longer support is listed for those who certify. Raises `ReasonMissing`, `AttendanceAmended`,
    `MinutesOutOfRange`.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    session = locked_session(AttendanceRecord.objects.values_list("session_id", flat=True).get(pk=record_id))
    record = AttendanceRecord.objects.select_related("enrollment").get(pk=record_id)
    if not record.is_current:
        raise AttendanceAmended
    _check_minutes(session, minutes)
    amended = _write(
        session, record.enrollment, record, status, minutes, AttendanceSource.INSTRUCTOR, by, reason
    )
    log(
        amended,
        "courses.attendance.amend",
        user=by,
        data={"from": record.status, "to": status, "reason": reason},
    )
    if is_final(session):
        tell_of_correction(record=amended)
    reconsider(enrollment_id=record.enrollment_id, is_corrected=True)
    return amended


def evaluate_ended_sessions() -> None:
    """Complete who is eligible by sessions that ended since their attendance was recorded, each session in its own transaction.

    Safe to call at any time and again.
    """
    waiting = over(ClassSession.objects.filter(awaits_evaluation=True)).order_by("ends_at", "pk")
    for key in list(waiting.values_list("pk", flat=True)[:SESSIONS_AT_ONCE]):
        _evaluate_ended(key)


@transaction.atomic
def _evaluate_ended(session_id: int) -> None:
    session = locked_session(session_id)
    if not over(ClassSession.objects.filter(pk=session_id, awaits_evaluation=True)).exists():
        return
    session.awaits_evaluation = False
    session.save(update_fields=["awaits_evaluation"])
    records = AttendanceRecord.objects.filter(session=session, is_current=True)
    amended = dict(records.order_by().values_list("enrollment_id", "amends"))
    enrollments = locked_enrollments(amended)
    reconsider_all([one for key, one in enrollments.items() if amended[key] is not None])
    complete_eligible(enrollments.values())


def _check_minutes(session: ClassSession, minutes: int) -> None:
    length = session.length_in_minutes
    if not 0 <= minutes <= length:
        raise MinutesOutOfRange(length=length)


def _is_same(record: AttendanceRecord, status: str, minutes: int, source: str) -> bool:
    return (record.status, record.minutes, record.source) == (status, minutes, source)


def _write(
    session: ClassSession,
    enrollment: Enrollment,
    amends: AttendanceRecord | None,
    status: AttendanceStatus,
    minutes: int,
    source: AttendanceSource,
    by: User | None,
    reason: str,
) -> AttendanceRecord:
    if session.ends_at > timezone.now() and not session.awaits_evaluation:
        session.awaits_evaluation = True
        session.save(update_fields=["awaits_evaluation"])
    if amends:
        AttendanceRecord.objects.filter(pk=amends.pk).update(is_current=False)
    return AttendanceRecord.objects.create(
        session=session,
        enrollment=enrollment,
        status=status,
        minutes=minutes,
        source=source,
        recorded_by=by,
        reason=reason.strip(),
        amends=amends,
        recorded_at=timezone.now(),
    )
