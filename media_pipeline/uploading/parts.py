"""The part file of an upload: its size is the offset, which is recorded nowhere else.

Every write compares the offset and appends under a lock: bytes are appended only where the writer's offset is the end.
So no connection holds the lock while it waits for bytes, and of two that send the same bytes one gets Conflict.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from accounts.files import sync
from media_pipeline.uploading.protocol import Checksum

COPY_BYTES = 8 * 1024 * 1024


class PartError(Exception):
    """The bytes cannot be appended."""


class PartMissing(PartError):
    """There is no such part: never created, dropped, or moved to its final place."""


class Conflict(PartError):
    """The end of the file is not at the writer's offset."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"The end is at {offset}.")
        self.offset = offset


class Overrun(PartError):
    """There would be more bytes than were announced."""


class ReserveReached(PartError):
    """The disk has no more than its reserve free. Bytes written before stay."""


class ChecksumMismatch(PartError):
    """The bytes do not match the checksum. None of them were appended."""


def create_part(path: Path) -> None:
    """Create an empty part that survives a power cut. Raises FileExistsError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    sync(path.parent)


def offset_of(path: Path) -> int:
    """How many bytes are synced to disk: the sender need not keep them. Raises PartMissing."""
    with _locked(path) as descriptor:
        os.fsync(descriptor)
        return os.fstat(descriptor).st_size


def drop_part(path: Path) -> None:
    """Remove the part. A writer that has it open raises PartMissing at its next block."""
    path.unlink(missing_ok=True)


class Writer:
    """Appends the body of one PATCH to the part at `path`, from `offset`, up to `length` bytes in all.

    `reserve` bytes stay free on the disk: a block that would leave fewer is refused before it is written.

    With a checksum the bytes are first written to an unnamed temporary file, and appended once they are complete and
    match. Call `append` for every block, `finish` after the last, `close` in any case.
    """

    def __init__(
        self, path: Path, *, offset: int, length: int, reserve: int = 0, checksum: Checksum | None = None
    ) -> None:
        self.path = path
        self.offset = offset
        self.length = length
        self.reserve = reserve
        self._checksum = checksum
        self._buffer: IO[bytes] | None = None
        self._digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
        with _locked(path) as descriptor:
            _require_offset(descriptor, offset)
            self._guard_reserve(descriptor, 1)
        if checksum:
            self._buffer = tempfile.TemporaryFile(dir=path.parent)  # noqa: SIM115 - lives as long as the writer

    def append(self, block: bytes) -> None:
        """Raises Overrun and ReserveReached (nothing of the block is written), Conflict, PartMissing, OSError."""
        waiting = self._buffer.tell() if self._buffer else 0
        if self.offset + waiting + len(block) > self.length:
            raise Overrun
        if self._buffer and self._digest:
            self._guard_reserve(self._buffer.fileno(), len(block))
            self._digest.update(block)
            self._buffer.write(block)
            return
        with _locked(self.path) as descriptor:
            _require_offset(descriptor, self.offset)
            self._guard_reserve(descriptor, len(block))
            self._write(descriptor, block)

    def finish(self) -> int:
        """Sync the part to disk; return the offset.

        Raises ChecksumMismatch, Conflict, PartMissing, ReserveReached, OSError.
        """
        if self._buffer and self._digest and self._checksum:
            if self._digest.digest() != self._checksum.digest:
                raise ChecksumMismatch
            self._buffer.seek(0)
        with _locked(self.path) as descriptor:
            if self._buffer:
                _require_offset(descriptor, self.offset)
                while block := self._buffer.read(COPY_BYTES):
                    self._guard_reserve(descriptor, len(block))
                    self._write(descriptor, block)
            os.fsync(descriptor)
        return self.offset

    def close(self) -> None:
        if self._buffer:
            self._buffer.close()

    def _guard_reserve(self, descriptor: int, size: int) -> None:
        disk = os.fstatvfs(descriptor)
        if disk.f_bavail * disk.f_frsize - size < self.reserve:
            raise ReserveReached

    def _write(self, descriptor: int, block: bytes) -> None:
        left = memoryview(block)
        while left:
            # On a full disk some bytes may be written before the error: they are at the right offset.
            written = os.write(descriptor, left)
            left = left[written:]
            self.offset += written


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
    except FileNotFoundError as error:
        raise PartMissing from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink == 0:
            # Dropped, or moved away, between the opening and the lock.
            raise PartMissing
        yield descriptor
    finally:
        os.close(descriptor)


def _require_offset(descriptor: int, offset: int) -> None:
    end = os.fstat(descriptor).st_size
    if end != offset:
        raise Conflict(end)
