"""Classes that are sent with OBS: address, passphrase and state."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from live import errors
from live.enums import LiveState
from live.models import LiveSession, ObsKey

PASSPHRASE_DIGITS = 32
# Microseconds, the unit of OBS and ffmpeg: enough for connections across the country.
LATENCY = 500_000
SENDS_WITHIN = dt.timedelta(seconds=12)
SHOWN_FOR = dt.timedelta(minutes=2)
REFUSALS = {
    kind.code: kind
    for kind in (
        errors.ObsMediaRefused,
        errors.VideoTaken,
        errors.VideoBusy,
        errors.MediaTooMuch,
        errors.ObsKeyRefused,
    )
}


@dataclass(frozen=True, slots=True)
class ObsState:
    """`state` is off, waiting, sending or refused; `code` and `message` give the reason of a refusal."""

    state: str
    picture: str = ""
    code: str = ""
    message: str = ""


def passphrase_of(key: ObsKey) -> str:
    """128 bits of our signature: read access to the database is not enough to send."""
    return salted_hmac("live.obs.listener", key.nonce.hex, algorithm="sha256").hexdigest()[:PASSPHRASE_DIGITS]


def obs_address(key: ObsKey) -> str:
    """The address for the field "Server" of OBS; its field for a key stays empty."""
    host = settings.LIVE_SRT_HOST or urlsplit(settings.SITE_URL).hostname
    words = {"streamid": key.stream, "passphrase": passphrase_of(key), "pbkeylen": 16, "latency": LATENCY}
    return f"srt://{host}:{settings.LIVE_SRT_PORT}?{urlencode(words)}"


def obs_keys() -> dict[str, str]:
    """The streams of open classes, with their passphrases."""
    return {key.stream: passphrase_of(key) for key in ObsKey.objects.filter(session__state=LiveState.OPEN)}


def obs_state(session: LiveSession) -> ObsState:
    key = ObsKey.objects.filter(session=session).first()
    if key is None:
        return ObsState("off")
    now = timezone.now()
    facts: dict[str, Any] = {"picture": key.picture}
    is_newer = key.refused_at and (key.seen_at is None or key.refused_at > key.seen_at)
    if is_newer and key.refused_at and now - key.refused_at < SHOWN_FOR and key.refusal in REFUSALS:
        return ObsState("refused", code=key.refusal, message=str(REFUSALS[key.refusal]()), **facts)
    if key.seen_at and now - key.seen_at < SENDS_WITHIN:
        return ObsState("sending", **facts)
    return ObsState("waiting", **facts)
