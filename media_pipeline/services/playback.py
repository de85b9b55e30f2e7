"""Signs the addresses of a published video. The caller has checked that the viewer may watch."""

import base64
import datetime as dt
import hashlib
import hmac
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import get_language

from media_pipeline.errors import VideoNotReady
from media_pipeline.models import PublishedVersion, Video
from media_pipeline.services.bucket_renditions import lifetime_of
from media_pipeline.services.revocations import LONGEST_LIFETIME, current_tag
from media_pipeline.services.telemetry_addresses import telemetry_address
from media_pipeline.transcoding.package import AUDIO, CHAPTERS, MASTER, POSTER, STORYBOARD_CUES
from media_pipeline.transcoding.plan import Plan, dub_name, plan_from_json

LIFETIME = dt.timedelta(hours=6)
PREFIX = "/media/v"
# For renditions in the bucket: Django itself answers below it, since playlists are written for each viewer.
BUCKET_PREFIX = "/media/b"
# What a viewer may play at; the server accepts at most twice the time that passed (`courses.coverage.TOP_SPEED`).
RATES = ("0.5", "0.75", "1", "1.25", "1.5", "1.75", "2")
# Addresses stay the same for a quarter of their lifetime, so that a reload finds its segments in the browser's cache.
STEPS = 4


@dataclass(frozen=True, slots=True)
class PlaybackRendition:
    """One quality a viewer may choose. `height` is the short side in pixels, 0 for sound alone.

    `url` is its playlist; `file_url` the whole rendition as one MP4 of `bytes`; `codecs` as RFC 6381 names them.
    """

    name: str
    height: int
    bytes: int
    url: str
    file_url: str
    codecs: str = ""

    @property
    def is_saver(self) -> bool:
        """Made for 64 kbit/s connections: the size of the next rendition with fewer pictures and bits."""
        return self.height > 0 and self.name.endswith("-low")

    @property
    def is_modern(self) -> bool:
        """In AV1: fewer bits for the same picture, where the device can decode it."""
        return self.codecs.startswith("av01")


@dataclass(frozen=True, slots=True)
class PlaybackCaptions:
    language: str
    label: str
    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class PlaybackSound:
    """One of several sounds of a video. `language` (ISO 639) and `label` are as the file says, and may be empty.

    With this sound, the files of every quality carry `suffix` in their names: `240p-2.m3u8`, `master-2.m3u8`.
    """

    number: int
    language: str
    label: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Playback:
    """Everything a player needs. Addresses stop working at `expires_at`."""

    title: str
    seconds: float
    master_url: str
    poster_url: str
    audio_url: str
    renditions: list[PlaybackRendition]
    captions: list[PlaybackCaptions]
    expires_at: dt.datetime
    storyboard_url: str = ""
    chapters_url: str = ""
    # Empty where there is no choice.
    sounds: list[PlaybackSound] = field(default_factory=list)
    # Where the player reports how the video is watched; empty where watching is not counted.
    telemetry_url: str = ""
    # Higher than wide, as of a phone held upright.
    is_upright: bool = False

    rates = RATES

    @property
    def pictures(self) -> list[PlaybackRendition]:
        return [rendition for rendition in self.renditions if rendition.height]

    @property
    def by_cost(self) -> list[PlaybackRendition]:
        """The cheapest first, as a menu shows them."""
        return sorted(self.renditions, key=lambda rendition: rendition.bytes)

    @property
    def saver(self) -> PlaybackRendition | None:
        """The smallest rendition that every device can decode."""
        return next((one for one in self.by_cost if one.height and not one.is_modern), None)

    @property
    def lightest_sound(self) -> PlaybackRendition | None:
        return next((one for one in self.by_cost if not one.height), None)

    @property
    def saving_sound(self) -> PlaybackRendition | None:
        """The smallest sound, where it has fewer bytes than the smallest rendition: that of a short video may be smaller."""
        saver, sound = self.saver, self.lightest_sound
        return sound if saver and sound and sound.bytes < saver.bytes else None

    @property
    def limits(self) -> list[int]:
        """The heights to which automatic quality may be limited: all but the highest, which is no limit."""
        plain = [rendition for rendition in self.pictures if not (rendition.is_saver or rendition.is_modern)]
        return [rendition.height for rendition in plain][:-1]

    @property
    def clock(self) -> str:
        """The length as players write it: 754 s is 12:34."""
        minutes, seconds = divmod(int(self.seconds), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

    @property
    def sound(self) -> PlaybackRendition | None:
        return next((rendition for rendition in self.renditions if not rendition.height), None)


def sign_playback(
    *,
    video: Video,
    viewer: str,
    version: PublishedVersion | None = None,
    lifetime: dt.timedelta = LIFETIME,
    is_counted: bool = False,
) -> Playback:
    """The signed addresses of `version`, else of the published one, for one viewer. Raises VideoNotReady.

    `viewer` is any stable text naming who watches; a keyed hash of it goes into the address, so that a leaked address
    can be traced to the login it was given to (`viewer_of` names a login). `lifetime` is at most LONGEST_LIFETIME: a
    revocation is kept no longer than the addresses it revokes. `is_counted`: this viewer's watching counts in the sums
    shown to instructors (a trainee in a lesson, never staff).
    """
    if lifetime > LONGEST_LIFETIME:
        raise ValueError(lifetime)
    version = version or video.published
    if version is None:
        raise VideoNotReady
    # A player whose bucket addresses expired asks the page for new ones, so ours must not outlast them.
    stable = lifetime_of(version) if version.rendition_set else int(lifetime.total_seconds())
    expires = rounded_end(lifetime, stable=stable)
    tag = current_tag(viewer)
    pass_ = f"{expires}-{tag}"
    signed = f"{pass_}/{signature_of(pass_, version.path)}/{version.path}"
    base = f"{PREFIX}/{signed}"
    files_base = f"{BUCKET_PREFIX}/{signed}" if version.rendition_set else base
    plan = plan_from_json(version.plan) if version.plan else None
    sounds = _sounds(plan) if plan else []
    rows = list(version.renditions.all())
    dubs = {dub_name(row.name, sound.number) for row in rows for sound in sounds[1:]}
    renditions = [
        PlaybackRendition(
            row.name,
            min(row.width, row.height),
            row.bytes,
            f"{files_base}/{row.name}.m3u8",
            f"{files_base}/{row.name}.mp4",
            row.codecs,
        )
        for row in rows
        if row.name not in dubs
    ]
    sound = next((rendition.url for rendition in renditions if rendition.name == AUDIO), "")
    return Playback(
        title=video.title,
        seconds=version.seconds,
        master_url=f"{files_base}/{MASTER}",
        poster_url=f"{base}/{POSTER}" if version.has_poster else "",
        audio_url=sound,
        renditions=renditions,
        captions=[
            PlaybackCaptions(track["language"], track["label"], track["kind"], f"{base}/{track['name']}.vtt")
            for track in version.captions
            if track["kind"] != CHAPTERS
        ],
        storyboard_url=f"{base}/{STORYBOARD_CUES}" if version.has_storyboard else "",
        chapters_url=_chapters_url(version, base),
        sounds=sounds,
        expires_at=dt.datetime.fromtimestamp(expires, dt.UTC),
        telemetry_url=telemetry_address(expires=expires, viewer=tag, path=version.path) if is_counted else "",
        is_upright=any(row.height > row.width for row in rows),
    )


def sign_folder(prefix: str, path: str, *, viewer: str, lifetime: dt.timedelta = LIFETIME) -> str:
    """The address below which one viewer may fetch the files of a folder, for other apps that serve some.

    They check it with `is_signed` and `is_revoked`; nginx does the same. `path` must not look like that of a version.
    It stays the same for a quarter of its lifetime, so that a reload finds its files in the browser's cache.
    """
    if lifetime > LONGEST_LIFETIME:
        raise ValueError(lifetime)
    step = max(1, int(lifetime.total_seconds()) // STEPS)
    expires = -(-int(time.time() + lifetime.total_seconds()) // step) * step
    pass_ = f"{expires}-{current_tag(viewer)}"
    return f"{prefix}/{pass_}/{signature_of(pass_, path)}/{path}"


def _sounds(plan: Plan) -> list[PlaybackSound]:
    if not plan.is_dubbed:
        return []
    return [
        PlaybackSound(number, sound.language, sound.label, dub_name("", number))
        for number, sound in enumerate(plan.tracks, start=1)
    ]


def _chapters_url(version: PublishedVersion, base: str) -> str:
    """The chapters in the reader's language, else in any."""
    chapters = [track for track in version.captions if track["kind"] == CHAPTERS]
    chapters.sort(key=lambda track: track["language"] != get_language())
    return f"{base}/{chapters[0]['name']}.vtt" if chapters else ""


def rounded_end(lifetime: dt.timedelta, *, stable: int) -> int:
    """When addresses signed now end, in Unix seconds, the same for a quarter of the `stable` seconds."""
    step = max(1, stable // STEPS)
    return -(-int(time.time() + lifetime.total_seconds()) // step) * step


def signature_of(pass_: str, path: str) -> str:
    """What nginx computes for `secure_link_md5 "$media_pass/$media_path $secret"`: base64url(md5), unpadded.

    `pass_` is `<expires>-<viewer tag>`, `path` is `<public id>/<version>`. MD5 because that is all the nginx
    module knows; a keyed suffix is not open to its length-extension or collision attacks.
    """
    text = f"{pass_}/{path} {settings.MEDIA_LINK_SECRET}"
    digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def is_signed(pass_: str, signature: str, path: str) -> bool:
    return hmac.compare_digest(signature_of(pass_, path), signature)
