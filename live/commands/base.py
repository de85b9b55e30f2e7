"""Base of client commands: a type, an id made by the client, a rate, and who may send it."""

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
        """The type of the command on the wire."""
        return str(cls.model_fields["type"].annotation.__args__[0])  # type: ignore[union-attr]


class RoomCommand(Command):
    """A command with a lasting effect; its `id` makes it idempotent."""

    @abstractmethod
    def handle(self, participant: "Participant") -> "Event | None":
        """Call the service, in a thread with the database. Returns the new event, None where nothing changed."""


class StaffCommand(RoomCommand):
    for_staff = True
