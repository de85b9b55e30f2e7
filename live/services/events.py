"""The append-only log of a room."""

import uuid
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from live.enums import EventKind, LiveState
from live.errors import ClientIdTaken, NoSuchEvent, RoomEnded, RoomNotOpen
from live.models import Event, LiveSession
from live.queries.admission import person_name
from live.server.event_gateway import event_gateway


def locked_session(session_id: int) -> LiveSession:
    """Lock the row of the room, so that its events are numbered one after the other."""
    return (
        LiveSession.objects.select_for_update(of=("self",)).select_related("class_session").get(pk=session_id)
    )


def require_open(session: LiveSession) -> None:
    if session.state == LiveState.ENDED:
        raise RoomEnded
    if session.state != LiveState.OPEN:
        raise RoomNotOpen


def already_done(session: LiveSession, *, by: User, client_id: uuid.UUID | None) -> Event | None:
    """Find the event that the same command made when it was sent before."""
    if client_id is None:
        return None
    event = Event.objects.filter(session=session, client_id=client_id).first()
    if event is not None and event.actor_id != by.pk:
        raise ClientIdTaken
    return event


def event_of(session: LiveSession, seq: int, *kinds: EventKind) -> Event:
    event = Event.objects.filter(session=session, seq=seq, kind__in=kinds).select_related("subject").first()
    if event is None:
        raise NoSuchEvent
    return event


# The only kinds that may be written once a class has ended: attendance and recordings are computed from its log.
AFTER_THE_END = (EventKind.ROOM_ENDED,)


@transaction.atomic
def append_event(
    *,
    session: LiveSession,
    kind: EventKind,
    actor: User | None,
    subject: User | None = None,
    target: int | None = None,
    payload: dict[str, Any] | None = None,
    client_id: uuid.UUID | None = None,
) -> Event:
    """Write the next event of `session` and notify the hubs when it is committed.

    The number is taken in this transaction by `UPDATE ... SET seq = seq + 1 RETURNING`, whose row lock orders
    concurrent writers: numbers are dense and become visible in order. Raises `RoomEnded`.
    """
    if session.state == LiveState.ENDED and kind not in AFTER_THE_END:
        raise RoomEnded
    session.seq = F("seq") + 1
    session.save(update_fields=["seq"])
    event = Event.objects.create(
        session=session,
        seq=session.seq,
        kind=kind,
        actor=actor,
        name=person_name(actor) if actor else "",
        subject=subject,
        target=target,
        payload=payload or {},
        client_id=client_id,
        created_at=timezone.now(),
    )
    transaction.on_commit(partial(event_gateway.notify, session.pk), robust=True)
    return event
