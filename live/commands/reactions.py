"""Reactions of the moment."""

from typing import Annotated, Literal

from pydantic import Field

from live.commands.base import RoomCommand
from live.enums import Reaction
from live.hub.buckets import Rate
from live.models import Event
from live.services.reactions import react
from live.services.tickets import Participant

REACTION_RATE = Rate(burst=3, seconds=3.0)


class ReactionSend(RoomCommand):
    """Say something of the moment."""

    rate = REACTION_RATE

    type: Literal["reaction.send"]
    # Strict mode would refuse the word that JSON has for it.
    reaction: Annotated[Reaction, Field(strict=False)]

    def handle(self, participant: Participant) -> Event | None:
        react(session_id=participant.session_id, by=participant.user, reaction=self.reaction)
        return None


COMMANDS = (ReactionSend,)
