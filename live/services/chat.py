"""What people write."""

import re
import uuid

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from live.enums import EventKind
from live.errors import MessageRefused, Muted
from live.models import Event
from live.queries import muted_in
from live.services.events import already_done, append_event, event_of, locked_session, require_open

MESSAGE_CHARACTERS = 500

# Embeddings, overrides and isolates (UAX #9) can make a text read as another one; the plain marks LRM, RLM and ALM
# stay, honest mixed text needs them. Control characters other than the line feed go as well.
_FORBIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\x7f-\x9f]")


def clean_text(text: str) -> str:
    """Reduce a message to plain text of at most `MESSAGE_CHARACTERS` characters."""
    lines = _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\t", " ")).strip()
    return re.sub(r"\n{3,}", "\n\n", lines)[:MESSAGE_CHARACTERS]


@transaction.atomic
def send_message(*, session_id: int, by: User, text: str, client_id: uuid.UUID) -> Event:
    """Write a message to the room. Sent again with the same `client_id`, it is the same message."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_open(session)
    if by.pk in muted_in(session.pk):
        raise Muted
    text = clean_text(text)
    if not text:
        raise MessageRefused
    return append_event(
        session=session, kind=EventKind.CHAT, actor=by, payload={"text": text}, client_id=client_id
    )


@transaction.atomic
def remove_message(*, session_id: int, by: User, seq: int, client_id: uuid.UUID | None = None) -> Event:
    """Hide a message from now on. The log keeps what was written and who removed it."""
    session = locked_session(session_id)
    message = event_of(session, seq, EventKind.CHAT)
    removal = Event.objects.filter(session=session, kind=EventKind.CHAT_REMOVED, target=seq).first()
    if removal is not None:
        return removal
    removal = append_event(
        session=session, kind=EventKind.CHAT_REMOVED, actor=by, target=message.seq, client_id=client_id
    )
    log(session, "live.message.remove", user=by, data={"seq": seq})
    return removal
