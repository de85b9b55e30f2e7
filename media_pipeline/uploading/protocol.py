"""The headers of tus 1.0.0: core, creation, checksum, expiration, termination."""

import base64
import binascii
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,expiration,termination"
CHECKSUM_ALGORITHMS = ("sha1", "sha256", "sha512", "md5")
CONTENT_TYPE = "application/offset+octet-stream"
METADATA_CHARACTERS = 8_192
# Fits PostgreSQL's bigint, sums included.
LARGEST_LENGTH = 2**62


class ProtocolError(Exception):
    """An error of the client, as an HTTP status and a sentence for its developer."""

    def __init__(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Checksum:
    """The digest that the bytes of one PATCH must have."""

    algorithm: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Creation:
    length: int
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Patch:
    """`length` is None when the client sent no Content-Length."""

    offset: int
    length: int | None
    checksum: Checksum | None


def require_version(headers: Mapping[str, str]) -> None:
    """Refuse other versions of the protocol, whatever else the request has (412 names ours)."""
    if headers.get("tus-resumable") != VERSION:
        raise ProtocolError(412, f"Tus-Resumable: {VERSION} is spoken here.", {"Tus-Version": VERSION})


def parse_creation(headers: Mapping[str, str]) -> Creation:
    if "upload-defer-length" in headers:
        raise ProtocolError(400, "The length has to be known: Upload-Length.")
    return Creation(_number(headers, "upload-length"), parse_metadata(headers.get("upload-metadata", "")))


def parse_patch(headers: Mapping[str, str]) -> Patch:
    if headers.get("content-type") != CONTENT_TYPE:
        raise ProtocolError(415, f"Content-Type: {CONTENT_TYPE} is taken.")
    length = _number(headers, "content-length") if "content-length" in headers else None
    return Patch(
        _number(headers, "upload-offset"), length, parse_checksum(headers.get("upload-checksum", ""))
    )


def parse_metadata(value: str) -> dict[str, str]:
    """`key base64,key base64,key`: the values as text. Bytes that are not UTF-8 are replaced: a name is to be shown."""
    if len(value) > METADATA_CHARACTERS:
        raise ProtocolError(400, "Upload-Metadata is too long.")
    metadata: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in value.split(","))):
        key, _, encoded = pair.partition(" ")
        if not key.isascii() or key in metadata:
            raise ProtocolError(400, "Upload-Metadata: keys are ASCII and stand once.")
        try:
            metadata[key] = base64.b64decode(encoded.strip(), validate=True).decode(errors="replace")
        except binascii.Error as error:
            raise ProtocolError(400, "Upload-Metadata: values are Base64.") from error
        if "\0" in metadata[key]:
            raise ProtocolError(400, "Upload-Metadata: values are text.")
    return metadata


def parse_checksum(value: str) -> Checksum | None:
    if not value:
        return None
    algorithm, _, encoded = value.partition(" ")
    if algorithm not in CHECKSUM_ALGORITHMS:
        raise ProtocolError(400, f"Upload-Checksum: one of {', '.join(CHECKSUM_ALGORITHMS)}.")
    try:
        digest = base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error as error:
        raise ProtocolError(400, "Upload-Checksum: the digest is Base64.") from error
    if len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise ProtocolError(400, "Upload-Checksum: the digest has another length.")
    return Checksum(algorithm, digest)


def options(largest: int) -> dict[str, str]:
    """The headers of OPTIONS: versions and extensions. `largest` in bytes."""
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(largest),
        "Tus-Checksum-Algorithm": ",".join(CHECKSUM_ALGORITHMS),
    }


def http_moment(moment: dt.datetime) -> str:
    """Upload-Expires, as RFC 9110, 5.6.7 writes times."""
    return format_datetime(moment.astimezone(dt.UTC), usegmt=True)


def _number(headers: Mapping[str, str], name: str) -> int:
    value = headers.get(name, "")
    if not (value.isascii() and value.isdecimal() and len(value) <= 19 and int(value) <= LARGEST_LENGTH):
        raise ProtocolError(400, f"{name.title()}: a whole number of bytes is needed.")
    return int(value)
