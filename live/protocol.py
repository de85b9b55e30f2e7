"""The words of the live socket. `docs/live-protocol.md` describes the same; a test compares the two.

Every frame is one JSON object in a text frame. A client sends commands with an `id` it made (a UUID); the server
answers each by `ack` or `error` with that `id`. For commands that last, the `id` also makes a repetition harmless.
"""

import uuid
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from live.hub.buckets import Rate

PATH = "/ws/live/"

# --- Limits ----------------------------------------------------------------------------------------------------

FRAME_BYTES = 8 * 1024
HELLO_SECONDS = 10
BEAT_SECONDS = 15
MESSAGE_CHARACTERS = 500
# Replies "error" to malformed or unknown frames before the socket is closed.
ERRORS_BEFORE_CLOSE = 5
# Refusals by rate before the socket is closed; a burst of honest clicks stays far below.
REFUSALS_BEFORE_CLOSE = 20
# A client confirms at least this often (in events), and with every beat.
CONFIRM_EVENTS = 40

LIMITS: dict[str, int] = {
    "FRAME_BYTES": FRAME_BYTES,
    "HELLO_SECONDS": HELLO_SECONDS,
    "BEAT_SECONDS": BEAT_SECONDS,
    "MESSAGE_CHARACTERS": MESSAGE_CHARACTERS,
    "ERRORS_BEFORE_CLOSE": ERRORS_BEFORE_CLOSE,
    "REFUSALS_BEFORE_CLOSE": REFUSALS_BEFORE_CLOSE,
    "CONFIRM_EVENTS": CONFIRM_EVENTS,
}


class Reply(StrEnum):
    """Types of the frames the server sends."""

    WELCOME = "welcome"
    EVENTS = "events"
    ACK = "ack"
    ERROR = "error"


class ProtocolError(StrEnum):
    """Codes of `error` that the protocol itself gives; the domain's codes are in `live.errors`."""

    MALFORMED = "malformed"
    UNKNOWN_COMMAND = "unknown_command"
    HELLO_FIRST = "hello_first"
    TOO_BIG = "too_big"
    TOO_FAST = "too_fast"
    UNAVAILABLE = "unavailable"


# --- Commands --------------------------------------------------------------------------------------------------

CHAT_RATE = Rate(burst=5, seconds=2.0)
HAND_RATE = Rate(burst=5, seconds=3.0)
BEAT_RATE = Rate(burst=4, seconds=5.0)
CONFIRM_RATE = Rate(burst=20, seconds=0.2)
STAFF_RATE = Rate(burst=20, seconds=0.2)

type Sequence = Annotated[int, Field(ge=0, lt=2**62)]


class Command(BaseModel):
    """A command of a client. Unknown fields, wrong types and oversized values make it malformed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    rate: ClassVar[Rate] = STAFF_RATE
    for_staff: ClassVar[bool] = False

    type: str
    # Strict mode would refuse a UUID written as text, the only way JSON has.
    id: Annotated[uuid.UUID, Field(strict=False)]


class Hello(Command):
    """First frame of every socket. `since` is the last event the client has, to be replayed to from there."""

    type: Literal["hello"]
    ticket: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    device: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{8,36}$")]
    since: Sequence | None = None


class Beat(Command):
    """Every `BEAT_SECONDS`: still here. `seen` is the last event the client has."""

    rate = BEAT_RATE

    type: Literal["beat"]
    seen: Sequence | None = None


class Seen(Command):
    """Confirm events up to `seen`; every `CONFIRM_EVENTS` events. Not answered."""

    rate = CONFIRM_RATE

    type: Literal["seen"]
    seen: Sequence


class ChatSend(Command):
    """Write a message."""

    rate = CHAT_RATE

    type: Literal["chat.send"]
    text: Annotated[str, StringConstraints(max_length=4 * MESSAGE_CHARACTERS)]


class HandRaise(Command):
    """Raise one's hand."""

    rate = HAND_RATE

    type: Literal["hand.raise"]


class HandLower(Command):
    """Lower one's hand."""

    rate = HAND_RATE

    type: Literal["hand.lower"]


class StaffCommand(Command):
    for_staff = True


class RoomOpen(StaffCommand):
    """Start the class."""

    type: Literal["room.open"]


class RoomEnd(StaffCommand):
    """End the class and write its attendance."""

    type: Literal["room.end"]


class HandCall(StaffCommand):
    """Let the person speak whose hand event `seq` raised."""

    type: Literal["hand.call"]
    seq: Sequence


class HandDismiss(StaffCommand):
    """Lower the hand that event `seq` raised."""

    type: Literal["hand.dismiss"]
    seq: Sequence


class MessageRemove(StaffCommand):
    """Hide message `seq`."""

    type: Literal["message.remove"]
    seq: Sequence


class PersonMute(StaffCommand):
    """Refuse further messages of the author of event `seq`."""

    type: Literal["person.mute"]
    seq: Sequence


class PersonUnmute(StaffCommand):
    """Take messages of the author of event `seq` again."""

    type: Literal["person.unmute"]
    seq: Sequence


class PersonRemove(StaffCommand):
    """Put the author of event `seq` out of this class."""

    type: Literal["person.remove"]
    seq: Sequence


COMMANDS: dict[str, type[Command]] = {
    "hello": Hello,
    "beat": Beat,
    "seen": Seen,
    "chat.send": ChatSend,
    "hand.raise": HandRaise,
    "hand.lower": HandLower,
    "room.open": RoomOpen,
    "room.end": RoomEnd,
    "hand.call": HandCall,
    "hand.dismiss": HandDismiss,
    "message.remove": MessageRemove,
    "person.mute": PersonMute,
    "person.unmute": PersonUnmute,
    "person.remove": PersonRemove,
}


class Refused(Exception):
    """A frame that is not a command. `command_id` is its id where it had a readable one."""

    def __init__(self, code: ProtocolError, command_id: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.command_id = command_id


class _Envelope(BaseModel):
    type: Annotated[str, StringConstraints(max_length=40)]
    id: Annotated[str, StringConstraints(max_length=40)] | None = None


def parse(text: str) -> Command:
    """Read a text frame as a command, or raise `Refused`."""
    try:
        envelope = _Envelope.model_validate_json(text)
    except ValidationError as error:
        raise Refused(ProtocolError.MALFORMED) from error
    if envelope.type not in COMMANDS:
        raise Refused(ProtocolError.UNKNOWN_COMMAND, envelope.id)
    try:
        return COMMANDS[envelope.type].model_validate_json(text)
    except ValidationError as error:
        raise Refused(ProtocolError.MALFORMED, envelope.id) from error
