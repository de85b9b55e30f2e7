"""What a viewer's player tells of itself."""

from typing import Literal

from live import services
from live.commands.base import Verb
from live.hub.buckets import Rate
from live.models import Event
from live.services import Seat

REPORT_RATE = Rate(burst=10, seconds=3.0)


class VideoReport(Verb):
    """Every 15 seconds and at each change: whether the class plays here, and whether it is heard. Kept nowhere."""

    rate = REPORT_RATE

    type: Literal["video.report"]
    playing: bool
    hearing: bool

    def obey(self, seat: Seat) -> Event | None:
        services.audience.report(
            seat.session_id, seat.user.pk, is_playing=self.playing, hears=self.playing and self.hearing
        )
        return None


COMMANDS = (VideoReport,)
