"""The door, and who helps to run the room."""

from typing import Literal

from live.commands.base import StaffVerb
from live.commands.moderation import Key
from live.models import Event
from live.services.order import add_host, admit, admit_all, remove_host
from live.services.tickets import Seat


class LobbyAdmit(StaffVerb):
    """Let in whom key `who` names."""

    type: Literal["lobby.admit"]
    who: Key

    def obey(self, seat: Seat) -> Event | None:
        return admit(session_id=seat.session_id, by=seat.user, who=self.who, client_id=self.id)


class LobbyAdmitAll(StaffVerb):
    """Let everyone in who waits."""

    type: Literal["lobby.admit_all"]

    def obey(self, seat: Seat) -> Event | None:
        return admit_all(session_id=seat.session_id, by=seat.user, client_id=self.id)


class HostAdd(StaffVerb):
    """Make a member of the center's staff co-instructor of this class."""

    type: Literal["host.add"]
    who: Key

    def obey(self, seat: Seat) -> Event | None:
        return add_host(session_id=seat.session_id, by=seat.user, who=self.who, client_id=self.id)


class HostRemove(StaffVerb):
    """End that."""

    type: Literal["host.remove"]
    who: Key

    def obey(self, seat: Seat) -> Event | None:
        return remove_host(session_id=seat.session_id, by=seat.user, who=self.who, client_id=self.id)


COMMANDS = (
    LobbyAdmit,
    LobbyAdmitAll,
    HostAdd,
    HostRemove,
)
