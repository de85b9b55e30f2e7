"""Serves published streams by signed addresses in the embedded mode; nginx does so in the scaled mode."""

import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import http_date, parse_http_date_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from media_pipeline.byteranges import RangeNotSatisfiable, requested_range
from media_pipeline.folders import live_stream_folder, published_folder
from media_pipeline.services.delivery_log import log_delivery
from media_pipeline.services.playback import is_signed
from media_pipeline.services.revocations import is_revoked

BLOCK_BYTES = 262_144
CONTENT_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".vtt": "text/vtt; charset=utf-8",
}


@require_safe
async def serve_stream(
    request: HttpRequest, expires: str, viewer: str, signature: str, path: str, name: str
) -> HttpResponseBase:
    """One file of a version, or the part of it that Range asks for. A wrong signature gets 404, an expired or revoked one 410."""
    refusal = await sync_to_async(refused)(expires, viewer, signature, path)
    cached = f"private, max-age={seconds_left(expires)}, immutable"
    return refusal or await _answer(request, published_folder(), path, name, cached)


@require_safe
async def serve_live_stream(
    request: HttpRequest, expires: str, viewer: str, signature: str, path: str, name: str
) -> HttpResponseBase:
    """The same for a live stream, whose playlists are never cached."""
    refusal = await sync_to_async(refused)(expires, viewer, signature, path)
    kept = f"private, max-age={seconds_left(expires)}, immutable"
    cached = "no-store" if name.endswith(".m3u8") else kept
    return refusal or await _answer(request, live_stream_folder(), path, name, cached)


def refused(expires: str, viewer: str, signature: str, path: str) -> HttpResponse | None:
    """The response to an address that is invalid, expired or revoked."""
    if not is_signed(f"{expires}-{viewer}", signature, path):
        return nothing_here()
    if seconds_left(expires) < 0 or is_revoked(viewer):
        return plain(410, _("This address has expired. Open the lesson again to go on watching."))
    return None


def seconds_left(expires: str) -> int:
    return int(expires) - int(time.time())


@require_safe
async def refuse_stream(request: HttpRequest) -> HttpResponse:
    """Any other address below the streams: a plain text response, since players do not show pages."""
    return nothing_here()


def nothing_here() -> HttpResponse:
    return plain(404, _("There is nothing at this address."))


def plain(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


async def _answer(request: HttpRequest, folder: Path, path: str, name: str, cached: str) -> HttpResponseBase:
    file = folder / path / name
    if not await sync_to_async(file.is_file)():
        return nothing_here()
    stat = await sync_to_async(file.stat)()
    tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": cached,
        "Content-Type": CONTENT_TYPES[file.suffix],
        "ETag": tag,
        "Last-Modified": http_date(stat.st_mtime),
    }
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag, "Cache-Control": headers["Cache-Control"]})
    wanted = request.headers.get("Range", "") if _is_range_valid(request, tag, stat.st_mtime) else ""
    try:
        part = requested_range(wanted, stat.st_size)
    except RangeNotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{stat.st_size}"})
    first, last = part or (0, stat.st_size - 1)
    if part:
        headers["Content-Range"] = f"bytes {first}-{last}/{stat.st_size}"
    headers["Content-Length"] = str(last - first + 1)
    status = 206 if part else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)

    def note(length: int) -> None:
        log_delivery(status=status, length=length, path=path)

    return StreamingHttpResponse(_blocks(file, first, last, note), status=status, headers=headers)


def _is_range_valid(request: HttpRequest, tag: str, modified: float) -> bool:
    """RFC 9110, 13.1.5: a range of another version of the file must not be mixed into this one."""
    condition = request.headers.get("If-Range")
    return condition in {None, tag} or parse_http_date_safe(condition or "") == int(modified)


async def _blocks(path: Path, first: int, last: int, note: Callable[[int], None]) -> AsyncIterator[bytes]:
    """The bytes from first to last; calls `note` with the number sent, also when the client disconnects."""
    file = await sync_to_async(lambda: path.open("rb"))()
    wanted = left = last - first + 1
    try:
        await sync_to_async(file.seek)(first)
        while left > 0:
            block = await sync_to_async(file.read)(min(BLOCK_BYTES, left))
            if not block:
                return
            left -= len(block)
            yield block
    finally:
        await sync_to_async(file.close)()
        await sync_to_async(note)(wanted - left)
