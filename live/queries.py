"""Reads of live classes: who may enter, what happened, who was there."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import fenced, may
from courses.enums import AttendanceStatus, EnrollmentState
from courses.models import Enrollment
from live.enums import EventKind, LiveRole, LiveState
from live.hub import LoggedEvent
from live.models import Event, LiveSession, PresenceMinute
from live.policy import policy_of

# A withdrawn trainee leaves the room; one who completed may still come to the last class.
ADMITTED = (EnrollmentState.ACTIVE, EnrollmentState.COMPLETED)
HAND_KINDS = (EventKind.HAND_RAISED, EventKind.HAND_CALLED, EventKind.HAND_LOWERED)
# Messages of a first welcome; the rest of the log stays on the server.
WELCOME_MESSAGES = 50
# A client further behind than this starts afresh.
REPLAY_EVENTS = 500


def person_name(user: User) -> str:
    """The name a room shows: the person's own, in Arabic, else the login's."""
    return user.person.full_name_ar if user.person else user.get_full_name()


def participant_key(session_id: int, user_id: int) -> str:
    """A name for a person inside one room that gives away no database key."""
    key = salted_hmac("live.participant", f"{session_id}:{user_id}", algorithm="sha256")
    return key.hexdigest()[:12]


# --- Who may enter ---------------------------------------------------------------------------------------------


def live_sessions_of(user: User) -> QuerySet[LiveSession]:
    """The sessions `user` may enter: of their cohorts, those they teach, those of centers where they teach."""
    taught = fenced(LiveSession.objects.all(), user=user, act=Act.TEACH)
    mine = Enrollment.objects.filter(person__user=user, state__in=ADMITTED)
    return LiveSession.objects.filter(
        Q(pk__in=taught.values("pk"))
        | Q(class_session__trainer=user)
        | Q(class_session__cohort__in=user.cohorts_taught.values("pk"))
        | Q(class_session__cohort__in=mine.values("cohort"))
    ).select_related(
        "class_session__cohort__program", "class_session__cohort__center", "class_session__trainer"
    )


def role_in(session: LiveSession, user: User) -> LiveRole | None:
    """What `user` is in this room. Whoever is enrolled is a trainee there, whatever else they are elsewhere."""
    if not user.is_active:
        return None
    meeting = session.class_session
    if meeting.cohort.enrollments.filter(person__user=user, state__in=ADMITTED).exists():
        return LiveRole.TRAINEE
    teaches_it = meeting.trainer_id == user.pk or meeting.cohort.trainers.filter(pk=user.pk).exists()
    return LiveRole.TRAINER if teaches_it or may(user, Act.TEACH, on=session) else None


def is_removed(session_id: int, user_id: int) -> bool:
    return Event.objects.filter(
        session_id=session_id, subject_id=user_id, kind=EventKind.PERSON_REMOVED
    ).exists()


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


def still_admitted(session_id: int, user_ids: Collection[int]) -> set[int]:
    """Keep those of `user_ids` who may still be in the room."""
    session = LiveSession.objects.select_related("class_session__cohort").filter(pk=session_id).first()
    if session is None:
        return set()
    trainees = set(
        User.objects.filter(
            pk__in=user_ids,
            is_active=True,
            person__enrollments__in=session.class_session.cohort.enrollments.filter(state__in=ADMITTED),
        ).values_list("pk", flat=True)
    )
    staff = {
        user.pk
        for user in User.objects.filter(pk__in=set(user_ids) - trainees)
        if role_in(session, user) is not None
    }
    removed = set(
        Event.objects.filter(
            session_id=session_id, subject_id__in=user_ids, kind=EventKind.PERSON_REMOVED
        ).values_list("subject_id", flat=True)
    )
    return (trainees | staff) - removed


# --- What happened ---------------------------------------------------------------------------------------------


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
            name=event.payload.get("whose", event.name),
            is_called=event.kind == EventKind.HAND_CALLED,
        )
        for event in last_of_each
        if event.kind != EventKind.HAND_LOWERED and event.subject_id
    ]
    return sorted(hands, key=lambda hand: hand.seq)


@dataclass(frozen=True, slots=True)
class Welcome:
    """A consistent view of a room at event `seq`."""

    seq: int
    state: LiveState
    muted: set[int]
    hands: list[Hand]
    # None where the client only needs what it missed.
    messages: list[dict[str, Any]] | None
    # True where the client asked for a replay it cannot have.
    is_resync: bool
    minutes: int
    held: int


def welcome_of(session_id: int, user: User, *, since: int | None) -> Welcome:
    """The room as of its last event; with messages unless the client is close enough behind to be replayed to."""
    # The number is read first: events up to it are committed, later ones are filtered out below.
    session = LiveSession.objects.get(pk=session_id)
    can_replay = since is not None and session.seq - REPLAY_EVENTS <= since <= session.seq
    minutes, held = minutes_so_far(session, user.person_id)
    return Welcome(
        seq=session.seq,
        state=LiveState(session.state),
        muted=muted_in(session_id),
        hands=hands_up(session_id, up_to=session.seq),
        messages=None if can_replay else messages_of(session_id, up_to=session.seq),
        is_resync=since is not None and not can_replay,
        minutes=minutes,
        held=held,
    )


# --- Who was there ---------------------------------------------------------------------------------------------


def held_seconds(session: LiveSession) -> float:
    """How long the room was open, until now if it still is."""
    if session.opened_at is None:
        return 0.0
    return ((session.ended_at or timezone.now()) - session.opened_at).total_seconds()


def minutes_so_far(session: LiveSession, person_id: int | None) -> tuple[int, int]:
    """(minutes counted for the person, minutes held)."""
    if session.opened_at is None or person_id is None:
        return 0, 0
    policy, seconds = policy_of(session.attendance_policy), held_seconds(session)
    beats = PresenceMinute.objects.filter(session=session, person_id=person_id).values_list("minute", "beats")
    return policy.minutes_counted(beats, seconds=seconds), policy.held_minutes(seconds)


@dataclass(frozen=True, slots=True)
class Presence:
    """What the heartbeats of one enrollment add up to."""

    enrollment: Enrollment
    minutes: int
    held: int
    status: AttendanceStatus


def presence_in(session: LiveSession) -> list[Presence]:
    """Everyone enrolled, present or not, by name; two queries whatever the number of people."""
    policy, seconds = policy_of(session.attendance_policy), held_seconds(session)
    held = policy.held_minutes(seconds)
    beats: dict[int, list[tuple[int, int]]] = {}
    for person_id, minute, bits in PresenceMinute.objects.filter(session=session).values_list(
        "person_id", "minute", "beats"
    ):
        beats.setdefault(person_id, []).append((minute, bits))
    enrollments = (
        Enrollment.objects.filter(cohort__sessions__live=session, state__in=ADMITTED)
        .select_related("person")
        .order_by("person__folded_name", "pk")
    )
    rows = []
    for enrollment in enrollments:
        minutes = policy.minutes_counted(beats.get(enrollment.person_id, ()), seconds=seconds)
        rows.append(Presence(enrollment, minutes, held, policy.status(minutes=minutes, held=held)))
    return rows
