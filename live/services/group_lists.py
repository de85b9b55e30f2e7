"""Lists that divide a cohort into groups: filled by the server, edited by staff, stored for later classes."""

import secrets
import uuid

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from live.enums import Division, LiveState
from live.errors import NoSuchGroup, NoSuchPerson, RoomEnded, TooManyGroupLists
from live.models import GroupList, GroupPlace, LiveSession
from live.queries.groups import group_lists_of, here_now, trainees_with_login
from live.queries.people import user_of_key
from live.services.chat import clean_text
from live.services.events import locked_session

MOST_GROUPS = 30
MOST_LISTS = 30
GROUP_NAME_CHARACTERS = 60

_random = secrets.SystemRandom()


def _preparing(session_id: int) -> LiveSession:
    session = locked_session(session_id)
    if session.state == LiveState.ENDED:
        raise RoomEnded
    return session


def list_of(session: LiveSession, list_id: int) -> GroupList:
    found = group_lists_of(session).filter(pk=list_id).first()
    if found is None:
        raise NoSuchGroup
    return found


@transaction.atomic
def prepare_groups(
    *,
    session_id: int,
    by: User,
    groups: int,
    division: Division,
    name: str = "",
    client_id: uuid.UUID | None = None,
) -> GroupList:
    """Divide everyone enrolled into `groups` groups; `Division.HAND` leaves them empty. Raises `TooManyGroupLists`."""
    session = _preparing(session_id)
    if client_id and (done := group_lists_of(session).filter(client_id=client_id).first()):
        return done
    if group_lists_of(session).count() >= MOST_LISTS:
        raise TooManyGroupLists
    now = timezone.now()
    name = clean_text(name, limit=GROUP_NAME_CHARACTERS).replace("\n", " ")
    made = GroupList.objects.create(
        cohort=session.class_session.cohort,
        name=name or f"{timezone.localtime(now):%d/%m/%Y %H:%M}",
        groups=groups,
        made_by=by,
        made_at=now,
        client_id=client_id,
    )
    dealt = _deal(session, groups, division)
    GroupPlace.objects.bulk_create(
        GroupPlace(list=made, user_id=user_id, group=group) for user_id, group in dealt
    )
    log(session, "live.groups.prepare", user=by, data={"list": made.pk, "name": made.name})
    return made


def _deal(session: LiveSession, groups: int, division: Division) -> list[tuple[int, int]]:
    """Return (login, group) of each person."""
    if division == Division.HAND:
        return []
    people = list(trainees_with_login(session).values_list("pk", flat=True))
    if division == Division.ORDER:
        return [(user_id, 1 + place * groups // len(people)) for place, user_id in enumerate(people)]
    _random.shuffle(people)
    # People in the room are placed first, so that groups have equal sizes with and without the others.
    here = here_now(session.pk)
    people.sort(key=lambda user_id: user_id not in here)
    return [(user_id, 1 + place % groups) for place, user_id in enumerate(people)]


@transaction.atomic
def place_in_list(*, session_id: int, by: User, list_id: int, who: str, group: int | None) -> None:
    """Put a person into a group of a list, or into none. Raises `NoSuchGroup`, `NoSuchPerson`."""
    session = _preparing(session_id)
    prepared = list_of(session, list_id)
    if group is not None and group > prepared.groups:
        raise NoSuchGroup
    person = user_of_key(session, who, trainees_with_login(session))
    if person is None:
        raise NoSuchPerson
    if group is None:
        GroupPlace.objects.filter(list=prepared, user=person).delete()
    else:
        GroupPlace.objects.update_or_create(list=prepared, user=person, defaults={"group": group})


@transaction.atomic
def discard_groups(*, session_id: int, by: User, list_id: int) -> None:
    """Delete a list. The log of the class keeps what happened in groups. Raises `NoSuchGroup`."""
    session = _preparing(session_id)
    prepared = list_of(session, list_id)
    log(session, "live.groups.discard", user=by, data={"list": prepared.pk, "name": prepared.name})
    prepared.delete()
