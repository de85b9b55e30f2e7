"""Raised hands."""

from dataclasses import dataclass
from typing import Any

from live.enums import EventKind
from live.models import Event
from live.queries.admission import Reader, plain_name

HAND_KINDS = (EventKind.HAND_RAISED, EventKind.HAND_CALLED, EventKind.HAND_LOWERED)


@dataclass(frozen=True, slots=True)
class Hand:
    """A raised hand. `seq` is the event that raised it; hands are called in its order."""

    seq: int
    user_id: int
    name: str
    is_called: bool


def hands_up(session_id: int, *, up_to: int | None = None) -> list[Hand]:
    """Hands up now (or as of event `up_to`), first raised first."""
    events = Event.objects.filter(session_id=session_id, kind__in=HAND_KINDS)
    if up_to is not None:
        events = events.filter(seq__lte=up_to)
    last_of_each = events.order_by("subject_id", "-seq").distinct("subject_id")
    hands = [
        Hand(
            seq=event.target or event.seq,
            user_id=event.subject_id,
            name=plain_name(event.payload.get("whose", event.name)),
            is_called=event.kind == EventKind.HAND_CALLED,
        )
        for event in last_of_each
        if event.kind != EventKind.HAND_LOWERED and event.subject_id
    ]
    return sorted(hands, key=lambda hand: hand.seq)


def hands_shown(reader: Reader) -> list[dict[str, Any]]:
    return [
        {"seq": hand.seq, "who": reader.key_of(hand.user_id), "name": hand.name, "called": hand.is_called}
        for hand in hands_up(reader.session.pk, up_to=reader.session.seq)
    ]
