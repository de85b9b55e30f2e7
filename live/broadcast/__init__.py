"""The broadcast of a class: numbered chunks of a browser, stored on disk, turned into HLS by ffmpeg. Independent of rooms and views."""

from live.broadcast.broadcast import Broadcast, BroadcastLocked
from live.broadcast.matroska import NotMedia
from live.broadcast.recording_runs import Gap, RecordingRun

__all__ = ["Broadcast", "BroadcastLocked", "Gap", "NotMedia", "RecordingRun"]
