"""What people write."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from live.commands.base import Sequence, StaffVerb, Verb
from live.hub.buckets import Rate
from live.models import Event
from live.services.chat import (
    MESSAGE_CHARACTERS,
    pin_message,
    remove_message,
    say_to_staff,
    send_message,
    unpin_message,
)
from live.services.tickets import Seat

CHAT_RATE = Rate(burst=5, seconds=2.0)

type Text = Annotated[str, StringConstraints(max_length=4 * MESSAGE_CHARACTERS)]


class ChatSend(Verb):
    """Write a message."""

    rate = CHAT_RATE

    type: Literal["chat.send"]
    text: Text
    reply_to: Sequence | None = None

    def obey(self, seat: Seat) -> Event | None:
        return send_message(
            session_id=seat.session_id,
            by=seat.user,
            text=self.text,
            reply_to=self.reply_to,
            client_id=self.id,
        )


class StaffSay(StaffVerb):
    """Write a message that only the staff is told."""

    rate = CHAT_RATE

    type: Literal["staff.say"]
    text: Text

    def obey(self, seat: Seat) -> Event | None:
        return say_to_staff(session_id=seat.session_id, by=seat.user, text=self.text, client_id=self.id)


class MessageRemove(StaffVerb):
    """Hide message `seq`."""

    type: Literal["message.remove"]
    seq: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return remove_message(session_id=seat.session_id, by=seat.user, seq=self.seq, client_id=self.id)


class MessagePin(StaffVerb):
    """Put message `seq` on top of the talk."""

    type: Literal["message.pin"]
    seq: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return pin_message(session_id=seat.session_id, by=seat.user, seq=self.seq, client_id=self.id)


class MessageUnpin(StaffVerb):
    """Take the pinned message down."""

    type: Literal["message.unpin"]

    def obey(self, seat: Seat) -> Event | None:
        return unpin_message(session_id=seat.session_id, by=seat.user, client_id=self.id)


COMMANDS = (
    ChatSend,
    StaffSay,
    MessageRemove,
    MessagePin,
    MessageUnpin,
)
