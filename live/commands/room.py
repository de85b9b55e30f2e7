"""Commands that open and end the room."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from live.commands.base import StaffCommand
from live.models import Event
from live.services.sessions import REASON_CHARACTERS, end_room, open_room
from live.services.tickets import Participant


class RoomOpen(StaffCommand):
    """Start the class."""

    type: Literal["room.open"]

    def handle(self, participant: Participant) -> Event | None:
        return open_room(session_id=participant.session_id, by=participant.user, client_id=self.id)


class RoomEnd(StaffCommand):
    """End the class and write its attendance."""

    type: Literal["room.end"]
    reason: Annotated[str, StringConstraints(max_length=REASON_CHARACTERS)] = ""

    def handle(self, participant: Participant) -> Event | None:
        return end_room(
            session_id=participant.session_id, by=participant.user, reason=self.reason, client_id=self.id
        )


COMMANDS = (
    RoomOpen,
    RoomEnd,
)
