"""Are you still there?"""

from typing import Literal

from live.commands.base import Sequence, Verb
from live.hub.buckets import Rate
from live.models import Event
from live.services.checks import answer_check
from live.services.tickets import Seat

CHECK_RATE = Rate(burst=5, seconds=2.0)


class CheckAnswer(Verb):
    """Answer the presence check of event `seq`."""

    rate = CHECK_RATE

    type: Literal["check.answer"]
    seq: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return answer_check(session_id=seat.session_id, by=seat.user, seq=self.seq, client_id=self.id)


COMMANDS = (CheckAnswer,)
