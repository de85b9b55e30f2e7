"""The events of a room, as sent to clients."""

import json
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from live.enums import EventKind
from live.hub import LoggedEvent
from live.models import Event, LiveSession
from live.queries.admission import participant_key, plain_name
from live.queries.group_memberships import FOR_GROUPS, GroupRecipients

# Events that hide the text of an earlier one: message removed, unpinned, question dismissed.
RETRACTION_KINDS = (EventKind.CHAT_REMOVED, EventKind.CHAT_UNPINNED, EventKind.QUESTION_DISMISSED)
# Person and text are for staff; others get only the sequence number.
FOR_STAFF = (
    EventKind.STAFF_SAID,
    EventKind.LOBBY_WAITING,
    EventKind.LOBBY_ADMITTED,
    EventKind.CALL_ASKED,
    EventKind.CALL_CLOSED,
)
# Events that close the sockets of the person they are about.
EXPELS = (EventKind.PERSON_REMOVED, EventKind.PERSON_KICKED, EventKind.HOST_REMOVED)


def events_of(session_id: int) -> QuerySet[Any]:
    """The log, oldest first; `was_removed` of each row tells whether it was removed later."""
    removal = Event.objects.filter(session_id=session_id, kind__in=RETRACTION_KINDS, target=OuterRef("seq"))
    return Event.objects.filter(session_id=session_id).annotate(was_removed=Exists(removal)).order_by("seq")


def early_end_of(session: LiveSession) -> Event | None:
    """The end of a class that a person ended before its plan, with the `reason`."""
    return Event.objects.filter(session=session, kind=EventKind.ROOM_ENDED, payload__has_key="reason").first()


def event_body(event: Event, *, was_removed: bool, for_staff: bool = False) -> dict[str, Any]:
    """The frame of an event; a removed message is kept without its text.

    The part of the payload under `staff` is sent to staff only.
    """
    body: dict[str, Any] = {
        "seq": event.seq,
        "kind": event.kind,
        "at": event.created_at.isoformat(timespec="milliseconds"),
        "name": plain_name(event.name),
    }
    if event.actor_id:
        body["by"] = participant_key(event.session_id, event.actor_id)
    if event.subject_id:
        body["who"] = participant_key(event.session_id, event.subject_id)
    if event.target is not None:
        body["of"] = event.target
    if event.client_id:
        # The sender's page recognizes its own message by it if the event arrives before the answer.
        body["id"] = str(event.client_id)
    body.update(event.payload)
    if "whose" in body:
        body["whose"] = plain_name(body["whose"])
    for_them = body.pop("staff", None)
    if for_staff and for_them:
        body.update(for_them)
    if was_removed:
        body.update(text="", removed=True)
    return body


def body_for_all(event: Event) -> dict[str, Any]:
    """The frame of a staff event for others: its number, and the event it refers to."""
    body = {"seq": event.seq, "kind": event.kind, "at": event.created_at.isoformat(timespec="milliseconds")}
    return body if event.target is None else {**body, "of": event.target}


def _encoded(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def logged_events_after(session_id: int, seq: int, limit: int) -> list[LoggedEvent]:
    """Return at most `limit` events after `seq`, for the hub."""
    events = list(events_of(session_id).filter(seq__gt=seq)[:limit])
    retracted = {event.target for event in events if event.kind in RETRACTION_KINDS and event.target}
    earlier = list(events_of(session_id).filter(seq__in=retracted)) if retracted else []
    recipients = GroupRecipients(session_id, [*events, *earlier])
    hidden = {event.seq: _logged(event, recipients) for event in earlier}
    return [
        _logged(event, recipients, hides=hidden.get(event.target) if event.kind in RETRACTION_KINDS else None)
        for event in events
    ]


def _logged(event: Any, recipients: GroupRecipients, *, hides: LoggedEvent | None = None) -> LoggedEvent:
    """An event of `events_of`, encoded once for all recipients of the same text."""
    body = event_body(event, was_removed=event.was_removed)
    text, staff_text, private_texts = _encoded(body), None, None
    if event.kind in FOR_STAFF:
        text, staff_text = _encoded(body_for_all(event)), text
    elif event.kind in FOR_GROUPS:
        private_texts = recipients.private_texts(event, body, _encoded)
        if event.kind != EventKind.GROUP_OPENED:
            text, staff_text = _encoded(body_for_all(event)), text
    elif event.payload.get("staff"):
        staff_text = _encoded(event_body(event, was_removed=event.was_removed, for_staff=True))
    return LoggedEvent(
        seq=event.seq,
        text=text,
        staff_text=staff_text,
        private_texts=private_texts,
        hides=hides,
        expels=event.subject_id if event.kind in EXPELS else None,
        ends=event.kind == EventKind.ROOM_ENDED,
    )
