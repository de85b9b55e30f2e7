"""Viewings by sixty viewers: where they stopped, what they watched again, on which connections.

Each viewing goes through the service that players report to; only the rows of delivered bytes, which lie in the past,
are written directly, as the service would have left them.
"""

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from django.db import transaction
from django.utils import timezone

from media_pipeline.models import DeliveredBytes, PublishedVersion, Video, WatchTally
from media_pipeline.services.revocations import viewer_tag
from media_pipeline.services.watching import count_batch
from media_pipeline.telemetry import BUCKET_SECONDS, Batch, buckets_of

DAYS = 14


@dataclass(frozen=True)
class ViewingPattern:
    """How a video is watched: viewers, share that continues after each part, repeated parts, stalls."""

    viewers: int
    goes_on: float
    # A share of the film and the part of its viewers who go back to it.
    again_at: float
    again: float
    stalls: float


HABITS = {
    # Watched to the end, the wire colors twice.
    "slides": ViewingPattern(viewers=34, goes_on=0.95, again_at=0.5, again=0.45, stalls=0.15),
    # Long and shaky: many leave, and it stalls on slow connections.
    "camera": ViewingPattern(viewers=21, goes_on=0.78, again_at=0.3, again=0.25, stalls=0.5),
    # Still new: enough viewers for a curve, few in all.
    "phone": ViewingPattern(viewers=9, goes_on=0.9, again_at=0.7, again=0.6, stalls=0.2),
}
# Of ten viewers, as far as the film has these qualities.
LINES = ("audio", "144p-low", "144p", "144p", "240p", "240p", "240p", "240p", "360p", "480p")
STARTS_MS = (700, 1_400, 1_400, 2_600, 3_100, 4_400, 7_800, 16_000)


def _quiet(_line: str) -> None:
    """Say nothing."""


def build_watching(videos: Mapping[str, Video], report: Callable[[str], None] = _quiet) -> None:
    """Record viewings of every video without any; the same viewings on every machine."""
    for name, pattern in HABITS.items():
        video = videos.get(name)
        if video and video.published and not WatchTally.objects.filter(video=video).exists():
            _watch(video, video.published, pattern, Random(name))  # noqa: S311 - chance, not secrecy
            report(f"“{video.title}” was watched by {pattern.viewers} people")


@transaction.atomic
def _watch(video: Video, version: PublishedVersion, pattern: ViewingPattern, chance: Random) -> None:
    """All viewings of a video or none: a video with viewings is skipped."""
    sizes = dict(version.renditions.values_list("name", "bytes"))
    lines = [name for name in LINES if name in sizes]
    fetched = 0
    for viewer in range(pattern.viewers):
        line = chance.choice(lines)
        plays = _plays(buckets_of(version.seconds), pattern, chance)
        played_ms = sum(plays.values()) * BUCKET_SECONDS * 1000
        stalls = 1 + chance.randrange(2) if chance.random() < pattern.stalls else 0
        stalled_ms = stalls * chance.randrange(800, 3_200)
        transferred = int(sizes[line] * len(plays) * BUCKET_SECONDS / max(version.seconds, BUCKET_SECONDS))
        fetched += transferred
        batch = Batch(
            session=_session(video, viewer),
            number=0,
            elapsed=played_ms + stalled_ms,
            plays=plays,
            renditions={line: played_ms},
            stalls=stalls,
            stalled=stalled_ms,
            start=chance.choice(STARTS_MS),
            transferred=transferred,
        )
        count_batch(version=version, viewer=viewer_tag(f"demo-{viewer}"), batch=batch)
    _deliver(video, fetched, pattern.viewers, chance)


def _plays(buckets: int, pattern: ViewingPattern, chance: Random) -> dict[int, int]:
    """How often each part of the video was played by one viewer."""
    reached = 1
    while reached < buckets and chance.random() < pattern.goes_on:
        reached += 1
    again = int(buckets * pattern.again_at)
    return {
        bucket: 2 if bucket == again and chance.random() < pattern.again else 1 for bucket in range(reached)
    }


def _deliver(video: Video, size: int, answers: int, chance: Random) -> None:
    """Spread what was fetched over the days before today, busier in the middle of the week."""
    today = timezone.localdate()
    days = [today - dt.timedelta(days=days) for days in range(1, DAYS + 1)]
    weights = [chance.randrange(2, 6) * (1 if day.weekday() in {4, 5} else 3) for day in days]
    for day, weight in zip(days, weights, strict=True):
        DeliveredBytes.objects.get_or_create(
            video=video,
            center_id=video.center_id,
            day=day,
            defaults={
                "bytes": size * weight // sum(weights),
                "answers": max(1, answers * 6 * weight // sum(weights)),
            },
        )


def _session(video: Video, viewer: int) -> str:
    """What a player makes up once for each opened page, here the same at every run."""
    digest = hashlib.sha256(f"demo {video.public_id} {viewer}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")
