"""Hands the films to the real pipeline."""

from collections.abc import Mapping

from django.core.files import File

from accounts.models import User
from lms.demo.clips import Clip
from lms.demo.people import Cast
from media_pipeline.enums import CaptionKind, CaptionLanguage
from media_pipeline.models import Video
from media_pipeline.services import add_captions, upload_video


def upload_clips(cast: Cast, clips: Mapping[str, Clip]) -> dict[str, Video]:
    """Upload the films that are not there yet, with their captions. Preparing them is the worker's job."""
    return {key: _uploaded(cast, clip, by=cast.instructor) for key, clip in clips.items()}


def _uploaded(cast: Cast, clip: Clip, *, by: User) -> Video:
    video = Video.objects.filter(center=cast.center, title=clip.title_ar).first()
    if video is None:
        with clip.path.open("rb") as file:
            video = upload_video(
                center=cast.center, title=clip.title_ar, file=File(file, clip.path.name), by=by
            )
    said = set(video.captions.values_list("language", flat=True))
    for language, text in clip.captions.items():
        if language not in said:
            add_captions(
                video=video,
                language=CaptionLanguage(language),
                kind=CaptionKind.CAPTIONS,
                data=text.encode(),
                by=by,
            )
    return video
