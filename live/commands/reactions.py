"""The command for reactions."""

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
    """Send a reaction."""

    rate = REACTION_RATE

    type: Literal["reaction.send"]
    # Strict mode would refuse an enum value written as a JSON string.
    reaction: Annotated[Reaction, Field(strict=False)]

    def handle(self, participant: Participant) -> Event | None:
        react(session_id=participant.session_id, by=participant.user, reaction=self.reaction)
        return None


COMMANDS = (ReactionSend,)
