"""Typed rules of a room. Stored in `LiveSession.settings` with the settings of other tools."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from live.models.rooms import LiveSession

SLOW_MODE_SECONDS = 300


class RoomRules(BaseModel):
    """Rules that staff may change during a class; a room without settings has these defaults."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    # Seconds a trainee has to wait between two messages; 0: none.
    slow_seconds: Annotated[int, Field(ge=0, le=SLOW_MODE_SECONDS)] = 0
    # Whether trainees may write at all.
    trainee_chat: bool = True
    # Whether a trainee waits in the lobby until staff admit them.
    lobby: bool = False
    # Whether the room is closed to newcomers; people who were in may come back.
    locked: bool = False


def rules_of(session: LiveSession) -> RoomRules:
    return RoomRules.model_validate(session.settings)
