"""What people write."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from live import services
from live.commands.base import Sequence, StaffVerb, Verb
from live.hub.buckets import Rate
from live.models import Event
from live.services import Seat

CHAT_RATE = Rate(burst=5, seconds=2.0)


class ChatSend(Verb):
    """Write a message."""

    rate = CHAT_RATE

    type: Literal["chat.send"]
    text: Annotated[str, StringConstraints(max_length=4 * services.MESSAGE_CHARACTERS)]

    def obey(self, seat: Seat) -> Event | None:
        return services.send_message(
            session_id=seat.session_id, by=seat.user, text=self.text, client_id=self.id
        )


class MessageRemove(StaffVerb):
    """Hide message `seq`."""

    type: Literal["message.remove"]
    seq: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return services.remove_message(
            session_id=seat.session_id, by=seat.user, seq=self.seq, client_id=self.id
        )


COMMANDS = (
    ChatSend,
    MessageRemove,
)
