"""Atomic and durable writes of files."""

import os
import uuid
from pathlib import Path


def replace_file(path: Path, content: str | bytes) -> None:
    """Write a file under another name and move it into place: readers see the old content or the new one, never a part.

    For any number of writers at once; the last one stays. A power cut may bring back the old content: `sync` it.
    """
    fresh = path.with_name(f".{uuid.uuid4().hex}")
    try:
        fresh.write_bytes(content.encode() if isinstance(content, str) else content)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def sync(path: Path) -> None:
    """Put what was written to a file, or the names in a folder, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
