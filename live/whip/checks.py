"""System checks of the media server's settings."""

import re
from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

ADDRESS = re.compile(r"https?://[^/?#@\s{}]+/\S*\{stream\}\S*")
ICE = re.compile(r"(?:stuns?|turns?):[^\s/@]+")


@register("media")
def check_media_server(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """live.E001: a media server is configured, but settings needed to reach it are missing."""
    if settings.LIVE_MEDIA_BACKEND != "whip":
        return []
    problems = [
        f"{name} must be an address with {{stream}} in its path or query, without a login."
        for name in ("LIVE_WHIP_ADDRESS", "LIVE_WHEP_ADDRESS")
        if not ADDRESS.fullmatch(getattr(settings, name))
    ]
    if not re.fullmatch(r"[\x21-\x7e]{16,}", settings.LIVE_MEDIA_TOKEN):
        problems.append("LIVE_MEDIA_TOKEN must be at least 16 characters without spaces.")
    if strange := [url for url in settings.LIVE_ICE_SERVERS if not ICE.fullmatch(url)]:
        problems.append(f"LIVE_ICE_SERVERS: {strange[0]} is not a stun: or turn: address.")
    if any(url.startswith("turn") for url in settings.LIVE_ICE_SERVERS) and not settings.LIVE_TURN_SECRET:
        problems.append("LIVE_ICE_SERVERS names a relay (turn:) and LIVE_TURN_SECRET is not set.")
    return [
        Error(problem, hint="See docs/how-to/live-media-servers.md.", id="live.E001") for problem in problems
    ]
