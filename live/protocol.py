"""The protocol of the live socket. `docs/reference/live-protocol.md` describes it; a test compares the two.

Every frame is one JSON object in a text frame. A client sends commands with an `id` it made (a UUID); the server
answers each by `ack` or `error` with that `id`. For commands that last, the `id` also makes a repetition harmless.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, StringConstraints, ValidationError

from live.commands import COMMANDS, Command
from live.services.board import NOTES_CHARACTERS
from live.services.captions import CAPTION_CHARACTERS
from live.services.chat import MESSAGE_CHARACTERS
from live.services.decks import PAGES_AT_ONCE
from live.services.drawing import BOARD_POINTS, STROKE_POINTS
from live.services.group_lists import GROUP_NAME_CHARACTERS, MOST_GROUPS
from live.services.polls import OPTION_CHARACTERS, POLL_OPTIONS, POLL_QUESTION_CHARACTERS
from live.services.questions import QUESTION_CHARACTERS
from live.services.stage import DESCRIPTION_CHARACTERS, SURFACE

PATH = "/ws/live/"

# --- Limits ----------------------------------------------------------------------------------------------------

FRAME_BYTES = 8 * 1024
HELLO_SECONDS = 10
BEAT_SECONDS = 15
# A binary frame of the sender: eight bytes and a chunk.
MEDIA_FRAME_BYTES = 512 * 1024
# The sockets that send a trainee's voice and that deliver it to the instructor's page.
VOICE_PATH = "/ws/live/voice/"
LISTEN_PATH = "/ws/live/voice/listen/"
# The limit of all voices of one class.
VOICE_BYTES = 100_000_000
# The limits of one class: bytes, and runs of a recorder.
MEDIA_SESSION_BYTES = 6_000_000_000
MEDIA_TAKES = 1000
# Replies "error" to malformed or unknown frames before the socket is closed.
ERRORS_BEFORE_CLOSE = 5
# Refusals by rate before the socket is closed; a burst of normal clicks stays far below.
REFUSALS_BEFORE_CLOSE = 20
# A client confirms at the latest after so many events or so many characters of frames, and with every beat. Well below
# what a socket may leave unconfirmed; each confirmation costs the server as much as half a dozen deliveries.
CONFIRM_EVENTS = 200
CONFIRM_CHARACTERS = 64 * 1024

LIMITS: dict[str, int] = {
    "FRAME_BYTES": FRAME_BYTES,
    "HELLO_SECONDS": HELLO_SECONDS,
    "BEAT_SECONDS": BEAT_SECONDS,
    "MESSAGE_CHARACTERS": MESSAGE_CHARACTERS,
    "CAPTION_CHARACTERS": CAPTION_CHARACTERS,
    "POLL_QUESTION_CHARACTERS": POLL_QUESTION_CHARACTERS,
    "POLL_OPTIONS": POLL_OPTIONS,
    "OPTION_CHARACTERS": OPTION_CHARACTERS,
    "QUESTION_CHARACTERS": QUESTION_CHARACTERS,
    "NOTES_CHARACTERS": NOTES_CHARACTERS,
    "DESCRIPTION_CHARACTERS": DESCRIPTION_CHARACTERS,
    "PAGES_AT_ONCE": PAGES_AT_ONCE,
    "SURFACE": SURFACE,
    "STROKE_POINTS": STROKE_POINTS,
    "BOARD_POINTS": BOARD_POINTS,
    "MOST_GROUPS": MOST_GROUPS,
    "GROUP_NAME_CHARACTERS": GROUP_NAME_CHARACTERS,
    "ERRORS_BEFORE_CLOSE": ERRORS_BEFORE_CLOSE,
    "REFUSALS_BEFORE_CLOSE": REFUSALS_BEFORE_CLOSE,
    "CONFIRM_EVENTS": CONFIRM_EVENTS,
    "CONFIRM_CHARACTERS": CONFIRM_CHARACTERS,
    "MEDIA_FRAME_BYTES": MEDIA_FRAME_BYTES,
    "MEDIA_SESSION_BYTES": MEDIA_SESSION_BYTES,
    "MEDIA_TAKES": MEDIA_TAKES,
    "VOICE_BYTES": VOICE_BYTES,
}


class Reply(StrEnum):
    """Types of the frames the server sends."""

    WELCOME = "welcome"
    EVENTS = "events"
    ACK = "ack"
    ERROR = "error"
    EPHEMERAL = "passing"
    RUN = "run"
    QUIET = "quiet"


class ProtocolError(StrEnum):
    """Codes of `error` that the protocol itself gives; the domain's codes are in `live.errors`."""

    MALFORMED = "malformed"
    UNKNOWN_COMMAND = "unknown_command"
    HELLO_FIRST = "hello_first"
    TOO_BIG = "too_big"
    TOO_FAST = "too_fast"
    UNAVAILABLE = "unavailable"


# --- Reading -----------------------------------------------------------------------------------------------------


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
