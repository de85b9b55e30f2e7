"""Whether there is room for a file: in the center's share, and on the disk."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db.models import Sum

from accounts.models import Center
from media_pipeline.enums import OPEN_UPLOAD_STATES, UploadState
from media_pipeline.errors import DiskFull, QuotaReached
from media_pipeline.folders import part_path
from media_pipeline.models import MediaQuota, Rendition, Upload, Video

GIGABYTE = 1_000_000_000


def guard_room(*, center: Center, size: int) -> None:
    """Raise QuotaReached or DiskFull when `size` more bytes have no room. The caller holds the center's lock."""
    free = quota_of(center) - used_bytes(center)
    if size > free:
        raise QuotaReached(free=max(free, 0) // 1_000_000, needed=-(-size // 1_000_000))
    on_disk = shutil.disk_usage(_existing(Path(settings.PRIVATE_ROOT))).free
    if on_disk - _expected_bytes() - size < settings.MEDIA_DISK_RESERVE_BYTES:
        raise DiskFull


def quota_of(center: Center) -> int:
    own = MediaQuota.objects.filter(center=center).values_list("gigabytes", flat=True).first()
    return (settings.MEDIA_QUOTA_GB if own is None else own) * GIGABYTE


def used_bytes(center: Center) -> int:
    """Sources, prepared streams and what is on its way in."""
    sources = Video.objects.filter(center=center).aggregate(total=Sum("byte_size"))
    streams = Rendition.objects.filter(version__video__center=center).aggregate(total=Sum("bytes"))
    coming = Upload.objects.filter(center=center, state__in=OPEN_UPLOAD_STATES).aggregate(total=Sum("length"))
    return sum(found["total"] or 0 for found in (sources, streams, coming))


def _expected_bytes() -> int:
    """What unfinished uploads, of everybody, will still bring."""
    coming = Upload.objects.filter(state=UploadState.RECEIVING).values_list("public_id", "length")
    return sum(length - _size(part_path(public_id)) for public_id, length in coming)


def _size(part: Path) -> int:
    try:
        return part.stat().st_size
    except FileNotFoundError:
        return 0


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder
