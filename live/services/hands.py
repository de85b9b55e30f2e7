"""Raised hands, a first-in first-out queue."""

import uuid

from django.db import transaction

from accounts.models import User
from live.enums import EventKind
from live.errors import NoSuchEvent
from live.models import Event
from live.queries.hands import hands_up
from live.services.events import already_done, append_event, event_of, locked_session, require_open
from live.services.voice import stop_voice


@transaction.atomic
def raise_hand(*, session_id: int, by: User, client_id: uuid.UUID | None = None) -> Event:
    """Raise a hand; one that is already up keeps its place."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_open(session)
    mine = next((hand for hand in hands_up(session.pk) if hand.user_id == by.pk), None)
    if mine is not None:
        return event_of(session, mine.seq, EventKind.HAND_RAISED)
    return append_event(
        session=session, kind=EventKind.HAND_RAISED, actor=by, subject=by, client_id=client_id
    )


@transaction.atomic
def lower_hand(
    *, session_id: int, by: User, seq: int | None = None, client_id: uuid.UUID | None = None
) -> Event | None:
    """Lower one's own hand, or (staff) the hand raised by event `seq`. None where it was already lowered."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    hand = next(
        (
            hand
            for hand in hands_up(session.pk)
            if (hand.user_id == by.pk if seq is None else hand.seq == seq)
        ),
        None,
    )
    if hand is None:
        return None
    raised = event_of(session, hand.seq, EventKind.HAND_RAISED)
    if stop_voice(session, by=by, of=raised.subject, client_id=client_id):
        # Ending the voice has lowered the hand.
        return event_of(session, session.seq, EventKind.HAND_LOWERED)
    return append_event(
        session=session,
        kind=EventKind.HAND_LOWERED,
        actor=by,
        subject=raised.subject,
        target=hand.seq,
        client_id=client_id,
    )


@transaction.atomic
def call_hand(*, session_id: int, by: User, seq: int, client_id: uuid.UUID | None = None) -> Event:
    """Let the person whose hand event `seq` raised speak."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_open(session)
    if not any(hand.seq == seq for hand in hands_up(session.pk)):
        raise NoSuchEvent
    raised = event_of(session, seq, EventKind.HAND_RAISED)
    return append_event(
        session=session,
        kind=EventKind.HAND_CALLED,
        actor=by,
        subject=raised.subject,
        target=seq,
        payload={"whose": raised.name},
        client_id=client_id,
    )
