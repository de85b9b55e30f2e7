"""Makes a file a video: examines it, looks for duplicates, stores it and queues its preparation."""

import hashlib
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages
from django.db import transaction
from wagtail.log_actions import log

from accounts.files import sync
from accounts.models import Center, User
from media_pipeline.errors import DuplicateFile
from media_pipeline.folders import source_name
from media_pipeline.models import Video
from media_pipeline.queries.uploads import videos_of_bytes
from media_pipeline.services.jobs.starting import start_job
from media_pipeline.services.storage_quota import guard_storage
from media_pipeline.transcoding.sniff import Container, sniff_container


@dataclass(frozen=True, slots=True)
class ExaminedFile:
    """A complete file on our disk, with the container and digest found in its bytes."""

    path: Path
    container: Container
    size: int
    sha256: str


def examine_file(path: Path, *, sha256: str = "") -> ExaminedFile:
    """Recognize a file by its content; hash it unless that was done before. Raises Refused, FileNotFoundError."""
    container = sniff_container(path)
    if not sha256:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return ExaminedFile(path, container, path.stat().st_size, sha256)


@transaction.atomic
def add_video(
    *,
    file: ExaminedFile,
    public_id: uuid.UUID,
    center_id: int,
    title: str,
    original_name: str,
    by: User | None,
    is_counted: bool = False,
    is_duplicate_wanted: bool = False,
) -> Video:
    """Store a file, which stays where it is, as the source of a new video and queue its preparation.

    `is_counted` where the quota counts its bytes already. Called again with the same `public_id`, it returns the video
    that was made: a caller that died may start over. Raises DuplicateFile, QuotaReached, DiskFull.
    """
    # Of two equal files that arrive at once, the second finds the first one's video.
    center = Center.objects.select_for_update(no_key=True).get(pk=center_id)
    made = Video.objects.filter(public_id=public_id, center=center).first()
    if made is not None:
        return made
    if not is_duplicate_wanted and videos_of_bytes(center_id=center_id, sha256=file.sha256).exists():
        raise DuplicateFile
    if not is_counted:
        guard_storage(center=center, size=file.size)
    video = Video(
        public_id=public_id,
        center=center,
        title=title[:200],
        original_name=original_name[:255],
        byte_size=file.size,
        sha256=file.sha256,
        uploaded_by=by,
    )
    video.source.name = store_source(source_name(public_id, file.container.extension), file.path)
    video.save()
    log(video, "media_pipeline.video.upload", user=by, data={"name": video.original_name})
    start_job(video=video, by=by)
    return video


def store_source(name: str, file: Path) -> str:
    """Put `file` into the private storage; return the name it got there. On our own disk it is linked, not copied."""
    storage = storages["private"]
    if not isinstance(storage, FileSystemStorage):
        with file.open("rb") as stream:
            return storage.save(name, File(stream))
    target = Path(storage.path(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(file)
    except OSError:
        # A file system without hard links.
        shutil.copyfile(file, target)
    # Synced to disk before the upload is acknowledged.
    sync(target)
    sync(target.parent)
    return name
