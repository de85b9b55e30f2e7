"""Which videos can be followed without hearing them."""

from django.db.models import Exists, OuterRef, QuerySet

from media_pipeline.enums import CaptionKind, VideoState
from media_pipeline.models import CaptionTrack, Video

# Chapters are a list of contents: nobody reads from them what was said.
READABLE = (CaptionKind.CAPTIONS, CaptionKind.SUBTITLES)


def has_captions(video: Video) -> bool:
    """Whether trainees find captions beside the published film. Asks nothing beyond `video.published`."""
    return video.published is not None and any(
        track["kind"] in READABLE for track in video.published.captions
    )


def without_captions(videos: QuerySet[Video]) -> QuerySet[Video]:
    """The ready ones that trainees watch without captions; `has_draft` says that somebody began some."""
    tracks = CaptionTrack.objects.filter(video=OuterRef("pk"), kind__in=READABLE)
    return videos.filter(
        ~Exists(tracks.filter(published__isnull=False)), state=VideoState.PUBLISHED
    ).annotate(has_draft=Exists(tracks))
