"""Groups: prepared, opened, visited, closed; and what is said in them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from live.commands.base import Sequence, StaffVerb, Verb
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
from live.services.group_talk import announce_to_groups, call_to_group, say_in_group, visit_group
from live.services.groups import close_groups, move_person, open_groups
from live.services.tickets import Seat

type GroupNumber = Annotated[int, Field(ge=1, le=MOST_GROUPS)]


class GroupPrepare(StaffVerb):
    """Make a list of groups for the cohort."""

    type: Literal["group.prepare"]
    groups: Annotated[int, Field(ge=2, le=MOST_GROUPS)]
    # Strict mode would refuse a member of a list of words written as text.
    division: Annotated[Division, Field(strict=False)]
    name: Annotated[str, StringConstraints(max_length=4 * GROUP_NAME_CHARACTERS)] = ""

    def obey(self, seat: Seat) -> Event | None:
        prepare_groups(
            session_id=seat.session_id,
            by=seat.user,
            groups=self.groups,
            division=self.division,
            name=self.name,
            client_id=self.id,
        )
        return None


class GroupPlaceSet(StaffVerb):
    """Put a person into a group of list `list`, or into none."""

    type: Literal["group.place"]
    list: Sequence
    who: Key
    group: GroupNumber | None

    def obey(self, seat: Seat) -> Event | None:
        place_in_list(
            session_id=seat.session_id, by=seat.user, list_id=self.list, who=self.who, group=self.group
        )
        return None


class GroupDiscard(StaffVerb):
    """Delete list `list`."""

    type: Literal["group.discard"]
    list: Sequence

    def obey(self, seat: Seat) -> Event | None:
        discard_groups(session_id=seat.session_id, by=seat.user, list_id=self.list)
        return None


class GroupOpen(StaffVerb):
    """Send everyone to the group list `list` puts them in."""

    type: Literal["group.open"]
    list: Sequence
    minutes: Annotated[int, Field(ge=1, le=180)] | None = None

    def obey(self, seat: Seat) -> Event | None:
        return open_groups(
            session_id=seat.session_id,
            by=seat.user,
            list_id=self.list,
            minutes=self.minutes,
            client_id=self.id,
        )


class GroupMove(StaffVerb):
    """Seat a person in another group, or in none."""

    type: Literal["group.move"]
    who: Key
    group: GroupNumber | None

    def obey(self, seat: Seat) -> Event | None:
        return move_person(
            session_id=seat.session_id, by=seat.user, who=self.who, group=self.group, client_id=self.id
        )


class GroupVisit(StaffVerb):
    """Come to a group."""

    type: Literal["group.visit"]
    group: GroupNumber

    def obey(self, seat: Seat) -> Event | None:
        return visit_group(session_id=seat.session_id, by=seat.user, group=self.group, client_id=self.id)


class GroupAnnounce(StaffVerb):
    """Say something to all groups."""

    rate = CHAT_RATE

    type: Literal["group.announce"]
    text: Text

    def obey(self, seat: Seat) -> Event | None:
        return announce_to_groups(session_id=seat.session_id, by=seat.user, text=self.text, client_id=self.id)


class GroupClose(StaffVerb):
    """Bring everybody back."""

    type: Literal["group.close"]

    def obey(self, seat: Seat) -> Event | None:
        return close_groups(session_id=seat.session_id, by=seat.user, client_id=self.id)


class GroupSay(Verb):
    """Write to one's own group; the staff says to which."""

    rate = CHAT_RATE

    type: Literal["group.say"]
    text: Text
    group: GroupNumber | None = None

    def obey(self, seat: Seat) -> Event | None:
        return say_in_group(
            session_id=seat.session_id,
            by=seat.user,
            text=self.text,
            group=self.group,
            client_id=self.id,
        )


class GroupCall(Verb):
    """Ask a trainer to come to one's group."""

    rate = Rate(burst=3, seconds=5.0)

    type: Literal["group.call"]

    def obey(self, seat: Seat) -> Event | None:
        return call_to_group(session_id=seat.session_id, by=seat.user, client_id=self.id)


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
