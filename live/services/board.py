"""The timer and the notes of a room."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from live.enums import EventKind
from live.errors import NotesConflict
from live.models import Event
from live.queries.board import notes_of, timer_in
from live.services.chat import clean_text
from live.services.events import already_done, append_event, locked_session, require_open

# Even with four bytes a character they fit one frame.
NOTES_CHARACTERS = 1800
LABEL_CHARACTERS = 60


@transaction.atomic
def start_timer(
    *, session_id: int, by: User, seconds: int, label: str = "", client_id: uuid.UUID | None = None
) -> Event:
    """Start a timer by the server's clock; it replaces a running one."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_open(session)
    ends = timezone.now() + dt.timedelta(seconds=seconds)
    return append_event(
        session=session,
        kind=EventKind.TIMER_STARTED,
        actor=by,
        payload={
            "ends": ends.isoformat(timespec="milliseconds"),
            "label": clean_text(label).replace("\n", " ")[:LABEL_CHARACTERS],
        },
        client_id=client_id,
    )


@transaction.atomic
def stop_timer(*, session_id: int, by: User, client_id: uuid.UUID | None = None) -> Event | None:
    """Stop the timer. None where there is none."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    if timer_in(session_id) is None:
        return None
    return append_event(session=session, kind=EventKind.TIMER_STOPPED, actor=by, client_id=client_id)


@transaction.atomic
def write_notes(
    *, session_id: int, by: User, text: str, revision: int, client_id: uuid.UUID | None = None
) -> Event:
    """Save the notes as edited from `revision`. Every version is an event. Raises `NotesConflict`, `RoomEnded`."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    if notes_of(session_id)["revision"] != revision:
        raise NotesConflict
    return append_event(
        session=session,
        kind=EventKind.NOTES_CHANGED,
        actor=by,
        payload={"text": clean_text(text, limit=NOTES_CHARACTERS)},
        client_id=client_id,
    )
