"""Commands of the chat."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from live.commands.base import RoomCommand, Sequence, StaffCommand
from live.hub.buckets import Rate
from live.models import Event
from live.services.chat import (
    MESSAGE_CHARACTERS,
    pin_message,
    post_to_staff,
    remove_message,
    send_message,
    unpin_message,
)
from live.services.tickets import Participant

CHAT_RATE = Rate(burst=5, seconds=2.0)

type Text = Annotated[str, StringConstraints(max_length=4 * MESSAGE_CHARACTERS)]


class ChatSend(RoomCommand):
    """Write a message."""

    rate = CHAT_RATE

    type: Literal["chat.send"]
    text: Text
    reply_to: Sequence | None = None

    def handle(self, participant: Participant) -> Event | None:
        return send_message(
            session_id=participant.session_id,
            by=participant.user,
            text=self.text,
            reply_to=self.reply_to,
            client_id=self.id,
        )


class StaffSay(StaffCommand):
    """Write a message to the staff only."""

    rate = CHAT_RATE

    type: Literal["staff.say"]
    text: Text

    def handle(self, participant: Participant) -> Event | None:
        return post_to_staff(
            session_id=participant.session_id, by=participant.user, text=self.text, client_id=self.id
        )


class MessageRemove(StaffCommand):
    """Hide message `seq`."""

    type: Literal["message.remove"]
    seq: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return remove_message(
            session_id=participant.session_id, by=participant.user, seq=self.seq, client_id=self.id
        )


class MessagePin(StaffCommand):
    """Pin message `seq`."""

    type: Literal["message.pin"]
    seq: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return pin_message(
            session_id=participant.session_id, by=participant.user, seq=self.seq, client_id=self.id
        )


class MessageUnpin(StaffCommand):
    """Unpin the pinned message."""

    type: Literal["message.unpin"]

    def handle(self, participant: Participant) -> Event | None:
        return unpin_message(session_id=participant.session_id, by=participant.user, client_id=self.id)


COMMANDS = (
    ChatSend,
    StaffSay,
    MessageRemove,
    MessagePin,
    MessageUnpin,
)
