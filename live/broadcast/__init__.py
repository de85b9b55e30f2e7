"""The broadcast of a class: numbered chunks of a browser, kept on disk, turned into HLS by ffmpeg. Knows no room and no view."""

from live.broadcast.broadcast import Broadcast, BroadcastLocked
from live.broadcast.matroska import NotMedia
from live.broadcast.recording_runs import Gap, RecordingRun

__all__ = ["Broadcast", "BroadcastLocked", "Gap", "NotMedia", "RecordingRun"]
