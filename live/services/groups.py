"""Groups of a class: opened from a list, changed while open, closed by staff or by the scheduler."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from live.enums import EventKind, LiveState
from live.errors import GroupsAlreadyOpen, GroupsEmpty, GroupsNotOpen, NoSuchGroup, NoSuchPerson
from live.models import Event, GroupMembership, GroupRound, LiveSession
from live.queries.admission import person_name
from live.queries.groups import membership_of, open_round_in, trainees_with_login
from live.queries.people import user_of_key
from live.services.events import already_done, append_event, locked_session, require_open
from live.services.group_lists import list_of


def round_at_work(session: LiveSession) -> GroupRound:
    """The groups that are open. Raises `GroupsNotOpen`."""
    require_open(session)
    round_ = open_round_in(session.pk)
    if round_ is None:
        raise GroupsNotOpen
    return round_


@transaction.atomic
def open_groups(
    *,
    session_id: int,
    by: User,
    list_id: int,
    minutes: int | None = None,
    client_id: uuid.UUID | None = None,
) -> Event:
    """Open the groups of a list, for `minutes` or until they are closed.

    Raises `GroupsAlreadyOpen`, `NoSuchGroup`, `GroupsEmpty`.
    """
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_open(session)
    if open_round_in(session.pk):
        raise GroupsAlreadyOpen
    prepared = list_of(session, list_id)
    # People who left the cohort since the list was made are left out.
    group_of = dict(prepared.places.values_list("user", "group"))
    people = [user for user in trainees_with_login(session) if user.pk in group_of]
    if not people:
        raise GroupsEmpty
    ends_at = timezone.now() + dt.timedelta(minutes=minutes) if minutes else None
    event = append_event(
        session=session,
        kind=EventKind.GROUP_OPENED,
        actor=by,
        payload={
            "groups": prepared.groups,
            "ends": ends_at.isoformat(timespec="milliseconds") if ends_at else None,
        },
        client_id=client_id,
    )
    round_ = GroupRound.objects.create(
        session=session, groups=prepared.groups, opened_seq=event.seq, ends_at=ends_at
    )
    GroupMembership.objects.bulk_create(
        GroupMembership(
            round=round_,
            user=user,
            name=person_name(user),
            group=group_of[user.pk],
            from_seq=event.seq,
        )
        for user in people
    )
    return event


@transaction.atomic
def move_person(
    *, session_id: int, by: User, who: str, group: int | None, client_id: uuid.UUID | None = None
) -> Event | None:
    """Move a trainee to another group, or to none. None where nothing changes.

    A newcomer does not receive earlier messages of the group. Raises `GroupsNotOpen`, `NoSuchGroup`, `NoSuchPerson`.
    """
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    round_ = round_at_work(session)
    if group is not None and group > round_.groups:
        raise NoSuchGroup
    person = user_of_key(session, who, trainees_with_login(session))
    if person is None:
        raise NoSuchPerson
    membership = membership_of(person.pk, round_)
    left = membership.group if membership else None
    if left == group:
        return None
    event = append_event(
        session=session,
        kind=EventKind.GROUP_MOVED,
        actor=by,
        subject=person,
        target=round_.opened_seq,
        payload={"group": group, "left": left, "whose": person_name(person)},
        client_id=client_id,
    )
    GroupMembership.objects.filter(round=round_, user=person, until_seq=None).update(until_seq=event.seq)
    if group is not None:
        GroupMembership.objects.create(
            round=round_, user=person, name=person_name(person), group=group, from_seq=event.seq
        )
    return event


@transaction.atomic
def close_groups(*, session_id: int, by: User, client_id: uuid.UUID | None = None) -> Event:
    """Close the groups. Raises `GroupsNotOpen`."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    return _close(session, round_at_work(session), by=by, client_id=client_id)


def _close(
    session: LiveSession, round_: GroupRound, *, by: User | None, client_id: uuid.UUID | None = None
) -> Event:
    event = append_event(
        session=session,
        kind=EventKind.GROUP_CLOSED,
        actor=by,
        target=round_.opened_seq,
        client_id=client_id,
    )
    round_.closed_seq = event.seq
    round_.save(update_fields=["closed_seq"])
    return event


def close_groups_of(session: LiveSession, *, by: User | None) -> None:
    """Close the groups of a class that ends."""
    if round_ := open_round_in(session.pk):
        _close(session, round_, by=by)


def close_due_groups() -> int:
    """Close the groups whose time is up. Return the number of classes.

    Any number of processes may call this at once: the room's lock lets only one of them find the groups open.
    """
    now = timezone.now()
    due = GroupRound.objects.filter(closed_seq=None, ends_at__lte=now, session__state=LiveState.OPEN)
    return sum(_close_due(session_id) for session_id in due.values_list("session", flat=True))


@transaction.atomic
def _close_due(session_id: int) -> bool:
    session = locked_session(session_id)
    round_ = open_round_in(session_id)
    if session.state != LiveState.OPEN or round_ is None:
        return False
    if round_.ends_at is None or round_.ends_at > timezone.now():
        return False
    _close(session, round_, by=None)
    return True
