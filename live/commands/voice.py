"""A trainee's voice, as the staff ends it. It begins with a ticket and a socket of its own (`live.consumers.voice`)."""

from typing import Literal

from live.commands.base import StaffVerb
from live.models import Event
from live.services.tickets import Seat
from live.services.voice import end_voice


class VoiceEnd(StaffVerb):
    """End the voice of the trainee who speaks; the hand goes down."""

    type: Literal["voice.end"]

    def obey(self, seat: Seat) -> Event | None:
        return end_voice(session_id=seat.session_id, by=seat.user, client_id=self.id)


COMMANDS = (VoiceEnd,)
