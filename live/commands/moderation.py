"""Keeping order."""

from typing import Literal

from live import services
from live.commands.base import Sequence, StaffVerb
from live.models import Event
from live.services import Seat


class PersonMute(StaffVerb):
    """Refuse further messages of the author of event `seq`."""

    type: Literal["person.mute"]
    seq: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return services.mute_person(session_id=seat.session_id, by=seat.user, seq=self.seq, client_id=self.id)


class PersonUnmute(StaffVerb):
    """Take messages of the author of event `seq` again."""

    type: Literal["person.unmute"]
    seq: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return services.unmute_person(
            session_id=seat.session_id, by=seat.user, seq=self.seq, client_id=self.id
        )


class PersonRemove(StaffVerb):
    """Put the author of event `seq` out of this class."""

    type: Literal["person.remove"]
    seq: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return services.remove_person(
            session_id=seat.session_id, by=seat.user, seq=self.seq, client_id=self.id
        )


COMMANDS = (
    PersonMute,
    PersonUnmute,
    PersonRemove,
)
