"""What a speech recognizer has to do, and what it may use while it does it."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from media_pipeline.transcoding.cues import Cue
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
    """The recognizer answered with nothing we can read."""


class Transcriber(Protocol):
    @property
    def languages(self) -> frozenset[str]:
        """BCP 47 tags it can listen to; empty says any."""

    def transcribe(self, sound: Path, language: str, *, seconds: float, on_tick: OnTick) -> list[Cue]:
        """The words of `sound`, 16 kHz mono PCM in a folder of its own.

        `on_tick` is called about twice a second; what it raises stops the work. Raises TranscodingFailed.
        """


def limits_for(seconds: float) -> Limits:
    """What listening to so many seconds may cost."""
    wall = LEAST_SECONDS + seconds * SLOWEST
    return Limits(
        wall_seconds=wall,
        # A recognizer tells nothing until it has the words.
        stall_seconds=wall,
        cpu_seconds=int(wall) * CORES,
        file_bytes=RESULT_BYTES,
        memory_bytes=MODEL_BYTES,
    )
