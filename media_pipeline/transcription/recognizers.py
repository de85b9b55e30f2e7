"""The configured recognizer."""

import shlex
from pathlib import Path

from django.conf import settings

from media_pipeline.services.transcribers import Transcriber
from media_pipeline.transcription.command import CommandTranscriber
from media_pipeline.transcription.sphinx import SphinxTranscriber, packages_folder


def find_transcriber() -> Transcriber | None:
    """None where none is configured, which is the default."""
    if settings.TRANSCRIPTION_ADAPTER == "command" and settings.TRANSCRIPTION_COMMAND:
        return CommandTranscriber(
            command=shlex.split(settings.TRANSCRIPTION_COMMAND),
            model=settings.TRANSCRIPTION_MODEL,
            readable=[Path(folder) for folder in settings.TRANSCRIPTION_READABLE],
            languages=frozenset(settings.TRANSCRIPTION_LANGUAGES),
        )
    packages = packages_folder()
    if settings.TRANSCRIPTION_ADAPTER == "pocketsphinx" and packages:
        return SphinxTranscriber(packages)
    return None


def can_transcribe() -> bool:
    """Whether a recognizer is configured and its program exists."""
    transcriber = find_transcriber()
    program = Path(transcriber.command[0]) if isinstance(transcriber, CommandTranscriber) else None
    return transcriber is not None and (program is None or (program.is_absolute() and program.is_file()))
