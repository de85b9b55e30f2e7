"""Turns a complete file into a video: stored under a name of ours, and queued."""

import os
import shutil
import uuid
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages
from wagtail.log_actions import log

from accounts.models import Center, User
from media_pipeline.folders import source_name
from media_pipeline.models import Video
from media_pipeline.services.jobs.starting import start_job
from media_pipeline.transcoding.sniff import Container
from media_pipeline.uploading.parts import sync_folder


def add_video(
    *,
    public_id: uuid.UUID,
    center: Center,
    title: str,
    original_name: str,
    file: Path,
    container: Container,
    sha256: str,
    by: User | None,
) -> Video:
    """Store `file` (which stays where it is) as the source of a new video and queue its preparation.

    For use inside a transaction. Repeating it after a crash overwrites what the crash left under the same name.
    """
    video = Video(
        public_id=public_id,
        center=center,
        title=title,
        original_name=original_name,
        byte_size=file.stat().st_size,
        sha256=sha256,
        uploaded_by=by,
    )
    video.source.name = store_source(source_name(public_id, container.extension), file)
    video.save()
    log(video, "media_pipeline.video.upload", user=by, data={"name": original_name})
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
    # Acknowledged means on disk.
    descriptor = os.open(target, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    sync_folder(target.parent)
    return name
