"""Reports of players and of the sender's page."""

import uuid
from typing import Annotated, Literal

from pydantic import Field

from live.commands.base import RoomCommand, StaffCommand
from live.hub.buckets import Rate
from live.media_servers import media_backend
from live.models import Event
from live.services.audience import audience
from live.services.tickets import Participant

REPORT_RATE = Rate(burst=10, seconds=3.0)


class VideoReport(RoomCommand):
    """Sent every 15 seconds and at each change: whether the class plays here, and with sound. Not stored."""

    rate = REPORT_RATE

    type: Literal["video.report"]
    playing: bool
    hearing: bool

    def handle(self, participant: Participant) -> Event | None:
        audience.report(
            participant.session_id,
            participant.user.pk,
            is_playing=self.playing,
            hears=self.playing and self.hearing,
        )
        return None


class VideoSending(StaffCommand):
    """Sent at the start and every 15 seconds: the media server receives what this page sends by media connection `leg`."""

    rate = REPORT_RATE

    type: Literal["video.sending"]
    leg: Annotated[uuid.UUID, Field(strict=False)]

    def handle(self, participant: Participant) -> Event | None:
        return media_backend().confirm_sending(
            session_id=participant.session_id, by=participant.user, public_id=self.leg
        )


COMMANDS = (VideoReport, VideoSending)
