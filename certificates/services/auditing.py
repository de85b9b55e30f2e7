"""Audit of the register: numbers against their series, rows against files, files against rows.

Reads only, in streams: memory stays flat however many certificates there are.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path

from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from certificates.enums import FileKind
from certificates.models import Artifact, Copy, Credential, NumberSeries, RenderJob
from certificates.services.file_storage import (
    ABANDONED_AFTER,
    CERTIFICATES,
    LEASE,
    TEMPORARY_FOLDER,
    last_written,
    private_path,
)
from jobs.enums import JobState

ROWS_AT_ONCE = 1000
BYTES_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Finding:
    """A finding: a code for programs and a sentence for people."""

    kind: str
    what: str


@dataclass
class Audit:
    """A running audit: iterate over `findings()` once; the counts are complete when it is exhausted."""

    credentials: int = 0
    copies: int = 0
    files: int = 0
    bytes: int = 0
    open: int = 0
    failed: int = 0
    found: dict[str, int] = field(default_factory=dict)

    def findings(self) -> Iterator[Finding]:
        for check in (self._numbers, self._jobs, self._files, self._orphans):
            for finding in check():
                self.found[finding.kind] = self.found.get(finding.kind, 0) + 1
                yield finding

    def _numbers(self) -> Iterator[Finding]:
        """Each series has every number from one to its last exactly once."""
        self.credentials, self.copies = Credential.objects.count(), Copy.objects.count()
        for series in NumberSeries.objects.select_related("center", "type").order_by("pk").iterator():
            issued = _numbered().filter(center=series.center, type=series.type, issued_on__year=series.year)
            expected = 0
            numbers = issued.annotate(place=_running_number()).order_by("place", "number")
            for number, found in numbers.values_list("number", "place").iterator(chunk_size=ROWS_AT_ONCE):
                place = found or 0
                if place <= expected:
                    yield Finding("duplicate_number", f"{number} after {expected} in its series")
                    continue
                if place > expected + 1:
                    yield Finding("gap", f"{series} has nothing from {expected + 1} to {place - 1}")
                expected = place
            if expected != series.last:
                yield Finding("gap", f"{series} was counted to {series.last}, but ends with {expected}")
        counted = NumberSeries.objects.filter(
            center=OuterRef("center"), type=OuterRef("type"), year=OuterRef("issued_on__year")
        )
        for number in _numbered().filter(~Exists(counted)).values_list("number", flat=True).iterator():
            yield Finding("no_series", f"{number} belongs to no series")

    def _jobs(self) -> Iterator[Finding]:
        """Every certificate has its job, and every job that is done has its file."""
        originals = RenderJob.objects.filter(credential=OuterRef("pk"), kind=FileKind.CERTIFICATE, copy=None)
        for number in _numbered().filter(~Exists(originals)).values_list("number", flat=True).iterator():
            yield Finding("no_job", f"{number} was never to be drawn")
        jobs = RenderJob.objects.filter(copy=OuterRef("pk"), kind=FileKind.CERTIFICATE)
        for pk in Copy.objects.filter(~Exists(jobs)).values_list("pk", flat=True).iterator():
            yield Finding("no_job", f"copy {pk} was never to be drawn")
        self.open = RenderJob.objects.filter(state__in=(JobState.WAITING, JobState.RUNNING)).count()
        self.failed = RenderJob.objects.filter(state=JobState.FAILED).count()
        files = Artifact.objects.alias(number=_copy_or_none()).filter(
            credential=OuterRef("credential"), kind=OuterRef("kind"), number=OuterRef("number")
        )
        done = RenderJob.objects.alias(number=_copy_or_none()).filter(~Exists(files), state=JobState.DONE)
        for number in done.values_list("credential__number", flat=True).iterator(chunk_size=ROWS_AT_ONCE):
            yield Finding("no_file", f"{number} is drawn, but has no file")

    def _files(self) -> Iterator[Finding]:
        """Every file is in the storage, with the size and the hash in the register."""
        rows = Artifact.objects.order_by("pk").values_list("path", "sha256", "size")
        for name, sha256, size in rows.iterator(chunk_size=ROWS_AT_ONCE):
            self.files += 1
            try:
                digest, length = _digest(private_path(name))
            except FileNotFoundError:
                yield Finding("missing", f"{name} is not in the storage")
                continue
            self.bytes += length
            if length != size:
                yield Finding("size", f"{name} has {length} bytes instead of {size}")
            if digest != sha256:
                yield Finding("hash", f"{name} is not what was drawn")

    def _orphans(self) -> Iterator[Finding]:
        """No file is without a row. A file younger than a lease may still be in work."""
        before = (timezone.now() - LEASE).timestamp()
        for names in batched(_names_in(private_path(CERTIFICATES)), ROWS_AT_ONCE, strict=False):
            known = set(Artifact.objects.filter(path__in=names).values_list("path", flat=True))
            for name in names:
                if name not in known and last_written(private_path(name)) < before:
                    yield Finding("orphan", f"{name} belongs to no certificate")
        # `certificates.purge_files` has deleted these at the latest one lease after they were abandoned.
        before = (timezone.now() - ABANDONED_AFTER - LEASE).timestamp()
        for name in _names_in(private_path(TEMPORARY_FOLDER)):
            if last_written(private_path(name)) < before:
                yield Finding("orphan", f"{name} was left unfinished")


def _numbered() -> QuerySet[Credential]:
    """Certificates issued by this register: those entered from paper keep their printed number."""
    return Credential.objects.filter(proposal__isnull=False)


def _running_number() -> Cast:
    """The last digits of a number as an integer: the prefix may have been another one at the time."""
    return Cast(Func(F("number"), Value("[0-9]+$"), function="SUBSTRING"), BigIntegerField())


def _copy_or_none() -> Coalesce:
    """The copy of a file or job as a number that compares: 0 for the original."""
    return Coalesce(F("copy_id"), 0)


def _digest(path: Path) -> tuple[str, int]:
    """SHA-256 in hex and the length in bytes."""
    digest, length = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BYTES_AT_ONCE):
            digest.update(block)
            length += len(block)
    return digest.hexdigest(), length


def _names_in(folder: Path) -> Iterator[str]:
    """Storage names of every file below a folder."""
    root = private_path("")
    for place, _folders, files in os.walk(folder):
        for file in files:
            yield (Path(place) / file).relative_to(root).as_posix()
