"""The timetable of a cohort."""

import datetime as dt

from django.db import IntegrityError, transaction
from wagtail.log_actions import log

from accounts.models import User
from courses.enums import CohortState, SessionKind
from courses.errors import CohortClosed, SessionClash, SessionTimesReversed
from courses.models import ClassSession
from courses.services.locks import locked_cohort


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
    try:
        with transaction.atomic():
            session.save()
    except IntegrityError as error:
        # Only the database sees a clash with a session that is being written at the same moment.
        if "double_booked" not in str(error):
            raise
        raise SessionClash from error
    log(session, "courses.session.schedule", user=by, data={"cohort": cohort.code})
    return session
