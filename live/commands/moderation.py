"""Commands of moderation."""

from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator

from live.commands.base import Sequence, StaffCommand
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
from live.services.tickets import Participant

type Key = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class PersonCommand(StaffCommand):
    """A command about a trainee: the author of event `seq`, or the person whose key is `who`. Exactly one of the two."""

    seq: Sequence | None = None
    who: Key | None = None

    @model_validator(mode="after")
    def names_one(self) -> Self:
        if (self.seq is None) == (self.who is None):
            raise ValueError("either seq or who")
        return self


class PersonMute(PersonCommand):
    """Refuse further messages of the person."""

    type: Literal["person.mute"]

    def handle(self, participant: Participant) -> Event | None:
        return mute_person(
            session_id=participant.session_id,
            by=participant.user,
            seq=self.seq,
            who=self.who,
            client_id=self.id,
        )


class PersonUnmute(PersonCommand):
    """Accept messages of the person again."""

    type: Literal["person.unmute"]

    def handle(self, participant: Participant) -> Event | None:
        return unmute_person(
            session_id=participant.session_id,
            by=participant.user,
            seq=self.seq,
            who=self.who,
            client_id=self.id,
        )


class PersonKick(PersonCommand):
    """Disconnect the person; they may come back."""

    type: Literal["person.kick"]

    def handle(self, participant: Participant) -> Event | None:
        return kick_person(
            session_id=participant.session_id,
            by=participant.user,
            seq=self.seq,
            who=self.who,
            client_id=self.id,
        )


class PersonRemove(PersonCommand):
    """Remove the person from this class."""

    type: Literal["person.remove"]

    def handle(self, participant: Participant) -> Event | None:
        return remove_person(
            session_id=participant.session_id,
            by=participant.user,
            seq=self.seq,
            who=self.who,
            client_id=self.id,
        )


class PersonReadmit(StaffCommand):
    """Revoke a removal."""

    type: Literal["person.readmit"]
    who: Key

    def handle(self, participant: Participant) -> Event | None:
        return readmit_person(
            session_id=participant.session_id, by=participant.user, who=self.who, client_id=self.id
        )


class AllMute(StaffCommand):
    """Refuse the messages of every trainee."""

    type: Literal["all.mute"]

    def handle(self, participant: Participant) -> Event | None:
        return mute_all(session_id=participant.session_id, by=participant.user, client_id=self.id)


class AllUnmute(StaffCommand):
    """Unmute all trainees."""

    type: Literal["all.unmute"]

    def handle(self, participant: Participant) -> Event | None:
        return unmute_all(session_id=participant.session_id, by=participant.user, client_id=self.id)


COMMANDS = (
    PersonMute,
    PersonUnmute,
    PersonKick,
    PersonRemove,
    PersonReadmit,
    AllMute,
    AllUnmute,
)
