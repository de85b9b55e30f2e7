"""System checks: programs that this machine lacks."""

import os
from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from media_pipeline.transcoding.binaries import BinaryMissing, find_binaries


@register("media")
def check_ffmpeg(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """media_pipeline.E001: ffmpeg is missing or does not run."""
    try:
        find_binaries({**os.environ, "FFMPEG_BINARY": settings.FFMPEG_BINARY})
    except BinaryMissing as missing:
        return [
            Error(str(missing), hint="apt install ffmpeg, or set FFMPEG_BINARY.", id="media_pipeline.E001")
        ]
    return []
