"""What a viewer's player tells of itself."""

import uuid
from typing import Annotated, Literal

from pydantic import Field

from live.commands.base import StaffVerb, Verb
from live.hub.buckets import Rate
from live.media_servers import media_backend
from live.models import Event
from live.services.audience import audience
from live.services.tickets import Seat

REPORT_RATE = Rate(burst=10, seconds=3.0)


class VideoReport(Verb):
    """Every 15 seconds and at each change: whether the class plays here, and whether it is heard. Kept nowhere."""

    rate = REPORT_RATE

    type: Literal["video.report"]
    playing: bool
    hearing: bool

    def obey(self, seat: Seat) -> Event | None:
        audience.report(
            seat.session_id, seat.user.pk, is_playing=self.playing, hears=self.playing and self.hearing
        )
        return None


class VideoSending(StaffVerb):
    """Every 15 seconds and at its beginning: what this page sends to the media server by leg `leg` arrives there."""

    rate = REPORT_RATE

    type: Literal["video.sending"]
    leg: Annotated[uuid.UUID, Field(strict=False)]

    def obey(self, seat: Seat) -> Event | None:
        return media_backend().sending_goes_on(session_id=seat.session_id, by=seat.user, public_id=self.leg)


COMMANDS = (VideoReport, VideoSending)
