"""The broadcast of a class: numbered chunks of a browser, kept on disk, turned into HLS by ffmpeg. Knows no room and no view."""

from live.media.broadcast import Broadcast, Busy
from live.media.matroska import NotMedia
from live.media.takes import Gap, Take

__all__ = ["Broadcast", "Busy", "Gap", "NotMedia", "Take"]
