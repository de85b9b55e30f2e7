"""Resumable uploads over HTTP: the tus protocol 1.0.0 as an ASGI application.

It is routed before Django, which would read the whole body before a view runs. Each request is authenticated by Django's
session and CSRF rules.
"""

import asyncio
import io
import re
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation

from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping.second_factor import lacks_second_factor
from media_pipeline.enums import UploadState
from media_pipeline.errors import (
    CenterUnknown,
    DiskFull,
    QuotaReached,
    TooManyUploads,
    UploadGone,
    UploadRefused,
    UploadUnknown,
)
from media_pipeline.folders import part_path
from media_pipeline.models import Upload
from media_pipeline.services.resumable_uploads import (
    drop_upload,
    find_upload,
    record_received_bytes,
    start_upload,
)
from media_pipeline.services.storage_quota import guard_chunk
from media_pipeline.uploading import UPLOADS_PATH, parts, protocol
from media_pipeline.uploading.protocol import ProtocolError

STATUS_OF_REFUSAL: dict[type[DomainError], int] = {
    CenterUnknown: 403,
    DiskFull: 507,
    QuotaReached: 413,
    TooManyUploads: 429,
    UploadGone: 410,
    UploadRefused: 422,
    UploadUnknown: 404,
}
STATUS_OF_PART_ERROR: dict[type[parts.PartError], int] = {
    parts.ChecksumMismatch: 460,
    parts.Conflict: 409,
    parts.Overrun: 413,
    parts.PartMissing: 410,
}

type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Requester:
    user: User
    language: str


async def serve_uploads(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """POST /media/uploads/ announces a file; HEAD, PATCH and DELETE of the address in its Location act on it."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    answer = await _answer(scope, headers, receive)
    if answer is not None:
        await _send(send, answer, is_head=scope["method"] == "HEAD")


async def _answer(scope: dict[str, Any], headers: dict[str, str], receive: Receive) -> Answer | None:
    method = scope["method"]
    if method == "OPTIONS":
        return Answer(204, protocol.options(settings.MEDIA_MAX_UPLOAD_BYTES))
    if method == "POST":
        # Only here: a GET that claims to be a PATCH would pass the CSRF check as a GET.
        method = headers.get("x-http-method-override", method).upper()
    try:
        protocol.require_version(headers)
        requester = await database_sync_to_async(_authenticate, thread_sensitive=False)(scope)
        with translation.override(requester.language):
            return await _route(method, scope["path"], headers, receive, requester)
    except ProtocolError as error:
        return Answer(error.status, error.headers, error.text)


async def _route(
    method: str, path: str, headers: dict[str, str], receive: Receive, requester: Requester
) -> Answer | None:
    try:
        if path == UPLOADS_PATH:
            if method != "POST":
                raise ProtocolError(405, "POST announces a file here.", {"Allow": "OPTIONS, POST"})
            return await _create(headers, requester.user)
        upload = await _in_database(find_upload, public_id=_public_id(path), by=requester.user)
        if method == "HEAD":
            return await _describe_upload(upload)
        if method == "PATCH":
            return await _receive_chunk(upload, headers, receive)
        if method == "DELETE":
            await _in_database(drop_upload, upload=upload, by=requester.user)
            return Answer(204)
        raise ProtocolError(405, "HEAD, PATCH or DELETE.", {"Allow": "DELETE, HEAD, OPTIONS, PATCH"})
    except DomainError as refusal:
        return Answer(STATUS_OF_REFUSAL[type(refusal)], text=str(refusal))
    except parts.PartError as error:
        return Answer(STATUS_OF_PART_ERROR[type(error)], text=str(error))


async def _create(headers: dict[str, str], user: User) -> Answer:
    creation = protocol.parse_creation(headers)
    fields = creation.metadata
    center = fields.get("center", "")
    upload = await _in_database(
        start_upload,
        center_id=int(center) if re.fullmatch(r"[0-9]{1,18}", center, re.ASCII) else None,
        title=fields.get("title", ""),
        name=fields.get("filename", fields.get("name", "")),
        length=creation.length,
        fingerprint=fields.get("fingerprint", ""),
        metadata=headers.get("upload-metadata", ""),
        by=user,
    )
    return Answer(201, {"Location": f"{UPLOADS_PATH}{upload.public_id.hex}", **_expiry(upload)})


async def _describe_upload(upload: Upload) -> Answer:
    offset = upload.length
    if upload.state == UploadState.RECEIVING:
        offset = await asyncio.to_thread(parts.offset_of, part_path(upload.public_id))
        if offset == upload.length:
            # Whole, but the process that received the last byte died before it recorded that.
            upload = await _in_database(
                record_received_bytes, upload=upload, offset=offset, previous_offset=offset
            )
    headers = {"Upload-Offset": str(offset), "Upload-Length": str(upload.length), **_expiry(upload)}
    if upload.metadata:
        headers["Upload-Metadata"] = upload.metadata
    return Answer(200, headers)


async def _receive_chunk(upload: Upload, headers: dict[str, str], receive: Receive) -> Answer | None:
    """Take the body of a PATCH. When a client disconnects midway, the bytes that arrived stay."""
    patch = protocol.parse_patch(headers)
    if upload.state != UploadState.RECEIVING:
        raise parts.Conflict(upload.length)
    if patch.offset + (patch.length or 0) > upload.length:
        raise parts.Overrun
    size = upload.length - patch.offset if patch.length is None else patch.length
    await _in_database(guard_chunk, upload=upload, size=size)
    with _disk_full_refused():
        writer = await asyncio.to_thread(
            parts.Writer,
            part_path(upload.public_id),
            offset=patch.offset,
            length=upload.length,
            reserve=settings.MEDIA_DISK_RESERVE_BYTES,
            checksum=patch.checksum,
        )
        try:
            is_whole = await _copy_body(receive, writer)
            if not is_whole and patch.checksum:
                # An unsupported checksum refuses the whole chunk.
                return None
            offset = await asyncio.to_thread(writer.finish)
        finally:
            await asyncio.to_thread(writer.close)
    upload = await _in_database(
        record_received_bytes, upload=upload, offset=offset, previous_offset=patch.offset
    )
    return Answer(204, {"Upload-Offset": str(offset), **_expiry(upload)}) if is_whole else None


async def _copy_body(receive: Receive, writer: parts.Writer) -> bool:
    """Append the body; return whether it was complete."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return False
        if block := message.get("body", b""):
            await asyncio.to_thread(writer.append, block)
        if not message.get("more_body"):
            return True


@contextmanager
def _disk_full_refused() -> Iterator[None]:
    try:
        yield
    except (parts.ReserveReached, OSError) as error:
        # ENOSPC, EDQUOT, EIO: what was written stays, and the client asks for the offset later.
        raise DiskFull from error


def _authenticate(scope: dict[str, Any]) -> Requester:
    """The user of the session, if Django's CSRF rules allow the request. Raises ProtocolError: 400, 401, 403."""
    request = ASGIRequest(scope, io.BytesIO())
    try:
        request.get_host()
        SessionMiddleware(_no_response).process_request(request)
        csrf = CsrfViewMiddleware(_no_response)
        csrf.process_request(request)
        refusal = csrf.process_view(request, _no_response, (), {})
    except (BadRequest, MultiPartParserError, SuspiciousOperation) as error:
        raise ProtocolError(400, "This request is not understood.") from error
    if refusal is not None:
        raise ProtocolError(403, "The CSRF check failed: send X-CSRFToken.")
    user = get_user(request)
    if not (isinstance(user, User) and user.is_active):
        raise ProtocolError(401, "Log in first.")
    request.user = user
    if lacks_second_factor(request):
        raise ProtocolError(403, "Set up a second factor first, or log in again with it.")
    return Requester(user, translation.get_language_from_request(request))


def _no_response(*_: object) -> HttpResponse:
    return HttpResponse()


def _public_id(path: str) -> uuid.UUID:
    found = re.fullmatch(r"[0-9a-f]{32}", path.removeprefix(UPLOADS_PATH))
    if not found:
        raise UploadUnknown
    return uuid.UUID(found[0])


def _expiry(upload: Upload) -> dict[str, str]:
    return {"Upload-Expires": protocol.http_moment(upload.expires_at)}


async def _in_database[Result](function: Callable[..., Result], **facts: Any) -> Result:
    return await database_sync_to_async(function, thread_sensitive=False)(**facts)


async def _send(send: Send, answer: Answer, *, is_head: bool) -> None:
    body = b"" if is_head else answer.text.encode()
    headers = {
        "Tus-Resumable": protocol.VERSION,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        # A browser resends by itself a request that failed on a reused connection: up to a whole chunk, which we would
        # refuse. A failure on a fresh connection is left to the page, which asks for the offset first.
        "Connection": "close",
        **answer.headers,
    }
    if answer.status != 204:
        headers |= {"Content-Length": str(len(body)), "Content-Type": "text/plain; charset=utf-8"}
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": body})
