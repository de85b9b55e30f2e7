"""The broadcast of a class: numbered chunks of a browser, kept on disk, turned into HLS by ffmpeg. Knows no room and no view."""

from live.broadcast.broadcast import Broadcast, Busy
from live.broadcast.matroska import NotMedia
from live.broadcast.takes import Gap, Take

__all__ = ["Broadcast", "Busy", "Gap", "NotMedia", "Take"]
