"""The class begins and ends."""

from typing import Literal

from live import services
from live.commands.base import StaffVerb
from live.models import Event
from live.services import Seat


class RoomOpen(StaffVerb):
    """Start the class."""

    type: Literal["room.open"]

    def obey(self, seat: Seat) -> Event | None:
        return services.open_room(session_id=seat.session_id, by=seat.user, client_id=self.id)


class RoomEnd(StaffVerb):
    """End the class and write its attendance."""

    type: Literal["room.end"]

    def obey(self, seat: Seat) -> Event | None:
        return services.end_room(session_id=seat.session_id, by=seat.user, client_id=self.id)


COMMANDS = (
    RoomOpen,
    RoomEnd,
)
