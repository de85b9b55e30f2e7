"""Messages of the chat."""

import re
import uuid

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from live.enums import EventKind, LiveRole
from live.errors import ChatOff, MessageRefused, Muted, NoSuchEvent, SlowMode
from live.models import Event, LiveSession
from live.models.room_rules import rules_of
from live.queries.admission import role_in
from live.queries.chat import is_muted, pinned_in, seconds_to_wait
from live.services.events import already_done, append_event, event_of, locked_session, require_open

MESSAGE_CHARACTERS = 500

# Embeddings, overrides and isolates (UAX #9) can change how a text is displayed. The marks LRM, RLM and ALM are kept: normal mixed text
# needs them. Control characters other than the line feed are removed too.
_FORBIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\x7f-\x9f]")


def clean_text(text: str, *, limit: int = MESSAGE_CHARACTERS) -> str:
    """Reduce a message to plain text of at most `limit` characters."""
    lines = _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\t", " ")).strip()
    return re.sub(r"\n{3,}", "\n\n", lines)[:limit]


@transaction.atomic
def send_message(
    *, session_id: int, by: User, text: str, client_id: uuid.UUID, reply_to: int | None = None
) -> Event:
    """Write a message to the room, optionally in reply to message `reply_to`.

    Idempotent by `client_id`. Raises `Muted`, `ChatOff`, `SlowMode`.
    """
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_open(session)
    _require_may_write(session, by)
    text = clean_text(text)
    if not text:
        raise MessageRefused
    if reply_to is not None:
        _message_still_there(session, reply_to)
    return append_event(
        session=session,
        kind=EventKind.CHAT,
        actor=by,
        target=reply_to,
        payload={"text": text},
        client_id=client_id,
    )


def _require_may_write(session: LiveSession, by: User) -> None:
    """Refuse a trainee who may not write by the rules of the room; staff always may."""
    rules, muted = rules_of(session), is_muted(session.pk, by.pk)
    if not muted and rules.trainee_chat and not rules.slow_seconds:
        return
    if role_in(session, by) == LiveRole.INSTRUCTOR:
        return
    if muted:
        raise Muted
    if not rules.trainee_chat:
        raise ChatOff
    if seconds := seconds_to_wait(session, by.pk):
        raise SlowMode(seconds=seconds)


def _message_still_there(session: LiveSession, seq: int) -> Event:
    message = event_of(session, seq, EventKind.CHAT)
    if Event.objects.filter(session=session, kind=EventKind.CHAT_REMOVED, target=seq).exists():
        raise NoSuchEvent
    return message


@transaction.atomic
def post_to_staff(*, session_id: int, by: User, text: str, client_id: uuid.UUID) -> Event:
    """Write a message to the staff of the room only."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_open(session)
    text = clean_text(text)
    if not text:
        raise MessageRefused
    return append_event(
        session=session, kind=EventKind.STAFF_SAID, actor=by, payload={"text": text}, client_id=client_id
    )


@transaction.atomic
def pin_message(*, session_id: int, by: User, seq: int, client_id: uuid.UUID | None = None) -> Event:
    """Pin message `seq`, in place of the pinned one."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_open(session)
    message = _message_still_there(session, seq)
    _take_pin_down(session, by=by)
    # The text is stored in the event: a page that no longer has the message shows it too.
    return append_event(
        session=session,
        kind=EventKind.CHAT_PINNED,
        actor=by,
        target=seq,
        payload={"whose": message.name, "text": message.payload["text"]},
        client_id=client_id,
    )


@transaction.atomic
def unpin_message(*, session_id: int, by: User, client_id: uuid.UUID | None = None) -> Event | None:
    """Unpin the pinned message. None where nothing is pinned."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    return _take_pin_down(session, by=by, client_id=client_id)


def _take_pin_down(
    session: LiveSession, *, by: User, client_id: uuid.UUID | None = None, message: int | None = None
) -> Event | None:
    """Append the event that ends the pin, whose text is not replayed from then on."""
    pinned = pinned_in(session.pk)
    if pinned is None or (message is not None and pinned["of"] != message):
        return None
    return append_event(
        session=session, kind=EventKind.CHAT_UNPINNED, actor=by, target=pinned["seq"], client_id=client_id
    )


@transaction.atomic
def remove_message(*, session_id: int, by: User, seq: int, client_id: uuid.UUID | None = None) -> Event:
    """Hide a message. The log keeps its text and who removed it."""
    session = locked_session(session_id)
    message = event_of(session, seq, EventKind.CHAT, EventKind.GROUP_SAID)
    removal = Event.objects.filter(session=session, kind=EventKind.CHAT_REMOVED, target=seq).first()
    if removal is not None:
        return removal
    _take_pin_down(session, by=by, message=seq)
    removal = append_event(
        session=session, kind=EventKind.CHAT_REMOVED, actor=by, target=message.seq, client_id=client_id
    )
    log(session, "live.message.remove", user=by, data={"seq": seq})
    return removal
