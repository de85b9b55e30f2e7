"""The timer and the notes of a room."""

from typing import Any

from django.utils import timezone

from live.enums import EventKind
from live.models import Event
from live.queries.admission import Reader, plain_name

NO_NOTES: dict[str, Any] = {"revision": 0, "text": "", "name": ""}
TIMER = (EventKind.TIMER_STARTED, EventKind.TIMER_STOPPED)


def _last(session_id: int, *kinds: EventKind, up_to: int | None) -> Event | None:
    events = Event.objects.filter(session_id=session_id, kind__in=kinds)
    if up_to is not None:
        events = events.filter(seq__lte=up_to)
    return events.order_by("-seq").first()


def timer_in(session_id: int, *, up_to: int | None = None) -> dict[str, str] | None:
    """`ends` and `label` of the timer that was started last, None where it was stopped."""
    last = _last(session_id, *TIMER, up_to=up_to)
    if last is None or last.kind == EventKind.TIMER_STOPPED:
        return None
    return {"ends": last.payload["ends"], "label": last.payload["label"]}


def timer_shown(reader: Reader) -> dict[str, Any]:
    """The server's time, and when the running timer ends by it."""
    running = timer_in(reader.session.pk, up_to=reader.session.seq)
    now = timezone.now().isoformat(timespec="milliseconds")
    return {"now": now, **(running or {"ends": None, "label": ""})}


def notes_of(session_id: int, *, up_to: int | None = None) -> dict[str, Any]:
    """The shared text as last saved. `revision` is the number of the event that saved it, 0 before the first."""
    last = _last(session_id, EventKind.NOTES_CHANGED, up_to=up_to)
    if last is None:
        return NO_NOTES
    return {"revision": last.seq, "text": last.payload["text"], "name": plain_name(last.name)}


def notes_shown(reader: Reader) -> dict[str, Any]:
    return notes_of(reader.session.pk, up_to=reader.session.seq)
