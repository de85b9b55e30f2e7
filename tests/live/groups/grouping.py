"""A class with people in groups, for tests."""

import json
import uuid
from typing import Any

from accounts.models import User
from live.enums import Division, LiveRole
from live.models import GroupList, GroupPlace, LiveSession
from live.queries.admission import Reader, participant_key
from live.queries.groups import groups_shown
from live.queries.log import logged_events_after
from live.services.group_lists import prepare_groups
from live.services.group_talk import post_in_group
from live.services.groups import move_person, open_groups


def listed(session: LiveSession, by: User, *groups: list[User]) -> GroupList:
    """A list that puts `groups` into groups 1, 2 …"""
    prepared = prepare_groups(
        session_id=session.pk, by=by, groups=max(2, len(groups)), division=Division.HAND
    )
    for number, people in enumerate(groups, 1):
        GroupPlace.objects.bulk_create(GroupPlace(list=prepared, user=user, group=number) for user in people)
    return prepared


def opened(session: LiveSession, by: User, *groups: list[User], minutes: int | None = None) -> int:
    """Send everyone into groups; the number of the event."""
    event = open_groups(
        session_id=session.pk, by=by, list_id=listed(session, by, *groups).pk, minutes=minutes
    )
    return event.seq


def said(session: LiveSession, by: User, text: str = "كلام المجموعة", group: int | None = None) -> int:
    return post_in_group(session_id=session.pk, by=by, text=text, group=group, client_id=uuid.uuid4()).seq


def moved(session: LiveSession, by: User, who: User, group: int | None) -> int | None:
    event = move_person(session_id=session.pk, by=by, who=participant_key(session.pk, who.pk), group=group)
    return event and event.seq


def told_to(session: LiveSession, user: User, *, is_staff: bool = False) -> dict[int, dict[str, Any]]:
    """Every event body `user` receives, by its number."""
    return {
        event.seq: json.loads(event.text_for(user.pk, is_staff=is_staff))
        for event in logged_events_after(session.pk, 0, 500)
    }


def shown_to(session: LiveSession, user: User, role: LiveRole = LiveRole.TRAINEE) -> dict[str, Any]:
    """The groups in the welcome of `user`."""
    session.refresh_from_db()
    return groups_shown(Reader(session, user, role))
