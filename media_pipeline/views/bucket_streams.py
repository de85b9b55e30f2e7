"""Serves versions whose renditions are in the bucket: playlists that point there, and the small files on our disk.

In the scaled mode the page processes answer these requests, so no response here is large or streamed.
"""

import logging
import uuid
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from media_pipeline.folders import published_folder
from media_pipeline.models import PublishedVersion
from media_pipeline.services.bucket_renditions import (
    CACHED_SHARE,
    lifetime_of,
    rendition_address,
    with_rendition_addresses,
)
from media_pipeline.stores import StoreFailed
from media_pipeline.views.streams import CONTENT_TYPES, nothing_here, plain, refused, seconds_left

logger = logging.getLogger(__name__)


@require_safe
def serve_bucket_stream(
    request: HttpRequest, expires: str, viewer: str, signature: str, path: str, name: str
) -> HttpResponse:
    """One file of a version in the bucket, by an address that is signed and revoked like any other.

    The playlist of a rendition is rewritten with a presigned address of the bucket; an MP4 file is a redirect there.
    """
    refusal = refused(expires, viewer, signature, path)
    if refusal:
        return refusal
    public_id, _slash, number = path.partition("/")
    version = PublishedVersion.objects.filter(video__public_id=uuid.UUID(public_id), number=number).first()
    if version is None or not version.rendition_set:
        return nothing_here()
    folder = published_folder() / version.path
    try:
        if name.endswith(".mp4"):
            return _whole_rendition(version, folder, name)
        return _small_file(version, folder / name, seconds_left(expires))
    except FileNotFoundError:
        return nothing_here()
    except StoreFailed as error:
        logger.warning("%s/%s cannot be served: %s", path, name, error)
        return plain(503, _("The video cannot be reached at the moment. Try again later."))


def _whole_rendition(version: PublishedVersion, folder: Path, name: str) -> HttpResponse:
    playlist = (folder / name).with_suffix(".m3u8").read_text(encoding="utf-8")
    if with_rendition_addresses(version, name, playlist) == playlist:
        return nothing_here()
    # Not cached: a player that comes back hours later needs a valid address.
    return HttpResponseRedirect(rendition_address(version, name), headers={"Cache-Control": "no-store"})


def _small_file(version: PublishedVersion, file: Path, left: int) -> HttpResponse:
    content = file.read_bytes()
    if file.suffix == ".m3u8":
        text = content.decode()
        content = with_rendition_addresses(version, f"{file.stem}.mp4", text).encode()
        left = min(left, lifetime_of(version) // CACHED_SHARE)
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[file.suffix],
        headers={"Cache-Control": f"private, max-age={left}"},
    )
