"""Deletes a video with everything made from it."""

import secrets
import shutil
from functools import partial
from pathlib import Path

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import ProtectedError
from wagtail.log_actions import log

from accounts.models import User
from media_pipeline.enums import LIVE_JOB_STATES, VideoState
from media_pipeline.errors import JobInProgress, VideoInUse
from media_pipeline.folders import published_folder, staging_folder
from media_pipeline.models import Video
from media_pipeline.services.bucket_renditions import drop_rendition_set


@transaction.atomic
def remove_video(*, video: Video, by: User | None) -> None:
    """Delete a video, its source, versions and captions. The caller has checked that no page shows it.

    Raises JobInProgress, and VideoInUse where something that is kept needs it, as a question of a test. Files are removed after the rows; their addresses then return 404.
    """
    video = Video.objects.select_for_update(of=("self",)).get(pk=video.pk)
    if video.jobs.filter(state__in=LIVE_JOB_STATES).exists():
        raise JobInProgress
    log(video, "media_pipeline.video.remove", user=by, data={"title": video.title, "sha256": video.sha256})
    rendition_sets = set(video.versions.exclude(rendition_set="").values_list("rendition_set", flat=True))
    source, folder = video.source.name or "", published_folder() / video.public_id.hex
    # A foreign key protects the published version from deletion.
    video.published, video.state = None, VideoState.UPLOADED
    video.save(update_fields=["published", "state"])
    try:
        video.delete()
    except ProtectedError as error:
        raise VideoInUse from error
    for name in rendition_sets:
        transaction.on_commit(partial(drop_rendition_set, name), robust=True)
    transaction.on_commit(partial(_remove_files, source, folder), robust=True)


def _remove_files(source: str, folder: Path) -> None:
    if source:
        storages["private"].delete(source)
    if folder.exists():
        trash = staging_folder() / f"old-{secrets.token_hex(8)}"
        trash.parent.mkdir(parents=True, exist_ok=True)
        # Renamed out of the served folder first, since removing may take long.
        folder.rename(trash)
        shutil.rmtree(trash, ignore_errors=True)
