"""Publishes a validated package atomically."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction
from django.db.models import F, Max
from wagtail.log_actions import log

from accounts.files import sync
from media_pipeline.enums import VideoState
from media_pipeline.folders import published_folder
from media_pipeline.models import CaptionRevision, PublishedFile, PublishedVersion, Rendition, Video
from media_pipeline.services.digests import Digest, digest_files
from media_pipeline.signals import version_published
from media_pipeline.transcoding.package import PICTURES, Captions, Package, write_master
from media_pipeline.transcoding.plan import Plan
from media_pipeline.transcoding.validate import validate_package


@transaction.atomic
def publish_version(
    *,
    video: Video,
    plan: Plan,
    package: Path,
    rendition_set: str = "",
    codecs_known: Mapping[str, str] | None = None,
    digests: Mapping[str, Digest] | None = None,
) -> PublishedVersion:
    """Move `package` to its published place and point `video`, whose row the caller has locked, at it.

    The published captions are written into it first. Until the transaction commits no address is signed for the new
    folder, so it cannot be fetched. `rendition_set` names the MP4 files in a bucket; `codecs_known` has their
    codecs where an earlier version stored them and they are not in `package`. `digests` are those of files that
    the caller has read already. Raises Invalid, PackagingFailed.
    """
    captions = _write_captions(video, package.with_name(f"{package.name}-captions"))
    described = write_master(plan, folder=package, captions=captions, codecs_known=codecs_known)
    validate_package(package, plan, has_media_files=codecs_known is None)
    known = dict(digests or {})
    known |= digest_files(path for path in sorted(package.iterdir()) if path.name not in known)
    if rendition_set:
        for media_file in package.glob("*.mp4"):
            media_file.unlink()
    number = (video.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    _move(package, published_folder() / video.public_id.hex / str(number))
    version = _record(video, number, plan, described, captions, rendition_set)
    PublishedFile.objects.bulk_create(
        PublishedFile(version=version, name=name, bytes=digest.bytes, sha256=digest.sha256)
        for name, digest in known.items()
    )
    video.published = version
    video.state = VideoState.PUBLISHED
    video.refusal = None
    video.save(update_fields=["published", "state", "refusal"])
    log(video, "media_pipeline.video.publish", data={"version": number})
    version_published.send(sender=PublishedVersion, version=version)
    return version


def _write_captions(video: Video, folder: Path) -> list[Captions]:
    """Write the published captions as files into `folder`, which is next to the package and is removed with it."""
    folder.mkdir(exist_ok=True)
    tracks = []
    shown = CaptionRevision.objects.filter(track__video=video, pk=F("track__published"))
    for revision in shown.select_related("track").order_by("track__language", "track__kind"):
        track = revision.track
        path = folder / f"{track.kind}-{track.language}.vtt"
        path.write_text(revision.text, encoding="utf-8", newline="\n")
        tracks.append(Captions(track.language, track.get_language_display(), track.kind, path))
    return tracks


def _record(
    video: Video, number: int, plan: Plan, package: Package, captions: list[Captions], rendition_set: str
) -> PublishedVersion:
    version = PublishedVersion.objects.create(
        video=video,
        number=number,
        path=f"{video.public_id.hex}/{number}",
        rendition_set=rendition_set,
        seconds=package.seconds,
        has_poster=bool(plan.renditions),
        captions=[
            {"name": track.name, "language": track.language, "label": track.label, "kind": track.kind}
            for track in captions
        ],
        plan=plan.as_json(),
    )
    Rendition.objects.bulk_create(
        Rendition(
            version=version,
            name=rendition.name,
            width=rendition.width,
            height=rendition.height,
            codecs=rendition.codecs,
            peak_bps=rendition.peak_bits,
            average_bps=rendition.average_bits,
            bytes=rendition.bytes,
        )
        for rendition in package.renditions
    )
    return version


def _move(package: Path, target: Path) -> None:
    sync_folder(package)
    if target.exists():
        # Moved by an attempt whose transaction never committed: no row points at it.
        shutil.rmtree(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    package.rename(target)
    sync(target.parent)


def sync_folder(folder: Path) -> None:
    """Put every file of `folder` on the disk, then the folder itself: a power cut must not leave a published version incomplete."""
    for path in folder.iterdir():
        sync(path)
    sync(folder)


def copy_media(version: PublishedVersion, folder: Path) -> None:
    """Link what a version has on our disk into `folder`, for a next version with other captions."""
    names = list(version.renditions.values_list("name", flat=True))
    kinds = ("m3u8",) if version.rendition_set else ("mp4", "m3u8")
    files = [f"{name}.{kind}" for name in names for kind in kinds]
    pictures = [name for name in PICTURES if (published_folder() / version.path / name).is_file()]
    for name in [*files, *pictures]:
        source = published_folder() / version.path / name
        try:
            (folder / name).hardlink_to(source)
        except OSError:
            shutil.copyfile(source, folder / name)
