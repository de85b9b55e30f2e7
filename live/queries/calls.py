"""Requests of trainees to be called by phone."""

from typing import Any

from django.db.models import Exists, OuterRef

from live.enums import EventKind
from live.models import Event
from live.queries.admission import Reader


def calls_open(session_id: int, *, up_to: int | None = None) -> list[Event]:
    """Open requests, oldest first."""
    events = Event.objects.filter(session_id=session_id)
    if up_to is not None:
        events = events.filter(seq__lte=up_to)
    closed = events.filter(kind=EventKind.CALL_CLOSED, target=OuterRef("seq"))
    return list(events.filter(~Exists(closed), kind=EventKind.CALL_ASKED).order_by("seq"))


def calls_shown(reader: Reader) -> list[dict[str, Any]]:
    """All requests for staff, one's own for a trainee. Phone numbers are not included: each is shown on demand and logged."""
    return [
        {"seq": call.seq, "who": reader.key_of(call.subject_id), "name": call.name}
        for call in calls_open(reader.session.pk, up_to=reader.session.seq)
        if call.subject_id and (reader.is_staff or call.subject_id == reader.user.pk)
    ]
