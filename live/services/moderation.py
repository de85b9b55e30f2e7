"""Moderation: mute, kick, removal. Each is an event of the log and a row of the audit trail."""

import uuid

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from live.enums import EventKind, LiveRole
from live.errors import NoSuchEvent, NoSuchPerson
from live.media_servers import media_backend
from live.models import Event, LiveSession, RoomEntry
from live.queries.admission import is_removed, role_in
from live.queries.hands import hands_up
from live.queries.people import people_of, user_of_key
from live.services.events import already_done, append_event, event_of, locked_session, require_open
from live.services.voice import stop_voice
from media_pipeline.services.revocations import revoke_playback, viewer_of

# Staff may act on the author of such an event.
SHOWS_PERSON = (EventKind.CHAT, EventKind.GROUP_SAID, EventKind.HAND_RAISED)
REMOVAL_KINDS = (EventKind.PERSON_KICKED, EventKind.PERSON_REMOVED)


def _target_trainee(session: LiveSession, *, seq: int | None, who: str | None) -> User:
    """The trainee who wrote the message or raised the hand of event `seq`, or whom key `who` names."""
    if seq is not None:
        person = event_of(session, seq, *SHOWS_PERSON).actor
    else:
        person = user_of_key(session, who or "", people_of(session))
    if person is None or role_in(session, person) == LiveRole.INSTRUCTOR:
        raise NoSuchEvent if seq is not None else NoSuchPerson
    return person


def _act_on_person(
    *,
    session_id: int,
    by: User,
    kind: EventKind,
    seq: int | None,
    who: str | None,
    client_id: uuid.UUID | None,
) -> Event:
    """Append `kind` about a trainee."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    person = _target_trainee(session, seq=seq, who=who)
    if kind in (*REMOVAL_KINDS, EventKind.PERSON_MUTED):
        stop_voice(session, by=by, of=person)
    if kind in REMOVAL_KINDS:
        _remove_from_room(session, person, by=by)
        media_backend().disconnect_user(
            session_id=session.pk, user=person, for_good=kind == EventKind.PERSON_REMOVED
        )
    event = append_event(
        session=session, kind=kind, actor=by, subject=person, target=seq, client_id=client_id
    )
    log(session, f"live.{kind}", user=by, data={"subject": person.pk, "seq": seq})
    return event


def _remove_from_room(session: LiveSession, person: User, *, by: User) -> None:
    """Clear the person's presence in the room and lower their hand."""
    RoomEntry.objects.filter(session=session, user=person).update(seen_at=None)
    hand = next((hand for hand in hands_up(session.pk) if hand.user_id == person.pk), None)
    if hand is not None:
        append_event(session=session, kind=EventKind.HAND_LOWERED, actor=by, subject=person, target=hand.seq)


@transaction.atomic
def mute_person(
    *,
    session_id: int,
    by: User,
    seq: int | None = None,
    who: str | None = None,
    client_id: uuid.UUID | None = None,
) -> Event:
    """Refuse the person's messages until they are unmuted; they may still raise a hand."""
    return _act_on_person(
        session_id=session_id, by=by, kind=EventKind.PERSON_MUTED, seq=seq, who=who, client_id=client_id
    )


@transaction.atomic
def unmute_person(
    *,
    session_id: int,
    by: User,
    seq: int | None = None,
    who: str | None = None,
    client_id: uuid.UUID | None = None,
) -> Event:
    return _act_on_person(
        session_id=session_id, by=by, kind=EventKind.PERSON_UNMUTED, seq=seq, who=who, client_id=client_id
    )


@transaction.atomic
def kick_person(
    *,
    session_id: int,
    by: User,
    seq: int | None = None,
    who: str | None = None,
    client_id: uuid.UUID | None = None,
) -> Event:
    """Close the person's sockets; they may come back."""
    return _act_on_person(
        session_id=session_id, by=by, kind=EventKind.PERSON_KICKED, seq=seq, who=who, client_id=client_id
    )


@transaction.atomic
def remove_person(
    *,
    session_id: int,
    by: User,
    seq: int | None = None,
    who: str | None = None,
    client_id: uuid.UUID | None = None,
) -> Event:
    """Remove the person from this class: their sockets close and no ticket is issued until they are readmitted."""
    event = _act_on_person(
        session_id=session_id, by=by, kind=EventKind.PERSON_REMOVED, seq=seq, who=who, client_id=client_id
    )
    # Addresses of slides are revoked separately; those of lessons are signed whenever a lesson is opened.
    if event.subject:
        revoke_playback(viewer=viewer_of(event.subject))
    return event


@transaction.atomic
def readmit_person(
    *, session_id: int, by: User, who: str, client_id: uuid.UUID | None = None
) -> Event | None:
    """Revoke a removal. None where there was none."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    person = _target_trainee(session, seq=None, who=who)
    if not is_removed(session.pk, person.pk):
        return None
    event = append_event(
        session=session, kind=EventKind.PERSON_READMITTED, actor=by, subject=person, client_id=client_id
    )
    log(session, "live.person.readmitted", user=by, data={"subject": person.pk})
    return event


def _act_on_all(*, session_id: int, by: User, kind: EventKind, client_id: uuid.UUID | None) -> Event:
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_open(session)
    if kind == EventKind.ALL_MUTED:
        stop_voice(session, by=by)
    event = append_event(session=session, kind=kind, actor=by, client_id=client_id)
    log(session, f"live.{kind}", user=by)
    return event


@transaction.atomic
def mute_all(*, session_id: int, by: User, client_id: uuid.UUID | None = None) -> Event:
    """Refuse the messages of every trainee, also of later ones, until they are unmuted one by one or all at once."""
    return _act_on_all(session_id=session_id, by=by, kind=EventKind.ALL_MUTED, client_id=client_id)


@transaction.atomic
def unmute_all(*, session_id: int, by: User, client_id: uuid.UUID | None = None) -> Event:
    """Revoke every mute, also those of single persons."""
    return _act_on_all(session_id=session_id, by=by, kind=EventKind.ALL_UNMUTED, client_id=client_id)
