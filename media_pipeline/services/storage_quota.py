"""Whether a file fits: into the center's quota, and onto the disk.

Bytes that were announced and never sent do not count. An announcement larger than the free quota is refused at once;
every chunk that arrives is checked again against the quota and the reserve of the disk.
"""

import datetime as dt
import shutil
import uuid
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import Center
from media_pipeline.enums import UploadState
from media_pipeline.errors import DiskFull, QuotaReached
from media_pipeline.folders import part_path
from media_pipeline.models import MediaQuota, Rendition, Upload, Video

GIGABYTE = 1_000_000_000
# An upload that received bytes within this time is expected to be finished.
ACTIVE_FOR = dt.timedelta(minutes=10)


def guard_storage(*, center: Center, size: int) -> None:
    """Raise QuotaReached or DiskFull when `size` more bytes do not fit. The caller holds the center's lock."""
    _guard_quota(center, used=used_bytes(center) + _expected_bytes(center), size=size)
    if (
        shutil.disk_usage(_existing(Path(settings.PRIVATE_ROOT))).free - size
        < settings.MEDIA_DISK_RESERVE_BYTES
    ):
        raise DiskFull


@transaction.atomic
def require_storage(*, center_id: int, size: int) -> None:
    """Check before a long computation whether its file would fit. Raises QuotaReached, DiskFull."""
    guard_storage(center=Center.objects.select_for_update(no_key=True).get(pk=center_id), size=size)


def guard_chunk(*, upload: Upload, size: int) -> None:
    """Raise QuotaReached when the next `size` bytes of `upload` exceed the quota of its center.

    Free disk space is checked while the bytes are written (`uploading.parts.Writer`).
    """
    _guard_quota(upload.center, used=used_bytes(upload.center), size=size)


def quota_of(center: Center) -> int:
    own = MediaQuota.objects.filter(center=center).values_list("gigabytes", flat=True).first()
    return (settings.MEDIA_QUOTA_GB if own is None else own) * GIGABYTE


def used_bytes(center: Center) -> int:
    """Bytes of sources, of prepared streams and of uploads as far as they arrived."""
    sources = Video.objects.filter(center=center).aggregate(total=Sum("byte_size"))
    streams = Rendition.objects.filter(version__video__center=center).aggregate(total=Sum("bytes"))
    whole = Upload.objects.filter(
        center=center, state__in=(UploadState.CHECKING, UploadState.DUPLICATE)
    ).aggregate(total=Sum("length"))
    stored = sum(found["total"] or 0 for found in (sources, streams, whole))
    receiving = Upload.objects.filter(center=center, state=UploadState.RECEIVING)
    return stored + sum(_arrived(public_id)[0] for public_id in receiving.values_list("public_id", flat=True))


def _guard_quota(center: Center, *, used: int, size: int) -> None:
    free = quota_of(center) - used
    if size > free:
        raise QuotaReached(free=max(free, 0) // 1_000_000, needed=-(-size // 1_000_000))


def _expected_bytes(center: Center) -> int:
    """Bytes that the active uploads of the center have announced and not sent yet."""
    expected = 0
    receiving = Upload.objects.filter(center=center, state=UploadState.RECEIVING)
    for public_id, length in receiving.values_list("public_id", "length"):
        arrived, written_at = _arrived(public_id)
        if arrived and timezone.now() - written_at < ACTIVE_FOR:
            expected += length - arrived
    return expected


def _arrived(public_id: uuid.UUID) -> tuple[int, dt.datetime]:
    """How many bytes arrived, and when the last of them did."""
    try:
        found = part_path(public_id).stat()
    except FileNotFoundError:
        return 0, timezone.now()
    return found.st_size, dt.datetime.fromtimestamp(found.st_mtime, dt.UTC)


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder
