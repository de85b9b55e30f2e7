"""System checks: what a configured recognizer lacks."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from media_pipeline.transcription.recognizers import can_transcribe


@register("media")
def check_transcription(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """media_pipeline.E002: machine drafts are configured, but the recognizer is missing."""
    if not settings.TRANSCRIPTION_ADAPTER or can_transcribe():
        return []
    hint = "Set TRANSCRIPTION_COMMAND to an absolute path with its arguments, or install the extra asr-demo."
    return [
        Error(
            f"TRANSCRIPTION_ADAPTER is {settings.TRANSCRIPTION_ADAPTER}.", hint=hint, id="media_pipeline.E002"
        )
    ]
