"""Commands of groups: prepare, open, visit, close, and their messages."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from live.commands.base import RoomCommand, Sequence, StaffCommand
from live.commands.chat import CHAT_RATE, Text
from live.commands.moderation import Key
from live.enums import Division
from live.hub.buckets import Rate
from live.models import Event
from live.services.group_lists import (
    GROUP_NAME_CHARACTERS,
    MOST_GROUPS,
    discard_groups,
    place_in_list,
    prepare_groups,
)
from live.services.group_talk import announce_to_groups, call_to_group, post_in_group, visit_group
from live.services.groups import close_groups, move_person, open_groups
from live.services.tickets import Participant

type GroupNumber = Annotated[int, Field(ge=1, le=MOST_GROUPS)]


class GroupPrepare(StaffCommand):
    """Make a list of groups for the cohort."""

    type: Literal["group.prepare"]
    groups: Annotated[int, Field(ge=2, le=MOST_GROUPS)]
    # Strict mode would refuse a member of a list of words written as text.
    division: Annotated[Division, Field(strict=False)]
    name: Annotated[str, StringConstraints(max_length=4 * GROUP_NAME_CHARACTERS)] = ""

    def handle(self, participant: Participant) -> Event | None:
        prepare_groups(
            session_id=participant.session_id,
            by=participant.user,
            groups=self.groups,
            division=self.division,
            name=self.name,
            client_id=self.id,
        )
        return None


class GroupPlaceSet(StaffCommand):
    """Put a person into a group of list `list`, or into none."""

    type: Literal["group.place"]
    list: Sequence
    who: Key
    group: GroupNumber | None

    def handle(self, participant: Participant) -> Event | None:
        place_in_list(
            session_id=participant.session_id,
            by=participant.user,
            list_id=self.list,
            who=self.who,
            group=self.group,
        )
        return None


class GroupDiscard(StaffCommand):
    """Delete list `list`."""

    type: Literal["group.discard"]
    list: Sequence

    def handle(self, participant: Participant) -> Event | None:
        discard_groups(session_id=participant.session_id, by=participant.user, list_id=self.list)
        return None


class GroupOpen(StaffCommand):
    """Open the groups of list `list`."""

    type: Literal["group.open"]
    list: Sequence
    minutes: Annotated[int, Field(ge=1, le=180)] | None = None

    def handle(self, participant: Participant) -> Event | None:
        return open_groups(
            session_id=participant.session_id,
            by=participant.user,
            list_id=self.list,
            minutes=self.minutes,
            client_id=self.id,
        )


class GroupMove(StaffCommand):
    """Move a person to another group, or to none."""

    type: Literal["group.move"]
    who: Key
    group: GroupNumber | None

    def handle(self, participant: Participant) -> Event | None:
        return move_person(
            session_id=participant.session_id,
            by=participant.user,
            who=self.who,
            group=self.group,
            client_id=self.id,
        )


class GroupVisit(StaffCommand):
    """Visit a group."""

    type: Literal["group.visit"]
    group: GroupNumber

    def handle(self, participant: Participant) -> Event | None:
        return visit_group(
            session_id=participant.session_id, by=participant.user, group=self.group, client_id=self.id
        )


class GroupAnnounce(StaffCommand):
    """Send an announcement to all groups."""

    rate = CHAT_RATE

    type: Literal["group.announce"]
    text: Text

    def handle(self, participant: Participant) -> Event | None:
        return announce_to_groups(
            session_id=participant.session_id, by=participant.user, text=self.text, client_id=self.id
        )


class GroupClose(StaffCommand):
    """Close the groups."""

    type: Literal["group.close"]

    def handle(self, participant: Participant) -> Event | None:
        return close_groups(session_id=participant.session_id, by=participant.user, client_id=self.id)


class GroupSay(RoomCommand):
    """Write to one's own group; staff name the group."""

    rate = CHAT_RATE

    type: Literal["group.say"]
    text: Text
    group: GroupNumber | None = None

    def handle(self, participant: Participant) -> Event | None:
        return post_in_group(
            session_id=participant.session_id,
            by=participant.user,
            text=self.text,
            group=self.group,
            client_id=self.id,
        )


class GroupCall(RoomCommand):
    """Ask an instructor to visit one's group."""

    rate = Rate(burst=3, seconds=5.0)

    type: Literal["group.call"]

    def handle(self, participant: Participant) -> Event | None:
        return call_to_group(session_id=participant.session_id, by=participant.user, client_id=self.id)


COMMANDS = (
    GroupPrepare,
    GroupPlaceSet,
    GroupDiscard,
    GroupOpen,
    GroupMove,
    GroupVisit,
    GroupAnnounce,
    GroupClose,
    GroupSay,
    GroupCall,
)
