"""Raised hands."""

from typing import Literal

from live.commands.base import Sequence, StaffVerb, Verb
from live.hub.buckets import Rate
from live.models import Event
from live.services.hands import call_hand, lower_hand, raise_hand
from live.services.tickets import Seat

HAND_RATE = Rate(burst=5, seconds=3.0)


class HandRaise(Verb):
    """Raise one's hand."""

    rate = HAND_RATE

    type: Literal["hand.raise"]

    def obey(self, seat: Seat) -> Event | None:
        return raise_hand(session_id=seat.session_id, by=seat.user, client_id=self.id)


class HandLower(Verb):
    """Lower one's hand."""

    rate = HAND_RATE

    type: Literal["hand.lower"]

    def obey(self, seat: Seat) -> Event | None:
        return lower_hand(session_id=seat.session_id, by=seat.user, client_id=self.id)


class HandCall(StaffVerb):
    """Let the person speak whose hand event `seq` raised."""

    type: Literal["hand.call"]
    seq: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return call_hand(session_id=seat.session_id, by=seat.user, seq=self.seq, client_id=self.id)


class HandDismiss(StaffVerb):
    """Lower the hand that event `seq` raised."""

    type: Literal["hand.dismiss"]
    seq: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return lower_hand(session_id=seat.session_id, by=seat.user, seq=self.seq, client_id=self.id)


COMMANDS = (
    HandRaise,
    HandLower,
    HandCall,
    HandDismiss,
)
