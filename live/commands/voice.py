"""The staff's command that ends a trainee's voice. A voice begins with a ticket and a socket of its own (`live.consumers.voice`)."""

from typing import Literal

from live.commands.base import StaffCommand
from live.models import Event
from live.services.tickets import Participant
from live.services.voice import end_voice


class VoiceEnd(StaffCommand):
    """End the voice of the trainee who speaks and lower their hand."""

    type: Literal["voice.end"]

    def handle(self, participant: Participant) -> Event | None:
        return end_voice(session_id=participant.session_id, by=participant.user, client_id=self.id)


COMMANDS = (VoiceEnd,)
