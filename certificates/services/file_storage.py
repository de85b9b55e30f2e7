"""Private file storage: files are written completely in a temporary folder, then renamed under the lock of their row.

As a file is renamed only while the row of its job is locked, a file with a final name and no row was left by a process that
died between the two, and can be deleted.
"""

import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.utils import timezone

from accounts.files import sync
from certificates.models import Artifact, RenderJob

LEASE = dt.timedelta(seconds=settings.CERTIFICATES_LEASE_SECONDS)
# Seconds. Writers refresh the file's mtime every few seconds; a file older than this has been abandoned.
ABANDONED_AFTER = 2 * LEASE
CERTIFICATES = "certificates"
# On the file system of the certificates, so that a file is moved, not copied; in its own folder, so that leftovers are found by listing it.
TEMPORARY_FOLDER = "certificates-unfinished"


def private_path(name: str) -> Path:
    return Path(storages["private"].path(name))


@contextmanager
def temporary_file() -> Iterator[Path]:
    """An empty file to write to. It is deleted at the end, unless `move_into_place` moved it."""
    folder = private_path(TEMPORARY_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def write_durably(path: Path, content: bytes) -> None:
    """Write and fsync."""
    path.write_bytes(content)
    sync(path)


def move_into_place(unfinished: Path, name: str) -> None:
    """Move a file to its place in the storage. File and directory entry are fsynced before this returns."""
    target = private_path(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished.replace(target)
    sync(target.parent)


def stem_of(job: RenderJob) -> str:
    """How the names of a job's files begin; the hash follows."""
    credential = job.credential
    number = job.copy.number if job.copy else 0
    return f"{CERTIFICATES}/{credential.issued_on.year}/{credential.public_id}-{job.kind}{number}-"


def name_of(job: RenderJob, content: bytes) -> str:
    """The name of a job's file. It contains the hash, so that two workers drawing the same certificate do not overwrite each other's file."""
    return f"{stem_of(job)}{hashlib.sha256(content).hexdigest()[:16]}.pdf"


def delete_orphaned_files(job: RenderJob) -> None:
    """Delete the files that failed attempts of a job left. Call it only under the lock of its row."""
    start = private_path(stem_of(job))
    kept = set(Artifact.objects.filter(credential=job.credential_id).values_list("path", flat=True))
    for file in start.parent.glob(f"{start.name}*.pdf"):
        if f"{CERTIFICATES}/{start.parent.name}/{file.name}" not in kept:
            file.unlink(missing_ok=True)


def name_of_archive(artifact: Artifact, content: bytes) -> str:
    """The name of an archive of a file. It does not begin like the files of the job, which are deleted by prefix."""
    return f"{_stem_of_archives(artifact)}{hashlib.sha256(content).hexdigest()[:16]}.pdf"


def delete_orphaned_archives(artifact: Artifact) -> None:
    """Delete the files that failed attempts to archive a file left. Call it only under the lock of its row."""
    start = private_path(_stem_of_archives(artifact))
    kept = set(artifact.archives.values_list("path", flat=True))
    for file in start.parent.glob(f"{start.name}*.pdf"):
        if f"{CERTIFICATES}/{start.parent.name}/{file.name}" not in kept:
            file.unlink(missing_ok=True)


def _stem_of_archives(artifact: Artifact) -> str:
    credential = artifact.credential
    number = artifact.copy.number if artifact.copy else 0
    return (
        f"{CERTIFICATES}/{credential.issued_on.year}/{credential.public_id}-archive-{artifact.kind}{number}-"
    )


def delete_abandoned_files() -> int:
    """Delete temporary files of processes that died. Returns how many."""
    folder = private_path(TEMPORARY_FOLDER)
    before = (timezone.now() - ABANDONED_AFTER).timestamp()
    left = [file for file in folder.glob("*.part") if last_written(file) < before] if folder.is_dir() else []
    for file in left:
        file.unlink(missing_ok=True)
    return len(left)


def last_written(file: Path) -> float:
    """The mtime of a file in seconds; infinity if it has just been deleted."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
