"""The sandbox of this app, for others that have to read a file somebody sent."""

from media_pipeline.transcoding.binaries import find_binaries
from media_pipeline.transcoding.failures import TranscodingFailed
from media_pipeline.transcoding.runner import CageFailed, Finished, Killed, Limits, ProcessFailed, run

__all__ = [
    "CageFailed",
    "Finished",
    "Killed",
    "Limits",
    "ProcessFailed",
    "TranscodingFailed",
    "find_binaries",
    "run",
]
