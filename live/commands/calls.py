"""Commands of trainees who ask to be called by phone."""

from typing import Literal

from live.commands.base import RoomCommand, Sequence, StaffCommand
from live.hub.buckets import Rate
from live.models import Event
from live.services.calls import ask_for_call, close_call
from live.services.tickets import Participant

CALL_RATE = Rate(burst=3, seconds=10.0)


class CallAsk(RoomCommand):
    """Ask the staff for a phone call."""

    rate = CALL_RATE

    type: Literal["call.ask"]

    def handle(self, participant: Participant) -> Event | None:
        return ask_for_call(session_id=participant.session_id, by=participant.user, client_id=self.id)


class CallCancel(RoomCommand):
    """Withdraw one's own request."""

    rate = CALL_RATE

    type: Literal["call.cancel"]

    def handle(self, participant: Participant) -> Event | None:
        return close_call(session_id=participant.session_id, by=participant.user, client_id=self.id)


class CallDone(StaffCommand):
    """Mark the request of event `seq` done."""

    type: Literal["call.done"]
    seq: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return close_call(
            session_id=participant.session_id, by=participant.user, seq=self.seq, client_id=self.id
        )


COMMANDS = (
    CallAsk,
    CallCancel,
    CallDone,
)
