"""Which videos have captions."""

from django.db.models import Exists, OuterRef, QuerySet

from media_pipeline.enums import CaptionKind, VideoState
from media_pipeline.models import CaptionTrack, Video

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
