"""Validates scans by their content, not by their names. Opens ZIP files, which may be hostile."""

import io
import re
import stat
import threading
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, BinaryIO

import puremagic
import pypdfium2
from django.utils.translation import gettext_lazy as _
from PIL import Image

from accounts.errors import DomainError

MAX_SCAN_BYTES = 10_000_000
# For one upload: a web process validates so many in seconds.
MAX_SCANS = 100
MAX_UPLOAD_BYTES = 200_000_000
MAX_PAGES = 10
# A4 at 600 dots an inch has 35 million.
MAX_PIXELS = 40_000_000
# Pictures and PDF files are compressed already; a higher ratio in a ZIP is a decompression bomb.
MOST_RATIO = 100
# Bytes of the central directory: enough for long names and extra fields.
MAX_DIRECTORY_BYTES = 200_000
# The end of central directory record with the longest comment.
_TAIL = 65_557
PAGE_WIDTH = 1280

# PDFium is not thread-safe.
_PDFIUM = threading.Lock()
_SYSTEM_FILES = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


class ScansRefused(DomainError):
    """A file of the upload was refused; nothing of the upload was stored."""

    message = _("The files were refused.")


class NotAScan(ScansRefused):
    message = _("“%(name)s” is not a PDF, JPEG or PNG. Nothing was stored.")


class DamagedScan(ScansRefused):
    message = _("“%(name)s” cannot be opened. Scan it again. Nothing was stored.")


class ScanTooLarge(ScansRefused):
    message = _("“%(name)s” is larger than %(megabytes)s MB or %(pages)s pages. Nothing was stored.")


class TooManyScans(ScansRefused):
    message = _(
        "Upload at most %(most)s scans at a time, together at most %(megabytes)s MB. Nothing was stored."
    )


class UnsafeArchive(ScansRefused):
    message = _("The ZIP file holds “%(name)s”, which is no plain file of it. Nothing was stored.")


class CompressionRatioTooHigh(ScansRefused):
    message = _("“%(name)s” grows far beyond its packed size, as no scan does. Nothing was stored.")


@dataclass(frozen=True, slots=True)
class ScanKind:
    mime_type: str
    extension: str
    # The name of Pillow's parser; empty for PDF.
    picture: str = ""


PDF = ScanKind("application/pdf", "pdf")
JPEG = ScanKind("image/jpeg", "jpg", "JPEG")
PNG = ScanKind("image/png", "png", "PNG")
_BY_EXTENSION = {".pdf": PDF, ".jpg": JPEG, ".png": PNG}


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that is what it says: `name` is its last part alone."""

    name: str
    data: bytes
    kind: ScanKind
    pages: int


def scans_in(files: Iterable[tuple[str, BinaryIO]]) -> Iterator[Scan]:
    """The scans of an upload, ZIP files opened, one at a time. Raises a `ScansRefused`."""
    count = size = 0
    for name, data in _files(files):
        count, size = count + 1, size + len(data)
        if count > MAX_SCANS or size > MAX_UPLOAD_BYTES:
            raise TooManyScans(most=MAX_SCANS, megabytes=MAX_UPLOAD_BYTES // 1_000_000)
        yield identify_scan(name, data)


def _files(files: Iterable[tuple[str, BinaryIO]]) -> Iterator[tuple[str, bytes]]:
    for name, file in files:
        file.seek(0)
        is_archive = file.read(4) == b"PK\x03\x04"
        file.seek(0)
        if is_archive:
            yield from _unpacked(name, file)
        else:
            yield _last_part(name), _read(name, file)


def _read(name: str, file: IO[bytes]) -> bytes:
    data = file.read(MAX_SCAN_BYTES + 1)
    if len(data) > MAX_SCAN_BYTES:
        raise ScanTooLarge(name=name, megabytes=MAX_SCAN_BYTES // 1_000_000, pages=MAX_PAGES)
    return data


def _last_part(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name


def _unpacked(archive: str, file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as opened:
            entries = [
                entry for entry in opened.infolist() if not entry.is_dir() and not _is_system_file(entry)
            ]
            if len(entries) > MAX_SCANS:
                raise TooManyScans(most=MAX_SCANS, megabytes=MAX_UPLOAD_BYTES // 1_000_000)
            for entry in entries:
                _check_entry(entry)
            for entry in entries:
                with opened.open(entry) as packed:
                    # The declared size may lie: no more than the limit is ever unpacked.
                    yield _last_part(_name_of(entry)), _read(_name_of(entry), packed)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise DamagedScan(name=archive) from error


def _check_directory(file: BinaryIO) -> None:
    """Refuse an oversized central directory before it is parsed (APPNOTE 4.3.16)."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _TAIL))
    tail = file.read()
    file.seek(0)
    # A comment may hold what looks like a second end: the largest list that any of them claims counts.
    ends = (match.start() for match in re.finditer(re.escape(b"PK\x05\x06"), tail))
    listed = [int.from_bytes(tail[end + 12 : end + 16], "little") for end in ends]
    if size > MAX_UPLOAD_BYTES or max(listed, default=0) > MAX_DIRECTORY_BYTES:
        raise TooManyScans(most=MAX_SCANS, megabytes=MAX_UPLOAD_BYTES // 1_000_000)


def _is_system_file(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.startswith(_SYSTEM_FILES[0]) or _last_part(entry.filename) in _SYSTEM_FILES


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 mark are UTF-8 all the same when they read as such (APPNOTE 4.4.4, bit 11)."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode()
    except UnicodeError:
        return entry.filename


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = _name_of(entry)
    parts = PurePosixPath(name.replace("\\", "/")).parts
    mode = entry.external_attr >> 16
    is_plain = not stat.S_IFMT(mode) or stat.S_ISREG(mode)
    is_plain = is_plain and entry.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if not parts or ".." in parts or parts[0] == "/" or ":" in name or not is_plain or entry.flag_bits & 1:
        raise UnsafeArchive(name=name[:120])
    if entry.file_size > MAX_SCAN_BYTES:
        raise ScanTooLarge(name=name, megabytes=MAX_SCAN_BYTES // 1_000_000, pages=MAX_PAGES)
    if entry.file_size > MOST_RATIO * max(entry.compress_size, 1) and entry.file_size > 100_000:
        raise CompressionRatioTooHigh(name=name)


def identify_scan(name: str, data: bytes) -> Scan:
    """The scan with its type, detected by its first bytes and confirmed by a parser. Raises a `ScansRefused`."""
    try:
        matches = puremagic.magic_string(data[:4096]) if data else []
    except (puremagic.PureError, ValueError) as error:
        raise NotAScan(name=name) from error
    kind = next(
        (_BY_EXTENSION[match.extension] for match in matches if _is_at_the_start(match)),
        None,
    )
    if kind is None:
        raise NotAScan(name=name)
    if kind.picture:
        _open_picture(name, data, kind)
    return Scan(name, data, kind, pages=1 if kind.picture else _pages_of(name, data))


def _is_at_the_start(match: puremagic.PureMagicWithConfidence) -> bool:
    return match.extension in _BY_EXTENSION and match.offset == 0


def _open_picture(name: str, data: bytes, kind: ScanKind) -> None:
    too_large = ScanTooLarge(name=name, megabytes=MAX_SCAN_BYTES // 1_000_000, pages=MAX_PAGES)
    try:
        with Image.open(io.BytesIO(data), formats=[kind.picture]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise too_large
            picture.draft("L", (600, 600))
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large from error
    except (OSError, SyntaxError, ValueError) as error:
        raise DamagedScan(name=name) from error


def _pages_of(name: str, data: bytes) -> int:
    try:
        with _PDFIUM, pypdfium2.PdfDocument(data) as document:
            pages = len(document)
            if pages:
                document.get_page_size(0)
    except pypdfium2.PdfiumError as error:
        raise DamagedScan(name=name) from error
    if not pages:
        raise DamagedScan(name=name)
    if pages > MAX_PAGES:
        raise ScanTooLarge(name=name, megabytes=MAX_SCAN_BYTES // 1_000_000, pages=MAX_PAGES)
    return pages


def picture_of_page(data: bytes, page: int) -> bytes:
    """A page of a PDF as PNG, `PAGE_WIDTH` wide; `page` counts from 1. Raises DamagedScan, IndexError."""
    try:
        with _PDFIUM, pypdfium2.PdfDocument(data) as document:
            if not 1 <= page <= len(document):
                raise IndexError(page)
            opened = document[page - 1]
            width, height = opened.get_size()
            scale = min(PAGE_WIDTH / max(width, 1), 3 * PAGE_WIDTH / max(height, 1))
            picture = opened.render(scale=scale, may_draw_forms=False).to_pil()
    except pypdfium2.PdfiumError as error:
        raise DamagedScan(name="") from error
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()
