"""Keeping order."""

from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator

from live.commands.base import Sequence, StaffVerb
from live.models import Event
from live.services.moderation import (
    kick_person,
    mute_all,
    mute_person,
    readmit_person,
    remove_person,
    unmute_all,
    unmute_person,
)
from live.services.tickets import Seat

type Key = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class PersonVerb(StaffVerb):
    """About a trainee: the author of event `seq`, or whom key `who` names. One of the two."""

    seq: Sequence | None = None
    who: Key | None = None

    @model_validator(mode="after")
    def names_one(self) -> Self:
        if (self.seq is None) == (self.who is None):
            raise ValueError("either seq or who")
        return self


class PersonMute(PersonVerb):
    """Refuse further messages of the person."""

    type: Literal["person.mute"]

    def obey(self, seat: Seat) -> Event | None:
        return mute_person(
            session_id=seat.session_id, by=seat.user, seq=self.seq, who=self.who, client_id=self.id
        )


class PersonUnmute(PersonVerb):
    """Take messages of the person again."""

    type: Literal["person.unmute"]

    def obey(self, seat: Seat) -> Event | None:
        return unmute_person(
            session_id=seat.session_id, by=seat.user, seq=self.seq, who=self.who, client_id=self.id
        )


class PersonKick(PersonVerb):
    """Send the person out; they may come back."""

    type: Literal["person.kick"]

    def obey(self, seat: Seat) -> Event | None:
        return kick_person(
            session_id=seat.session_id, by=seat.user, seq=self.seq, who=self.who, client_id=self.id
        )


class PersonRemove(PersonVerb):
    """Put the person out of this class."""

    type: Literal["person.remove"]

    def obey(self, seat: Seat) -> Event | None:
        return remove_person(
            session_id=seat.session_id, by=seat.user, seq=self.seq, who=self.who, client_id=self.id
        )


class PersonReadmit(StaffVerb):
    """Take a removal back."""

    type: Literal["person.readmit"]
    who: Key

    def obey(self, seat: Seat) -> Event | None:
        return readmit_person(session_id=seat.session_id, by=seat.user, who=self.who, client_id=self.id)


class AllMute(StaffVerb):
    """Refuse the messages of every trainee."""

    type: Literal["all.mute"]

    def obey(self, seat: Seat) -> Event | None:
        return mute_all(session_id=seat.session_id, by=seat.user, client_id=self.id)


class AllUnmute(StaffVerb):
    """Take every mute back."""

    type: Literal["all.unmute"]

    def obey(self, seat: Seat) -> Event | None:
        return unmute_all(session_id=seat.session_id, by=seat.user, client_id=self.id)


COMMANDS = (
    PersonMute,
    PersonUnmute,
    PersonKick,
    PersonRemove,
    PersonReadmit,
    AllMute,
    AllUnmute,
)
