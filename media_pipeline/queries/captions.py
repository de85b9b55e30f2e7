"""Which videos have captions."""

import re
from dataclasses import dataclass
from html import unescape

from django.db.models import Exists, OuterRef, QuerySet

from media_pipeline.enums import CaptionKind, VideoState
from media_pipeline.models import CaptionTrack, Video
from media_pipeline.transcoding.webvtt import TIMING

# Chapters are a table of contents, not a text of what is said.
READABLE = (CaptionKind.CAPTIONS, CaptionKind.SUBTITLES)


def has_captions(video: Video) -> bool:
    """Whether the published video has captions. Queries nothing beyond `video.published`."""
    return video.published is not None and any(
        track["kind"] in READABLE for track in video.published.captions
    )


def without_captions(videos: QuerySet[Video]) -> QuerySet[Video]:
    """Ready videos without captions; `has_draft` is true where a draft exists."""
    tracks = CaptionTrack.objects.filter(video=OuterRef("pk"), kind__in=READABLE)
    return videos.filter(
        ~Exists(tracks.filter(published__isnull=False)), state=VideoState.PUBLISHED
    ).annotate(has_draft=Exists(tracks))


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in a video, in one language, line by line."""

    language: str
    name: str
    lines: list[str]


def words_of(video: Video) -> list[Words]:
    """The captions that trainees read, without their times. One query."""
    tracks = CaptionTrack.objects.filter(video=video, kind__in=READABLE, published__isnull=False)
    return [
        Words(track.language, track.get_language_display(), lines_in(track.published.text))
        for track in tracks.select_related("published")
        if track.published
    ]


def lines_in(text: str) -> list[str]:
    """The spoken lines of a WebVTT file that was published, as plain text."""
    lines: list[str] = []
    is_spoken = False
    for line in text.split("\n"):
        if TIMING.fullmatch(line.strip(" \t")):
            is_spoken = True
        elif not line.strip():
            is_spoken = False
        elif is_spoken:
            lines.append(unescape(re.sub(r"<[^<>]*>", "", line)).strip())
    return [line for line in lines if line]
