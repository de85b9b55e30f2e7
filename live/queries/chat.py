"""What was written, and who may not write."""

from typing import Any

from live.enums import EventKind
from live.models import Event
from live.queries.admission import Reader
from live.queries.log import event_body, events_of

# Messages of a first welcome; the rest of the log stays on the server.
WELCOME_MESSAGES = 50


def messages_of(
    session_id: int, *, limit: int = WELCOME_MESSAGES, up_to: int | None = None
) -> list[dict[str, Any]]:
    """The last `limit` messages, oldest first."""
    chat = events_of(session_id).filter(kind=EventKind.CHAT)
    if up_to is not None:
        chat = chat.filter(seq__lte=up_to)
    return [
        event_body(event, was_removed=event.was_removed) for event in reversed(chat.order_by("-seq")[:limit])
    ]


def muted_in(session_id: int) -> set[int]:
    """The users whose last mute was not taken back."""
    last_of_each = (
        Event.objects.filter(
            session_id=session_id, kind__in=(EventKind.PERSON_MUTED, EventKind.PERSON_UNMUTED)
        )
        .order_by("subject_id", "-seq")
        .distinct("subject_id")
    )
    return {
        event.subject_id
        for event in last_of_each
        if event.kind == EventKind.PERSON_MUTED and event.subject_id is not None
    }


def muted_shown(reader: Reader) -> list[str]:
    """Keys of the muted, for those who can unmute them."""
    if not reader.is_staff:
        return []
    return [reader.key_of(user_id) for user_id in sorted(muted_in(reader.session.pk))]
