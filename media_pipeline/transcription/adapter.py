"""Limits and errors of speech recognizers."""

from collections.abc import Callable

from media_pipeline.transcoding.failures import TranscodingFailed
from media_pipeline.transcoding.runner import Limits

OnTick = Callable[[], None]
# Large models on a slow machine without a graphics card need up to ten times as long as the speech lasts.
SLOWEST = 10
LEAST_SECONDS = 300
CORES = 8
MODEL_BYTES = 16 * 1024**3
RESULT_BYTES = 64 * 1024**2


class TranscriptionFailed(TranscodingFailed):
    """The output of the recognizer cannot be read."""


def limits_for(seconds: float) -> Limits:
    """The limits for recognizing so many seconds of speech."""
    wall = LEAST_SECONDS + seconds * SLOWEST
    return Limits(
        wall_seconds=wall,
        # A recognizer prints nothing until it is done.
        stall_seconds=wall,
        cpu_seconds=int(wall) * CORES,
        file_bytes=RESULT_BYTES,
        memory_bytes=MODEL_BYTES,
    )
