"""The speech recognizer of this site, provided by an optional engine (`media_pipeline.transcription`)."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from media_pipeline.enums import CaptionLanguage
from media_pipeline.transcoding.cues import Cue


class Transcriber(Protocol):
    @property
    def languages(self) -> frozenset[str]:
        """BCP 47 tags that it recognizes; empty means any."""

    def transcribe(
        self, sound: Path, language: str, *, seconds: float, on_tick: Callable[[], None]
    ) -> list[Cue]:
        """The cues of `sound`, 16 kHz mono PCM in a folder of its own.

        `on_tick` is called about twice a second; what it raises stops the work. Raises TranscodingFailed.
        """


# Each returns the recognizer of the settings, or None.
FINDERS: list[Callable[[], Transcriber | None]] = []


def find_transcriber() -> Transcriber | None:
    """None where none is configured, which is the default."""
    return next((found for find in FINDERS if (found := find())), None)


def machine_languages() -> list[CaptionLanguage]:
    """The languages in which a machine can draft captions here; none where recognition is off."""
    transcriber = find_transcriber()
    if transcriber is None:
        return []
    return [
        language
        for language in CaptionLanguage
        if not transcriber.languages or language in transcriber.languages
    ]
