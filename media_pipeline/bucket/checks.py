"""System checks: which settings are missing to keep renditions in a bucket."""

import re
from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register("media")
def check_bucket(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """media_pipeline.E003: a bucket is configured, but settings or packages it needs are missing."""
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
