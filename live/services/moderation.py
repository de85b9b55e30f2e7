"""Keeping order: mute and removal. Each is an event of the log and a row of the audit trail."""

import uuid

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from live.enums import EventKind, LiveRole
from live.errors import NoSuchEvent
from live.models import Event
from live.queries import role_in
from live.services.events import already_done, append_event, event_of, locked_session


def _act_on_author(
    *, session_id: int, by: User, seq: int, kind: EventKind, client_id: uuid.UUID | None
) -> Event:
    """Append `kind` about the trainee who wrote the message or raised the hand of event `seq`."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    person = event_of(session, seq, EventKind.CHAT, EventKind.HAND_RAISED).actor
    if person is None or role_in(session, person) == LiveRole.TRAINER:
        raise NoSuchEvent
    event = append_event(
        session=session, kind=kind, actor=by, subject=person, target=seq, client_id=client_id
    )
    log(session, f"live.{kind}", user=by, data={"subject": person.pk, "seq": seq})
    return event


@transaction.atomic
def mute_person(*, session_id: int, by: User, seq: int, client_id: uuid.UUID | None = None) -> Event:
    """Refuse the person's messages until they are unmuted; their hand still goes up."""
    return _act_on_author(
        session_id=session_id, by=by, seq=seq, kind=EventKind.PERSON_MUTED, client_id=client_id
    )


@transaction.atomic
def unmute_person(*, session_id: int, by: User, seq: int, client_id: uuid.UUID | None = None) -> Event:
    return _act_on_author(
        session_id=session_id, by=by, seq=seq, kind=EventKind.PERSON_UNMUTED, client_id=client_id
    )


@transaction.atomic
def remove_person(*, session_id: int, by: User, seq: int, client_id: uuid.UUID | None = None) -> Event:
    """Put the person out of this class; their sockets close and no new ticket is issued."""
    return _act_on_author(
        session_id=session_id, by=by, seq=seq, kind=EventKind.PERSON_REMOVED, client_id=client_id
    )
