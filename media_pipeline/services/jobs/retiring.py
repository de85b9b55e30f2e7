"""Removes replaced versions once their signed addresses have expired."""

import datetime as dt
import secrets
import shutil
from functools import partial

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from media_pipeline.folders import published_folder, staging_folder
from media_pipeline.models import PublishedVersion, Video
from media_pipeline.queries.versions import unused_versions
from media_pipeline.services.bucket_renditions import LONGEST, drop_rendition_set

# Longer than the longest signed address (`services.playback.LIFETIME` and a quarter of it).
GRACE = dt.timedelta(hours=8)
# A playlist fetched at the end of that time has addresses of the bucket, which work for longer.
BUCKET_GRACE = GRACE + LONGEST


def retire_versions(*, now: dt.datetime) -> None:
    """Remove the files and rows of versions that were replaced longer ago than any signed address is valid.

    What an app still shows in particular stays (`queries.versions.register_use`).
    """
    newer = PublishedVersion.objects.filter(video=OuterRef("video"), number__gt=OuterRef("number"))
    old = (
        unused_versions()
        .annotate(replaced_at=Subquery(newer.order_by("number").values("created_at")[:1]))
        .filter(Q(rendition_set="", replaced_at__lt=now - GRACE) | Q(replaced_at__lt=now - BUCKET_GRACE))
        .exclude(pk=F("video__published"))
    )
    for version in old.order_by("pk")[:100]:
        _retire(version)


@transaction.atomic
def _retire(version: PublishedVersion) -> None:
    video = Video.objects.select_for_update(of=("self",)).get(pk=version.video_id)
    if video.published_id == version.pk:
        return
    folder, trash = published_folder() / version.path, staging_folder() / f"old-{secrets.token_hex(8)}"
    version.delete()
    transaction.on_commit(partial(drop_rendition_set, version.rendition_set), robust=True)
    if folder.exists():
        trash.parent.mkdir(parents=True, exist_ok=True)
        # Renamed before the commit: after a crash in between, the next run deletes the row of the missing folder.
        folder.rename(trash)
        transaction.on_commit(lambda: shutil.rmtree(trash, ignore_errors=True))
