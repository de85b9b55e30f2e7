"""Captions typed during the class: shown at once, and stored for the lesson."""

import uuid

from django.db import transaction

from accounts.models import User
from live.enums import EventKind
from live.errors import MessageRefused
from live.models import Event
from live.services.chat import clean_text
from live.services.events import already_done, append_event, locked_session, require_open

# Two lines under a video.
CAPTION_CHARACTERS = 160


@transaction.atomic
def publish_caption(*, session_id: int, by: User, text: str, client_id: uuid.UUID | None = None) -> Event:
    """Show a caption to everyone for some seconds. Raises `MessageRefused` if it is empty after cleaning."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_open(session)
    words = " ".join(clean_text(text).split())[:CAPTION_CHARACTERS]
    if not words:
        raise MessageRefused
    return append_event(
        session=session, kind=EventKind.CAPTION_SAID, actor=by, payload={"text": words}, client_id=client_id
    )
