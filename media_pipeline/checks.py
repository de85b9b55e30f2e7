"""System checks: what is missing on this machine."""

import os
import re
from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from media_pipeline.services.transcribers import can_transcribe
from media_pipeline.transcoding.binaries import BinaryMissing, find_binaries


@register("media")
def check_ffmpeg(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """media_pipeline.E001: no ffmpeg that can be run."""
    try:
        find_binaries({**os.environ, "FFMPEG_BINARY": settings.FFMPEG_BINARY})
    except BinaryMissing as missing:
        return [
            Error(str(missing), hint="apt install ffmpeg, or set FFMPEG_BINARY.", id="media_pipeline.E001")
        ]
    return []


@register("media")
def check_bucket(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """media_pipeline.E003: a bucket is asked for, and what it takes to reach it is not all there."""
    if not settings.MEDIA_BUCKET:
        return []
    needed = ("MEDIA_BUCKET_ENDPOINT", "MEDIA_BUCKET_REGION", "MEDIA_BUCKET_KEY", "MEDIA_BUCKET_SECRET")
    problems = [f"MEDIA_BUCKET is set and {name} is not." for name in needed if not getattr(settings, name)]
    if not re.fullmatch(r"https?://[^/?#@\s]+", settings.MEDIA_BUCKET_ENDPOINT):
        problems.append("MEDIA_BUCKET_ENDPOINT must be a scheme and a host, without a path.")
    return [
        Error(problem, hint="See docs/how-to/media-bucket.md.", id="media_pipeline.E003")
        for problem in problems
    ]


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
