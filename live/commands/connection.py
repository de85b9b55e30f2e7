"""Commands of the connection itself: joining, heartbeats, confirmations."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from live.commands.base import Command, Sequence
from live.enums import PlaybackState
from live.hub.buckets import Rate

HEARTBEAT_RATE = Rate(burst=4, seconds=5.0)
CONFIRM_RATE = Rate(burst=20, seconds=0.2)


class Hello(Command):
    """First frame of every socket. `since` is the last event the client has; later ones are replayed."""

    type: Literal["hello"]
    ticket: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    device: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{8,36}$")]
    since: Sequence | None = None


class Heartbeat(Command):
    """Sent every `BEAT_SECONDS`. `seen` is the last event the client has, `state` what it plays."""

    rate = HEARTBEAT_RATE

    type: Literal["beat"]
    seen: Sequence | None = None
    state: Annotated[PlaybackState | None, Field(strict=False)] = None


class Seen(Command):
    """Confirm events up to `seen`; every `CONFIRM_EVENTS` events or `CONFIRM_CHARACTERS`. Not answered."""

    rate = CONFIRM_RATE

    type: Literal["seen"]
    seen: Sequence


COMMANDS = (Hello, Heartbeat, Seen)
