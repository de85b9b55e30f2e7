"""Messages in groups: delivered only to their members and to staff."""

import uuid

from django.db import transaction

from accounts.models import User
from live.enums import EventKind, LiveRole
from live.errors import MessageRefused, Muted, NoSuchGroup, NotInGroup
from live.models import Event, GroupRound, LiveSession
from live.queries.admission import role_in
from live.queries.chat import is_muted
from live.queries.groups import groups_that_call, membership_of
from live.services.chat import clean_text
from live.services.events import already_done, append_event, locked_session
from live.services.groups import round_at_work


def _group_of_staff(session: LiveSession, by: User, round_: GroupRound, group: int | None) -> int:
    if role_in(session, by) != LiveRole.INSTRUCTOR:
        raise NotInGroup
    if group is None or group > round_.groups:
        raise NoSuchGroup
    return group


def _cleaned(text: str) -> str:
    text = clean_text(text)
    if not text:
        raise MessageRefused
    return text


@transaction.atomic
def post_in_group(
    *, session_id: int, by: User, text: str, group: int | None = None, client_id: uuid.UUID | None = None
) -> Event:
    """Write to one's own group or, as staff, to `group`. Mutes of the room apply here, its other chat rules do not.

    Raises `GroupsNotOpen`, `NotInGroup`, `NoSuchGroup`, `Muted`, `MessageRefused`.
    """
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    round_ = round_at_work(session)
    membership = membership_of(by.pk, round_)
    if membership is None:
        group = _group_of_staff(session, by, round_, group)
    elif group not in (None, membership.group):
        # The author was moved meanwhile: the message was meant for the former group.
        raise NotInGroup
    elif is_muted(session.pk, by.pk):
        raise Muted
    return append_event(
        session=session,
        kind=EventKind.GROUP_SAID,
        actor=by,
        target=round_.opened_seq,
        payload={"group": membership.group if membership else group, "text": _cleaned(text)},
        client_id=client_id,
    )


@transaction.atomic
def call_to_group(*, session_id: int, by: User, client_id: uuid.UUID | None = None) -> Event:
    """Ask an instructor to visit one's group; a repeated call changes nothing. Raises `GroupsNotOpen`, `NotInGroup`."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    round_ = round_at_work(session)
    membership = membership_of(by.pk, round_)
    if membership is None:
        raise NotInGroup
    if call := groups_that_call(round_).get(membership.group):
        return call
    return append_event(
        session=session,
        kind=EventKind.GROUP_CALLED,
        actor=by,
        subject=by,
        target=round_.opened_seq,
        payload={"group": membership.group},
        client_id=client_id,
    )


@transaction.atomic
def visit_group(*, session_id: int, by: User, group: int, client_id: uuid.UUID | None = None) -> Event:
    """Visit a group: its members are notified and its call is closed. Raises `GroupsNotOpen`, `NoSuchGroup`."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    round_ = round_at_work(session)
    return append_event(
        session=session,
        kind=EventKind.GROUP_VISITED,
        actor=by,
        target=round_.opened_seq,
        payload={"group": _group_of_staff(session, by, round_, group)},
        client_id=client_id,
    )


@transaction.atomic
def announce_to_groups(*, session_id: int, by: User, text: str, client_id: uuid.UUID | None = None) -> Event:
    """Send an announcement to all groups. Raises `GroupsNotOpen`, `MessageRefused`."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    round_ = round_at_work(session)
    return append_event(
        session=session,
        kind=EventKind.GROUP_ANNOUNCED,
        actor=by,
        target=round_.opened_seq,
        payload={"text": _cleaned(text)},
        client_id=client_id,
    )
