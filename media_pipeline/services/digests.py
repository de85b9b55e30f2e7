"""SHA-256 and size of the files of a package, which `auditing` later compares with the stored files."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from media_pipeline.models import PublishedVersion
from media_pipeline.stores.base import BLOCK_BYTES


@dataclass(frozen=True, slots=True)
class Digest:
    """`bytes` is the size, `sha256` in hex."""

    bytes: int
    sha256: str


def digest_of(blocks: Iterable[bytes]) -> Digest:
    digest, size = hashlib.sha256(), 0
    for block in blocks:
        digest.update(block)
        size += len(block)
    return Digest(size, digest.hexdigest())


def digest_files(files: Iterable[Path], *, on_tick: Callable[[], None] = lambda: None) -> dict[str, Digest]:
    """The digest of each file by its name. `on_tick` is called for every mebibyte; what it raises stops the work."""
    digests = {}
    for path in files:
        with path.open("rb") as file:

            def ticking(read: Callable[[int], bytes] = file.read) -> Iterable[bytes]:
                while block := read(BLOCK_BYTES):
                    on_tick()
                    yield block

            digests[path.name] = digest_of(ticking())
    return digests


def rendition_digests(version: PublishedVersion) -> dict[str, Digest]:
    """What is recorded of the MP4 files of a version, for a next version with the same ones."""
    renditions = version.files.filter(name__endswith=".mp4")
    return {
        name: Digest(size, sha256) for name, size, sha256 in renditions.values_list("name", "bytes", "sha256")
    }
