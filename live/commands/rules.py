"""The command that changes the rules of a room."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from live.commands.base import StaffCommand
from live.models import Event
from live.models.room_rules import SLOW_MODE_SECONDS
from live.services.rules import change_rules
from live.services.tickets import Participant


class RulesSet(StaffCommand):
    """Set one or more rules of the room; the others are unchanged."""

    type: Literal["rules.set"]
    slow_seconds: Annotated[int, Field(ge=0, le=SLOW_MODE_SECONDS)] | None = None
    trainee_chat: bool | None = None
    lobby: bool | None = None
    locked: bool | None = None

    @model_validator(mode="after")
    def names_something(self) -> Self:
        if not self.changes:
            raise ValueError("no rule is named")
        return self

    @property
    def changes(self) -> dict[str, int | bool]:
        return self.model_dump(exclude={"type", "id"}, exclude_none=True)

    def handle(self, participant: Participant) -> Event | None:
        return change_rules(
            session_id=participant.session_id, by=participant.user, changes=self.changes, client_id=self.id
        )


COMMANDS = (RulesSet,)
