"""The command for captions typed during the class."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from live.commands.base import StaffCommand
from live.hub.buckets import Rate
from live.models import Event
from live.services.captions import CAPTION_CHARACTERS, publish_caption
from live.services.tickets import Participant

# A person types at most a line a second.
CAPTION_RATE = Rate(burst=10, seconds=1.0)


class CaptionSay(StaffCommand):
    """Show `text` to everyone for some seconds, and keep it for the lesson."""

    rate = CAPTION_RATE

    type: Literal["caption.say"]
    text: Annotated[str, StringConstraints(max_length=CAPTION_CHARACTERS), Field(min_length=1)]

    def handle(self, participant: Participant) -> Event | None:
        return publish_caption(
            session_id=participant.session_id, by=participant.user, text=self.text, client_id=self.id
        )


COMMANDS = (CaptionSay,)
