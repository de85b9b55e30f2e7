"""Renames a video."""

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from media_pipeline.models import Video


@transaction.atomic
def rename_video(*, video: Video, title: str, by: User) -> Video:
    """Give a video another title. Its addresses stay the same."""
    video = Video.objects.select_for_update().get(pk=video.pk)
    before, video.title = video.title, title.strip()
    video.save(update_fields=["title"])
    log(video, "media_pipeline.video.rename", user=by, data={"before": before, "after": video.title})
    return video
