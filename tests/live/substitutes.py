"""Assigning a substitute as the form of a class does."""

from accounts.models import User
from live.models import LiveSession
from live.services.scheduling import change_live_session


def substitute_instructor(*, session: LiveSession, instructor: User, by: User) -> None:
    """Change only the instructor of a class."""
    session.refresh_from_db()
    meeting = session.class_session
    change_live_session(
        session_id=session.pk,
        title=meeting.title,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        by=by,
        instructor=instructor,
        joins_before=session.joins_before,
        capacity=session.capacity,
    )
