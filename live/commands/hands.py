"""Raised hands."""

from typing import Literal

from live.commands.base import RoomCommand, Sequence, StaffCommand
from live.hub.buckets import Rate
from live.models import Event
from live.services.hands import call_hand, lower_hand, raise_hand
from live.services.tickets import Participant

HAND_RATE = Rate(burst=5, seconds=3.0)


class HandRaise(RoomCommand):
    """Raise one's hand."""

    rate = HAND_RATE

    type: Literal["hand.raise"]

    def handle(self, participant: Participant) -> Event | None:
        return raise_hand(session_id=participant.session_id, by=participant.user, client_id=self.id)


class HandLower(RoomCommand):
    """Lower one's hand."""

    rate = HAND_RATE

    type: Literal["hand.lower"]

    def handle(self, participant: Participant) -> Event | None:
        return lower_hand(session_id=participant.session_id, by=participant.user, client_id=self.id)


class HandCall(StaffCommand):
    """Let the person speak whose hand event `seq` raised."""

    type: Literal["hand.call"]
    seq: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return call_hand(
            session_id=participant.session_id, by=participant.user, seq=self.seq, client_id=self.id
        )


class HandDismiss(StaffCommand):
    """Lower the hand that event `seq` raised."""

    type: Literal["hand.dismiss"]
    seq: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return lower_hand(
            session_id=participant.session_id, by=participant.user, seq=self.seq, client_id=self.id
        )


COMMANDS = (
    HandRaise,
    HandLower,
    HandCall,
    HandDismiss,
)
