"""Requests to be called by phone, for trainees who cannot type."""

import uuid

from django.db import transaction
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from live.enums import EventKind
from live.errors import NoPhone, NoSuchEvent, PhoneHidden
from live.models import Event, LiveSession
from live.queries.calls import calls_open
from live.services.events import already_done, append_event, locked_session, require_open


@transaction.atomic
def ask_for_call(*, session_id: int, by: User, client_id: uuid.UUID | None = None) -> Event:
    """Ask staff for a phone call; an open request keeps its place in the queue. Raises `NoPhone`."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_open(session)
    if not by.phone:
        raise NoPhone
    if mine := next((call for call in calls_open(session_id) if call.subject_id == by.pk), None):
        return mine
    return append_event(session=session, kind=EventKind.CALL_ASKED, actor=by, subject=by, client_id=client_id)


@transaction.atomic
def close_call(
    *, session_id: int, by: User, seq: int | None = None, client_id: uuid.UUID | None = None
) -> Event | None:
    """Withdraw one's own request or (staff) mark request `seq` done. None where there is none open."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    call = next(
        (
            call
            for call in calls_open(session_id)
            if (call.subject_id == by.pk if seq is None else call.seq == seq)
        ),
        None,
    )
    if call is None:
        return None
    event = append_event(
        session=session,
        kind=EventKind.CALL_CLOSED,
        actor=by,
        subject=call.subject,
        target=call.seq,
        payload={"done": seq is not None},
        client_id=client_id,
    )
    if seq is not None:
        log(session, "live.call.done", user=by, data={"subject": call.subject_id, "seq": seq})
    return event


@transaction.atomic
def number_to_call(*, session: LiveSession, by: User, seq: int) -> str:
    """The phone number for the open request `seq`, for staff who may see people of the center. Each access is logged.

    Raises `NoSuchEvent`, `PhoneHidden`, `NoPhone`.
    """
    call = next((call for call in calls_open(session.pk) if call.seq == seq), None)
    if call is None or call.subject is None:
        raise NoSuchEvent
    if not may(by, Act.VIEW_PEOPLE, on=session):
        raise PhoneHidden
    if not call.subject.phone:
        raise NoPhone
    log(session, "live.phone.show", user=by, data={"subject": call.subject_id, "seq": seq})
    return call.subject.phone
