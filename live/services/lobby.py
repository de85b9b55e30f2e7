"""The lobby, presence in the room, and co-instructors."""

import uuid
from functools import partial

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from live.enums import EventKind, LiveRole
from live.errors import InLobby, NoSuchPerson, RoomEnded, RoomLocked
from live.models import Event, Host, LiveSession, RoomEntry
from live.models.room_rules import rules_of
from live.queries.people import has_entered, host_candidates, is_let_in, people_of, user_of_key, waiting_in
from live.server.event_gateway import event_gateway
from live.services.events import already_done, append_event, locked_session

# --- Lobby ------------------------------------------------------------------------------------------------------


def require_past_lobby(session: LiveSession, user: User, role: LiveRole) -> None:
    """Refuse a trainee whom lock or lobby keeps out. People who were in may come back; staff always enter.

    Raises `RoomLocked`, `InLobby`.
    """
    if not is_past_lobby(session, user, role):
        raise RoomLocked if rules_of(session).locked else InLobby


def is_past_lobby(session: LiveSession, user: User, role: LiveRole) -> bool:
    """Whether neither lock nor lobby keeps `user` out."""
    rules = rules_of(session)
    if role != LiveRole.TRAINEE or not (rules.locked or rules.lobby):
        return True
    return has_entered(session.pk, user.pk) or is_let_in(session.pk, user.pk)


@transaction.atomic
def wait_in_lobby(*, session_id: int, by: User) -> Event | None:
    """Store that `by` waits in the lobby. None where that is known."""
    if any(event.subject_id == by.pk for event in waiting_in(session_id)):
        return None
    session = locked_session(session_id)
    if any(event.subject_id == by.pk for event in waiting_in(session_id)):
        return None
    return append_event(session=session, kind=EventKind.LOBBY_WAITING, actor=by, subject=by)


@transaction.atomic
def admit(*, session_id: int, by: User, who: str, client_id: uuid.UUID | None = None) -> Event:
    """Admit one person. Raises `NoSuchPerson` for one who is not waiting."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    person = user_of_key(session, who, people_of(session))
    if person is None or not any(event.subject_id == person.pk for event in waiting_in(session_id)):
        raise NoSuchPerson
    return append_event(
        session=session, kind=EventKind.LOBBY_ADMITTED, actor=by, subject=person, client_id=client_id
    )


@transaction.atomic
def admit_all(*, session_id: int, by: User, client_id: uuid.UUID | None = None) -> Event | None:
    """Admit everyone in the lobby. None if it is empty."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    if not waiting_in(session_id):
        return None
    return append_event(session=session, kind=EventKind.LOBBY_ADMITTED, actor=by, client_id=client_id)


# --- Presence ---------------------------------------------------------------------------------------------------


def note_entry(*, session_id: int, user: User) -> None:
    """Note that `user` entered."""
    now = timezone.now()
    RoomEntry.objects.update_or_create(
        session_id=session_id,
        user=user,
        defaults={"seen_at": now},
        create_defaults={"seen_at": now, "entered_at": now},
    )
    transaction.on_commit(partial(event_gateway.aggregate, session_id, "here"), robust=True)


def note_seen(*, session_id: int, user: User) -> None:
    """Note a heartbeat of `user`."""
    RoomEntry.objects.filter(session_id=session_id, user=user).update(seen_at=timezone.now())
    transaction.on_commit(partial(event_gateway.aggregate, session_id, "here"), robust=True)


# --- Co-instructors ------------------------------------------------------------------------------------------------


@transaction.atomic
def add_host(*, session_id: int, by: User, who: str, client_id: uuid.UUID | None = None) -> Event:
    """Make a member of the center's staff co-instructor of this class. Raises `NoSuchPerson`."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    if session.ended_at is not None:
        raise RoomEnded
    person = user_of_key(session, who, host_candidates(session))
    if person is None:
        raise NoSuchPerson
    Host.objects.create(session=session, user=person, added_by=by, added_at=timezone.now())
    event = append_event(
        session=session, kind=EventKind.HOST_ADDED, actor=by, subject=person, client_id=client_id
    )
    log(session, "live.host.add", user=by, data={"subject": person.pk})
    return event


@transaction.atomic
def remove_host(*, session_id: int, by: User, who: str, client_id: uuid.UUID | None = None) -> Event:
    """Remove a co-instructor and close their sockets. Raises `NoSuchPerson`."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    hosts = User.objects.filter(pk__in=Host.objects.filter(session=session).values("user"))
    person = user_of_key(session, who, hosts)
    if person is None:
        raise NoSuchPerson
    Host.objects.filter(session=session, user=person).delete()
    event = append_event(
        session=session, kind=EventKind.HOST_REMOVED, actor=by, subject=person, client_id=client_id
    )
    log(session, "live.host.remove", user=by, data={"subject": person.pk})
    return event
