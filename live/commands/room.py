"""The class begins and ends."""

from typing import Literal

from live.commands.base import StaffVerb
from live.models import Event
from live.services.sessions import end_room, open_room
from live.services.tickets import Seat


class RoomOpen(StaffVerb):
    """Start the class."""

    type: Literal["room.open"]

    def obey(self, seat: Seat) -> Event | None:
        return open_room(session_id=seat.session_id, by=seat.user, client_id=self.id)


class RoomEnd(StaffVerb):
    """End the class and write its attendance."""

    type: Literal["room.end"]

    def obey(self, seat: Seat) -> Event | None:
        return end_room(session_id=seat.session_id, by=seat.user, client_id=self.id)


COMMANDS = (
    RoomOpen,
    RoomEnd,
)
