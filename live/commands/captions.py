"""Captions that are typed while somebody speaks."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from live.commands.base import StaffVerb
from live.hub.buckets import Rate
from live.models import Event
from live.services.captions import CAPTION_CHARACTERS, say_caption
from live.services.tickets import Seat

# Nobody types faster than a line a second.
CAPTION_RATE = Rate(burst=10, seconds=1.0)


class CaptionSay(StaffVerb):
    """Show `text` to everyone for some seconds, and keep it for the lesson."""

    rate = CAPTION_RATE

    type: Literal["caption.say"]
    text: Annotated[str, StringConstraints(max_length=CAPTION_CHARACTERS), Field(min_length=1)]

    def obey(self, seat: Seat) -> Event | None:
        return say_caption(session_id=seat.session_id, by=seat.user, text=self.text, client_id=self.id)


COMMANDS = (CaptionSay,)
