"""Messages, and who is muted."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from live.enums import EventKind, LiveRole
from live.models import Event, LiveSession
from live.models.room_rules import rules_of
from live.queries.admission import ADMITTED, Reader, cohorts_of
from live.queries.log import event_body, events_of

# Messages of a first welcome; the rest of the log stays on the server.
WELCOME_MESSAGES = 50
MUTES = (EventKind.PERSON_MUTED, EventKind.PERSON_UNMUTED, EventKind.ALL_MUTED, EventKind.ALL_UNMUTED)
PINS = (EventKind.CHAT_PINNED, EventKind.CHAT_UNPINNED)


def messages_of(
    session_id: int,
    *,
    limit: int = WELCOME_MESSAGES,
    up_to: int | None = None,
    kind: EventKind = EventKind.CHAT,
) -> list[dict[str, Any]]:
    """The last `limit` messages, oldest first."""
    chat = events_of(session_id).filter(kind=kind)
    if up_to is not None:
        chat = chat.filter(seq__lte=up_to)
    return [
        event_body(event, was_removed=event.was_removed) for event in reversed(chat.order_by("-seq")[:limit])
    ]


def pinned_in(session_id: int, *, up_to: int | None = None) -> dict[str, Any] | None:
    """The event that pinned the pinned message, None where there is none."""
    pins = events_of(session_id).filter(kind__in=PINS)
    if up_to is not None:
        pins = pins.filter(seq__lte=up_to)
    last = pins.order_by("-seq").first()
    if last is None or last.kind != EventKind.CHAT_PINNED:
        return None
    return event_body(last, was_removed=last.was_removed)


def pinned_shown(reader: Reader) -> dict[str, Any] | None:
    return pinned_in(reader.session.pk, up_to=reader.session.seq)


def staff_talk_shown(reader: Reader) -> list[dict[str, Any]]:
    """The last messages among the staff, for the staff."""
    if not reader.is_staff:
        return []
    return messages_of(reader.session.pk, up_to=reader.session.seq, kind=EventKind.STAFF_SAID)


# --- Mutes and slow mode -------------------------------------------------------------------------------------------


def is_muted(session_id: int, user_id: int) -> bool:
    """Whether the last mute or unmute of this person, or of all, was a mute."""
    last = (
        Event.objects.filter(Q(subject_id=user_id) | Q(subject=None), session_id=session_id, kind__in=MUTES)
        .order_by("-seq")
        .first()
    )
    return last is not None and last.kind in (EventKind.PERSON_MUTED, EventKind.ALL_MUTED)


def muted_in(session_id: int) -> set[int]:
    """The users whose last mute was not revoked; after "mute all", every trainee not unmuted since."""
    events = Event.objects.filter(session_id=session_id, kind__in=MUTES)
    last_for_all = events.filter(subject=None).order_by("-seq").first()
    muted: set[int] = set()
    if last_for_all is not None:
        events = events.filter(seq__gt=last_for_all.seq)
        if last_for_all.kind == EventKind.ALL_MUTED:
            muted = set(
                User.objects.filter(
                    person__enrollments__cohort__in=cohorts_of(session_id),
                    person__enrollments__state__in=ADMITTED,
                ).values_list("pk", flat=True)
            )
    last_of_each = events.exclude(subject=None).order_by("subject_id", "-seq").distinct("subject_id")
    for user_id, kind in last_of_each.values_list("subject_id", "kind"):
        if kind == EventKind.PERSON_MUTED:
            muted.add(user_id)
        else:
            muted.discard(user_id)
    return muted


def muted_shown(reader: Reader) -> list[str]:
    """Keys of the muted, for those who can unmute them."""
    if not reader.is_staff:
        return []
    return [reader.key_of(user_id) for user_id in sorted(muted_in(reader.session.pk))]


def seconds_to_wait(session: LiveSession, user_id: int) -> int:
    """The seconds until slow mode allows this trainee the next message."""
    slow_seconds = rules_of(session).slow_seconds
    if not slow_seconds:
        return 0
    mine = Event.objects.filter(session=session, actor_id=user_id, kind=EventKind.CHAT).order_by("-seq")
    last = mine.first()
    passed = (timezone.now() - last.created_at).total_seconds() if last else slow_seconds
    # Rounded up, so that a refusal never says "0 seconds".
    return max(0, -int(passed // 1) + slow_seconds)


def rules_shown(reader: Reader) -> dict[str, Any]:
    """The rules of the room, with the seconds this reader has to wait by them."""
    is_trainee = reader.role == LiveRole.TRAINEE
    wait = seconds_to_wait(reader.session, reader.user.pk) if is_trainee else 0
    return {**rules_of(reader.session).model_dump(), "wait": wait}
