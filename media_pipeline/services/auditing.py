"""Compares the stored files of published versions with what was recorded when they were published.

Reads only, in blocks: memory use does not depend on the number or size of the files.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path

from django.utils import timezone

from media_pipeline.folders import published_folder
from media_pipeline.models import PublishedVersion
from media_pipeline.services.bucket_renditions import ABANDONED
from media_pipeline.services.digests import Digest, digest_of
from media_pipeline.stores import StoreFailed, current_store, store_of
from media_pipeline.stores.disk import DiskStore

VERSIONS_AT_ONCE = 100


@dataclass(frozen=True)
class Finding:
    """`kind` is a code for programs, `what` a sentence for the operator."""

    kind: str
    what: str


@dataclass
class VideoAudit:
    """One audit: iterate `findings()` once; the counts are right when it is exhausted.

    It begins after the version with the key `after` and ends after `limit` versions. `last` is the key of the last
    version that was compared: pass it as `after` to resume an audit. `unrecorded` counts versions from
    before digests were recorded: of their renditions only the sizes are compared. Stray files are looked for when no version
    is left.
    """

    after: int = 0
    limit: int | None = None
    now: dt.datetime | None = None
    versions: int = 0
    files: int = 0
    bytes: int = 0
    unrecorded: int = 0
    last: int = 0
    found: dict[str, int] = field(default_factory=dict)

    def findings(self) -> Iterator[Finding]:
        self.last = self.after
        for finding in self._all():
            self.found[finding.kind] = self.found.get(finding.kind, 0) + 1
            yield finding

    def _all(self) -> Iterator[Finding]:
        while versions := self._next_versions():
            for version in versions:
                yield from self._version(version)
                self.last = version.pk
                self.versions += 1
        if self.limit is None or self.versions < self.limit:
            yield from self._stray_folders()
            yield from self._stray_rendition_sets()

    def _next_versions(self) -> list[PublishedVersion]:
        left = VERSIONS_AT_ONCE if self.limit is None else min(VERSIONS_AT_ONCE, self.limit - self.versions)
        return list(PublishedVersion.objects.filter(pk__gt=self.last).order_by("pk")[:left])

    def _version(self, version: PublishedVersion) -> Iterator[Finding]:
        recorded = {row.name: Digest(row.bytes, row.sha256) for row in version.files.all()}
        if recorded:
            found = list(self._unrecorded_files(version, recorded))
        else:
            self.unrecorded += 1
            found = []
            recorded = {f"{row.name}.mp4": Digest(row.bytes, "") for row in version.renditions.all()}
        for name, digest in recorded.items():
            found += self._file(version, name, digest)
        # A version that was replaced and removed meanwhile is not a finding.
        if found and PublishedVersion.objects.filter(pk=version.pk).exists():
            yield from found

    def _file(self, version: PublishedVersion, name: str, recorded: Digest) -> Iterator[Finding]:
        where = f"{version.path}/{name} of video {version.video_id}"
        is_rendition = name.endswith(".mp4")
        self.files += 1
        try:
            store = store_of(version.rendition_set) if is_rendition else DiskStore()
            stored = digest_of(store.blocks(published_folder() / version.path, version.rendition_set, name))
        except FileNotFoundError:
            yield Finding("missing", f"{where} is not in the storage")
            return
        except (StoreFailed, OSError) as error:
            yield Finding("unreadable", f"{where} cannot be read: {error}")
            return
        self.bytes += stored.bytes
        if stored.bytes != recorded.bytes:
            yield Finding("size", f"{where} has {stored.bytes} bytes instead of {recorded.bytes}")
        elif recorded.sha256 and stored.sha256 != recorded.sha256:
            yield Finding("damaged", f"{where} is not, byte for byte, what was published")

    def _unrecorded_files(self, version: PublishedVersion, recorded: dict[str, Digest]) -> Iterator[Finding]:
        folder = published_folder() / version.path
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            if path.name not in recorded or (version.rendition_set and path.suffix == ".mp4"):
                yield Finding("stray", f"{version.path}/{path.name} belongs to no published file")

    def _stray_folders(self) -> Iterator[Finding]:
        """Folders that no version names. A younger one may be of a version that is being published or removed."""
        before = self._abandoned_before().timestamp()
        for paths in batched(_folders_of_versions(), VERSIONS_AT_ONCE, strict=False):
            known = set(PublishedVersion.objects.filter(path__in=paths).values_list("path", flat=True))
            for path in paths:
                if path not in known and _changed_before(published_folder() / path, before):
                    yield Finding("stray", f"{path} belongs to no published version")

    def _abandoned_before(self) -> dt.datetime:
        return (self.now or timezone.now()) - ABANDONED

    def _stray_rendition_sets(self) -> Iterator[Finding]:
        """Rendition sets in the bucket that no version names, read in the order of `purge_rendition_sets`."""
        try:
            taken = current_store().written_before(before=self._abandoned_before())
        except StoreFailed as failure:
            yield Finding("unreadable", f"the renditions in the bucket cannot be listed: {failure}")
            return
        for names in batched(sorted(taken), VERSIONS_AT_ONCE, strict=False):
            known = set(
                PublishedVersion.objects.filter(rendition_set__in=names).values_list(
                    "rendition_set", flat=True
                )
            )
            for name in names:
                if name not in known:
                    yield Finding("stray", f"{name} in the bucket belongs to no published version")


def _folders_of_versions() -> Iterator[str]:
    root = published_folder()
    for video in root.iterdir() if root.is_dir() else []:
        for version in video.iterdir() if video.is_dir() else [video]:
            yield version.relative_to(root).as_posix()


def _changed_before(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:
        return False
