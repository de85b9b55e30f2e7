"""The timetable of a cohort."""

import datetime as dt

from django.db import IntegrityError, transaction
from wagtail.log_actions import log

from accounts.models import User
from courses.enums import CohortState, SessionKind
from courses.errors import AttendanceLocked, CohortClosed, SessionClash, SessionTimesReversed
from courses.models import ClassSession
from courses.services.locks import locked_cohort, locked_session


@transaction.atomic
def schedule_session(
    *,
    cohort_id: int,
    kind: SessionKind,
    title: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: User,
    room_id: int | None = None,
    trainer_id: int | None = None,
) -> ClassSession:
    """Put a meeting of a cohort into its timetable.

    Raises `CohortClosed`, `SessionTimesReversed`, `SessionClash` (the room or the trainer is taken).
    """
    cohort = locked_cohort(cohort_id)
    if cohort.state == CohortState.CLOSED:
        raise CohortClosed
    if ends_at <= starts_at:
        raise SessionTimesReversed
    session = ClassSession(
        cohort=cohort,
        kind=kind,
        title=title,
        room_id=room_id,
        trainer_id=trainer_id,
        starts_at=starts_at,
        ends_at=ends_at,
    )
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
    room_id: int | None = None,
    trainer_id: int | None = None,
) -> ClassSession:
    """Change a meeting of a cohort while its attendance is open.

    Raises `AttendanceLocked`, `SessionTimesReversed`, `SessionClash` (the room or the trainer is taken).
    """
    session = locked_session(session_id)
    if session.locked_at:
        raise AttendanceLocked
    if ends_at <= starts_at:
        raise SessionTimesReversed
    before = {"starts_at": session.starts_at.isoformat(), "ends_at": session.ends_at.isoformat()}
    session.kind, session.title = kind, title
    session.starts_at, session.ends_at = starts_at, ends_at
    session.room_id, session.trainer_id = room_id, trainer_id
    _save_without_clash(session)
    log(session, "courses.session.reschedule", user=by, data={"before": before})
    return session


def _save_without_clash(session: ClassSession) -> None:
    try:
        with transaction.atomic():
            session.save()
    except IntegrityError as error:
        # Only the database sees a clash with a session that is being written at the same moment.
        if "double_booked" not in str(error):
            raise
        raise SessionClash from error
