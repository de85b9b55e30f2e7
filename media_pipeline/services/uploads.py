"""Takes a file in: told by its content, stored under a name of ours, and queued."""

import hashlib
import os
import unicodedata
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.db import transaction
from wagtail.log_actions import log

from accounts.models import Center, User
from media_pipeline.enums import RefusalReason
from media_pipeline.errors import UploadRefused
from media_pipeline.folders import source_name
from media_pipeline.models import Video
from media_pipeline.services.jobs.starting import start_job
from media_pipeline.services.room import guard_room
from media_pipeline.transcoding.failures import Refused
from media_pipeline.transcoding.sniff import HEAD_BYTES, Container, sniff_bytes


@transaction.atomic
def upload_video(*, center: Center, title: str, file: File, by: User | None) -> Video:
    """Store `file` for `center` and queue its preparation. Raises UploadRefused, QuotaReached, DiskFull.

    The type is told by content; the name the person gave is kept to be shown and is never a path.
    """
    container = _container_of(file)
    guard_room(center=Center.objects.select_for_update(no_key=True).get(pk=center.pk), size=file.size)
    video = Video(
        center=center,
        title=title.strip(),
        original_name=shown_name(file.name or ""),
        byte_size=file.size,
        sha256=_sha256(file),
        uploaded_by=by,
    )
    video.source.save(source_name(video.public_id, container.extension), file, save=False)
    # Acknowledged means on disk.
    descriptor = os.open(video.source.path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    video.save()
    log(video, "media_pipeline.video.upload", user=by, data={"name": video.original_name})
    start_job(video=video, by=by)
    return video


def _container_of(file: File) -> Container:
    limit = settings.MEDIA_MAX_UPLOAD_BYTES
    if file.size > limit:
        raise UploadRefused(RefusalReason.TOO_MANY_BYTES.label, limit=limit // 1_000_000)
    file.seek(0)
    try:
        return sniff_bytes(file.read(HEAD_BYTES))
    except Refused as refused:
        raise UploadRefused(RefusalReason(refused.reason.value).label, **refused.facts) from refused


def _sha256(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def shown_name(name: str) -> str:
    """The last part of a file name without controls and direction overrides, shortened in the middle of nothing.

    At most 255 characters, the extension kept.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(letter for letter in last if unicodedata.category(letter) not in {"Cc", "Cf", "Cs"})
    stem, extension = Path(visible).stem, Path(visible).suffix[:10]
    return f"{stem[: 255 - len(extension)]}{extension}" if visible else "video"
