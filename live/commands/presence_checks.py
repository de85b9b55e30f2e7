"""The command that answers a presence check."""

from typing import Literal

from live.commands.base import RoomCommand, Sequence
from live.hub.buckets import Rate
from live.models import Event
from live.services.presence_checks import answer_check
from live.services.tickets import Participant

CHECK_RATE = Rate(burst=5, seconds=2.0)


class CheckAnswer(RoomCommand):
    """Answer the presence check of event `seq`."""

    rate = CHECK_RATE

    type: Literal["check.answer"]
    seq: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return answer_check(
            session_id=participant.session_id, by=participant.user, seq=self.seq, client_id=self.id
        )


COMMANDS = (CheckAnswer,)
