"""System checks: what is missing to draft captions by machine."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from media_pipeline.transcription.recognizers import can_transcribe


@register("media")
def check_transcription(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """media_pipeline.E002: drafts by machine are asked for, and nothing here can make them."""
    if not settings.TRANSCRIPTION_ADAPTER or can_transcribe():
        return []
    hint = "Set TRANSCRIPTION_COMMAND to an absolute path with its arguments, or install the extra asr-demo."
    return [
        Error(
            f"TRANSCRIPTION_ADAPTER is {settings.TRANSCRIPTION_ADAPTER}.", hint=hint, id="media_pipeline.E002"
        )
    ]
