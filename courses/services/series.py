"""Sessions on several days at once: each is a single session of its own afterwards."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from courses.enums import SessionKind
from courses.errors import ClassesClash, SeriesEmpty, SeriesTooLong
from courses.models import ClassSession
from courses.queries.series import MOST_CLASSES, Slot, all_clashes_of
from courses.services.sessions import schedule_session


@transaction.atomic
def schedule_days(
    *,
    cohort_id: int,
    kind: SessionKind,
    title: str,
    slots: Sequence[Slot],
    by: User,
    venue_id: int | None = None,
    instructor_id: int | None = None,
) -> list[ClassSession]:
    """Put a session into the timetable for each of `slots`: all of them, or none.

    Raises `SeriesEmpty`, `SeriesTooLong`, `ClassesClash` (which names every clash, before anything is written), and what
    `schedule_session` raises.
    """
    if not slots:
        raise SeriesEmpty
    if len(slots) > MOST_CLASSES:
        raise SeriesTooLong(most=MOST_CLASSES)
    clashes = all_clashes_of(slots, cohort_ids={cohort_id}, instructor_id=instructor_id, venue_id=venue_id)
    if clashes:
        raise ClassesClash(rows=clashes, sentences="; ".join(str(clash) for clash in clashes))
    return [
        schedule_session(
            cohort_id=cohort_id,
            kind=kind,
            title=title,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            by=by,
            venue_id=venue_id,
            instructor_id=instructor_id,
        )
        for slot in slots
    ]
