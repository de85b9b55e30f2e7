"""Commands about the lobby and co-instructors."""

from typing import Literal

from live.commands.base import StaffCommand
from live.commands.moderation import Key
from live.models import Event
from live.services.lobby import add_host, admit, admit_all, remove_host
from live.services.tickets import Participant


class LobbyAdmit(StaffCommand):
    """Admit the person whose key is `who`."""

    type: Literal["lobby.admit"]
    who: Key

    def handle(self, participant: Participant) -> Event | None:
        return admit(session_id=participant.session_id, by=participant.user, who=self.who, client_id=self.id)


class LobbyAdmitAll(StaffCommand):
    """Admit everyone in the lobby."""

    type: Literal["lobby.admit_all"]

    def handle(self, participant: Participant) -> Event | None:
        return admit_all(session_id=participant.session_id, by=participant.user, client_id=self.id)


class HostAdd(StaffCommand):
    """Make a member of the center's staff co-instructor of this class."""

    type: Literal["host.add"]
    who: Key

    def handle(self, participant: Participant) -> Event | None:
        return add_host(
            session_id=participant.session_id, by=participant.user, who=self.who, client_id=self.id
        )


class HostRemove(StaffCommand):
    """Remove a co-instructor."""

    type: Literal["host.remove"]
    who: Key

    def handle(self, participant: Participant) -> Event | None:
        return remove_host(
            session_id=participant.session_id, by=participant.user, who=self.who, client_id=self.id
        )


COMMANDS = (
    LobbyAdmit,
    LobbyAdmitAll,
    HostAdd,
    HostRemove,
)
