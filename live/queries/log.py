"""What happened in a room, as its clients are told."""

import json
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from live.enums import EventKind
from live.hub import LoggedEvent
from live.models import Event
from live.queries.admission import participant_key


def events_of(session_id: int) -> QuerySet[Any]:
    """The log, oldest first, each row telling whether it `was_removed` later."""
    removal = Event.objects.filter(session_id=session_id, kind=EventKind.CHAT_REMOVED, target=OuterRef("seq"))
    return Event.objects.filter(session_id=session_id).annotate(was_removed=Exists(removal)).order_by("seq")


def event_body(event: Event, *, was_removed: bool) -> dict[str, Any]:
    """What a client is told of an event; a removed message keeps its place and loses its text."""
    body: dict[str, Any] = {
        "seq": event.seq,
        "kind": event.kind,
        "at": event.created_at.isoformat(timespec="milliseconds"),
        "name": event.name,
    }
    if event.actor_id:
        body["by"] = participant_key(event.session_id, event.actor_id)
    if event.subject_id:
        body["who"] = participant_key(event.session_id, event.subject_id)
    if event.target is not None:
        body["of"] = event.target
    if event.client_id:
        # Lets the sender's page know its own message again, should the event overtake the answer.
        body["id"] = str(event.client_id)
    body.update(event.payload)
    if was_removed:
        body.update(text="", removed=True)
    return body


def _encoded(event: Event, *, was_removed: bool) -> str:
    return json.dumps(event_body(event, was_removed=was_removed), ensure_ascii=False, separators=(",", ":"))


def logged_events_after(session_id: int, seq: int, limit: int) -> list[LoggedEvent]:
    """Return at most `limit` events after `seq` as the hub wants them."""
    events = list(events_of(session_id).filter(seq__gt=seq)[:limit])
    removed = {event.target for event in events if event.kind == EventKind.CHAT_REMOVED and event.target}
    hidden = {
        event.seq: (event.seq, _encoded(event, was_removed=True))
        for event in (Event.objects.filter(session_id=session_id, seq__in=removed) if removed else ())
    }
    return [
        LoggedEvent(
            seq=event.seq,
            text=_encoded(event, was_removed=event.was_removed),
            hides=hidden[event.target] if event.kind == EventKind.CHAT_REMOVED and event.target else None,
            expels=event.subject_id if event.kind == EventKind.PERSON_REMOVED else None,
            ends=event.kind == EventKind.ROOM_ENDED,
        )
        for event in events
    ]
