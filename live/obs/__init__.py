"""What OBS sends by SRT: a confined program that listens, and a confined ffmpeg that makes of it what a browser sends. Knows no room."""

from live.obs.normalizer import Normalizer
from live.obs.receiver import Inbox, Receiver

__all__ = ["Inbox", "Normalizer", "Receiver"]
