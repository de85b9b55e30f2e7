"""Scans are validated by their content, and ZIP files are treated as hostile."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from certificates.legacy import scans
from certificates.legacy.scans import (
    JPEG,
    MAX_PAGES,
    MAX_SCAN_BYTES,
    MAX_SCANS,
    PDF,
    PNG,
    CompressionRatioTooHigh,
    DamagedScan,
    NotAScan,
    ScansRefused,
    ScanTooLarge,
    TooManyScans,
    UnsafeArchive,
    picture_of_page,
    scans_in,
)
from tests.factories.certificates_legacy import document, files, picture


def archive(*entries: tuple[str | zipfile.ZipInfo, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packed) as opened:
        for name, data in entries:
            opened.writestr(name, data)
    return file.getvalue()


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("a.png")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def huge_picture() -> bytes:
    """A PNG of a few bytes that claims to be 30,000 pixels square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def test_each_type_is_detected_by_its_content_not_by_its_name():
    upload = files(("a.exe", picture()), ("b.pdf", picture(kind="JPEG")), ("c", document(2)))

    taken = list(scans_in(upload))

    assert [(scan.kind, scan.pages) for scan in taken] == [(PNG, 1), (JPEG, 1), (PDF, 2)]


def test_a_zip_gives_its_scans_by_their_last_names_without_litter():
    upload = archive(
        ("scans/a.png", picture()),
        ("__MACOSX/._a.png", b"x"),
        ("Thumbs.db", b"x"),
        ("scans/شهادة.png", picture()),
    )

    assert [scan.name for scan in scans_in(files(("all.zip", upload)))] == ["a.png", "شهادة.png"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x90\0",
        b"<svg onload='alert(1)'/>",
        b"GIF89a" + b"\0" * 40,
        b"<?php ?>%PDF-1.4",
        b"#!/bin/sh",
    ],
)
def test_what_is_no_scan_is_refused(data: bytes):
    with pytest.raises(NotAScan):
        list(scans_in(files(("a.pdf", data))))


@pytest.mark.parametrize(
    "data",
    [picture()[:60], picture(kind="JPEG")[:30], b"\x89PNG\r\n\x1a\n" + b"x" * 99, b"%PDF-1.7\n" + b"x" * 500],
)
def test_a_damaged_scan_is_refused(data: bytes):
    with pytest.raises(DamagedScan):
        list(scans_in(files(("a.png", data))))


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (huge_picture, ScanTooLarge),
        (lambda: document(MAX_PAGES + 1), ScanTooLarge),
        (lambda: picture() + b"\0" * MAX_SCAN_BYTES, ScanTooLarge),
        (lambda: archive(("../../etc/a.png", picture())), UnsafeArchive),
        (lambda: archive(("/etc/a.png", picture())), UnsafeArchive),
        (lambda: archive(("..\\a.png", picture())), UnsafeArchive),
        (lambda: archive(("C:\\a.png", picture())), UnsafeArchive),
        (lambda: archive((link(), b"/etc/passwd")), UnsafeArchive),
        (lambda: archive(("a.png", b"\0" * (MAX_SCAN_BYTES - 1))), CompressionRatioTooHigh),
        (lambda: archive(("a.png", b"\0" * (MAX_SCAN_BYTES + 1))), ScanTooLarge),
        (lambda: archive(*[(f"{n}.png", b"x") for n in range(MAX_SCANS + 1)]), TooManyScans),
        (lambda: archive(("inner.zip", archive(("a.png", picture())))), NotAScan),
        (lambda: b"PK\x03\x04" + b"\0" * 100, DamagedScan),
        (lambda: archive(("a.png", picture()), packed=zipfile.ZIP_LZMA), UnsafeArchive),
        (lambda: archive(*[(f"{n}/", b"") for n in range(5_000)]), TooManyScans),
    ],
)
def test_what_would_harm_us_is_refused(make: Callable[[], bytes], refusal: type[Exception]):
    with pytest.raises(refusal) as raised:
        list(scans_in(files(("a.zip", make()))))

    assert "%(" not in str(raised.value)


def test_an_archive_that_lies_about_a_size_unpacks_no_more_than_the_limit():
    honest = archive(("a.png", b"\0" * (MAX_SCAN_BYTES + 1)))
    lying = honest.replace(struct.pack("<I", MAX_SCAN_BYTES + 1), struct.pack("<I", 50_000))

    with pytest.raises(ScansRefused):
        list(scans_in(files(("a.zip", lying))))


def test_an_archive_whose_packing_is_damaged_is_refused():
    damaged = bytearray(archive(("a.pdf", document(9))))
    damaged[60:90] = b"\xff" * 30

    with pytest.raises(DamagedScan):
        list(scans_in(files(("a.zip", bytes(damaged)))))


def test_a_locked_archive_is_refused():
    locked = bytearray(archive(("a.png", picture())))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(UnsafeArchive):
        list(scans_in(files(("a.zip", bytes(locked)))))


def test_single_files_are_counted_like_those_of_an_archive():
    with pytest.raises(TooManyScans):
        list(scans_in(files(*[(f"{n}.png", picture()) for n in range(MAX_SCANS + 1)])))


def test_a_page_of_a_pdf_becomes_a_picture_and_no_other_page_exists():
    drawn = picture_of_page(document(2), 2)

    assert drawn.startswith(b"\x89PNG")
    assert int.from_bytes(drawn[16:20]) in range(scans.PAGE_WIDTH - 2, scans.PAGE_WIDTH + 3)
    with pytest.raises(IndexError):
        picture_of_page(document(2), 3)
