"""What every command of a client has: a type, an id the client made, a rate, and who may give it."""

import uuid
from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from live.hub.buckets import Rate

if TYPE_CHECKING:
    from live.models import Event
    from live.services.tickets import Participant

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

    @classmethod
    def command_type(cls) -> str:
        """What the command is called on the line."""
        return str(cls.model_fields["type"].annotation.__args__[0])  # type: ignore[union-attr]


class RoomCommand(Command):
    """A command that changes the room: what it does lasts, and its `id` makes a repetition harmless."""

    @abstractmethod
    def handle(self, participant: "Participant") -> "Event | None":
        """Call the service, in a thread with the database. Returns the event that was made, None where nothing had to change."""


class StaffCommand(RoomCommand):
    for_staff = True
