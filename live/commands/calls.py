"""Being phoned."""

from typing import Literal

from live.commands.base import Sequence, StaffVerb, Verb
from live.hub.buckets import Rate
from live.models import Event
from live.services.calls import ask_for_call, close_call
from live.services.tickets import Seat

CALL_RATE = Rate(burst=3, seconds=10.0)


class CallAsk(Verb):
    """Ask the staff to phone."""

    rate = CALL_RATE

    type: Literal["call.ask"]

    def obey(self, seat: Seat) -> Event | None:
        return ask_for_call(session_id=seat.session_id, by=seat.user, client_id=self.id)


class CallCancel(Verb):
    """Take one's wish back."""

    rate = CALL_RATE

    type: Literal["call.cancel"]

    def obey(self, seat: Seat) -> Event | None:
        return close_call(session_id=seat.session_id, by=seat.user, client_id=self.id)


class CallDone(StaffVerb):
    """Mark the wish of event `seq` done."""

    type: Literal["call.done"]
    seq: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return close_call(session_id=seat.session_id, by=seat.user, seq=self.seq, client_id=self.id)


COMMANDS = (
    CallAsk,
    CallCancel,
    CallDone,
)
