"""Voices of trainees."""

from typing import Any

from live.enums import EventKind, LiveState
from live.models import Event
from live.queries.admission import Reader, plain_name

VOICE_KINDS = (EventKind.VOICE_STARTED, EventKind.VOICE_ENDED)


def voice_in(session_id: int, *, up_to: int | None = None) -> Event | None:
    """The event that began the current voice, or the one at event `up_to`; None without a voice."""
    events = Event.objects.filter(session_id=session_id, kind__in=VOICE_KINDS).select_related("subject")
    if up_to is not None:
        events = events.filter(seq__lte=up_to)
    last = events.order_by("-seq").first()
    return last if last and last.kind == EventKind.VOICE_STARTED else None


def voices_on() -> list[Event]:
    """The current voices of all open classes."""
    events = Event.objects.filter(session__state=LiveState.OPEN, kind__in=VOICE_KINDS).select_related(
        "session__class_session"
    )
    last_of_each = events.order_by("session_id", "-seq").distinct("session_id")
    return [event for event in last_of_each if event.kind == EventKind.VOICE_STARTED]


def voice_shown(reader: Reader) -> dict[str, Any] | None:
    event = voice_in(reader.session.pk, up_to=reader.session.seq)
    if event is None or event.subject_id is None:
        return None
    return {"seq": event.seq, "who": reader.key_of(event.subject_id), "name": plain_name(event.name)}
