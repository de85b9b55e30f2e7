"""Uploads in progress."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import fenced
from media_pipeline.enums import OPEN_UPLOAD_STATES, UploadState
from media_pipeline.folders import part_path
from media_pipeline.models import Upload, Video

SHOWN_FOR = dt.timedelta(hours=24)


def uploads_of(person: User) -> QuerySet[Upload]:
    """The person's unfinished uploads and those that ended in the last day, without canceled ones."""
    own = fenced(Upload.objects.filter(person=person), user=person, act=Act.MANAGE_MEDIA)
    recent = Q(state__in=(UploadState.DONE, UploadState.REFUSED), created_at__gt=timezone.now() - SHOWN_FOR)
    return own.filter(Q(state__in=OPEN_UPLOAD_STATES) | recent).select_related("center", "video")


def arrived_bytes(upload: Upload) -> int:
    """How many bytes of an upload have arrived: the size of its part file."""
    if upload.state != UploadState.RECEIVING:
        return upload.length
    try:
        return part_path(upload.public_id).stat().st_size
    except FileNotFoundError:
        return 0


def videos_of_bytes(*, center_id: int, sha256: str) -> QuerySet[Video]:
    """The videos of a center made from the very same bytes, the newest first."""
    return Video.objects.filter(center=center_id, sha256=sha256)


def videos_like(uploads: list[Upload]) -> dict[int, list[Video]]:
    """For each upload, by its key, the videos of its center made from the same bytes."""
    if not uploads:
        return {}
    found = Video.objects.filter(
        center__in={upload.center_id for upload in uploads}, sha256__in={upload.sha256 for upload in uploads}
    )
    alike: dict[tuple[int, str], list[Video]] = {}
    for video in found:
        alike.setdefault((video.center_id, video.sha256), []).append(video)
    return {upload.pk: alike.get((upload.center_id, upload.sha256), []) for upload in uploads}
