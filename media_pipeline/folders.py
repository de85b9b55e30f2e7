"""Paths of media under PRIVATE_ROOT. Staging and published share a file system: publishing is a rename."""

import uuid
from pathlib import Path

from django.conf import settings


def media_folder() -> Path:
    return Path(settings.PRIVATE_ROOT) / "media"


def staging_folder() -> Path:
    """Work that is not published: one folder per job (`job_folder`), and temporary packages of caption changes."""
    return media_folder() / "staging"


def uploads_folder() -> Path:
    """Unfinished uploads: one part file each, named by the public id of the upload."""
    return media_folder() / "uploads"


def part_path(public_id: uuid.UUID) -> Path:
    return uploads_folder() / public_id.hex


def job_folder(job_id: int) -> Path:
    """The folder of one job: `source.<ext>`, `parts/` with the work that is done, `try-<step>-<fence>/` of an attempt."""
    return staging_folder() / str(job_id)


def slots_folder() -> Path:
    """Files that the workers of a machine lock, one for each step that may run there at once."""
    return media_folder() / "slots"


def speech_folder() -> Path:
    """One folder per attempt to listen to a video, named `<transcription>-<fence>`."""
    return media_folder() / "speech"


def published_folder() -> Path:
    """What nginx serves: `<public id>/<version>/<file>`."""
    return media_folder() / "published"


def live_stream_folder() -> Path:
    """Live streams, which nginx serves while they are written: `<public id>/<number>/<file>`."""
    return media_folder() / "growing"


def ingest_folder() -> Path:
    """What senders of live streams sent, until it is encoded: `<public id>/<number>/`. It is never served."""
    return media_folder() / "takes"


def revocations_folder() -> Path:
    """One empty file for each revoked tag: nginx and the stream view look for it before every response."""
    return media_folder() / "ended"


def source_name(public_id: uuid.UUID, extension: str) -> str:
    """The name of a source in the private storage. Nothing of the uploaded name is in it."""
    return f"media/sources/{public_id.hex}/source.{extension}"
