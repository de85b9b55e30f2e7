"""How a room is run, typed where it is read. Kept in `LiveSession.settings` beside what other tools keep there."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from live.models.rooms import LiveSession

SLOW_MODE_SECONDS = 300


class RoomRules(BaseModel):
    """What the staff may switch while a class goes on; a room without settings has these defaults."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    # A trainee's message may follow the one before after this many seconds; 0 is at once.
    slow_seconds: Annotated[int, Field(ge=0, le=SLOW_MODE_SECONDS)] = 0
    # Whether trainees may write at all.
    trainee_chat: bool = True
    # Whether a trainee waits outside until the staff lets them in.
    lobby: bool = False
    # Whether nobody new comes in; who was in may come back.
    locked: bool = False


def rules_of(session: LiveSession) -> RoomRules:
    return RoomRules.model_validate(session.settings)
