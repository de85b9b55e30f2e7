"""What is kept of a file shows the same, and says nothing of its person, device, place and time."""

import io
import struct
import zlib
from threading import BoundedSemaphore

import pytest
from PIL import Image

from assessment.enums import FileKind
from assessment.files import pdf_program, rewriting
from assessment.files.rewriting import (
    LARGEST_PICTURE,
    LONGEST_SIDE,
    MOST_BYTES,
    FileRefused,
    FileTooLarge,
    LockedPdf,
    PdfNotTaken,
    TooManyAtOnce,
    TooManyObjects,
    TooManyPages,
    rewritten,
)
from tests.assessment.files import pdfs
from tests.factories.assessment import photo


def png(width: int, height: int, *, rows: bytes = b"") -> bytes:
    """A PNG that says it has so many dots."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def test_a_photo_keeps_what_it_shows_and_nothing_that_the_phone_noted():
    sent = photo(640)

    made = rewritten(sent)

    assert b"SECRET" in sent
    assert b"SECRET" not in made.data
    assert b"Exif" not in made.data
    with Image.open(io.BytesIO(made.data)) as kept, Image.open(io.BytesIO(sent)) as before:
        assert (made.kind, made.pages, kept.format, kept.size) == (FileKind.PICTURE, 1, "JPEG", before.size)
        assert kept.getexif() == {}
        assert all(
            abs(a - b) < 12 for a, b in zip(kept.getpixel((60, 60)), before.getpixel((60, 60)), strict=True)
        )


def test_a_large_photo_becomes_as_small_as_is_read_well_and_stays_upright():
    picture = Image.effect_noise((2600, 1300), 90).convert("RGB")
    notes = Image.Exif()
    notes[0x0112] = 6
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=60, exif=notes)

    made = rewritten(file.getvalue())

    with Image.open(io.BytesIO(made.data)) as kept:
        assert kept.size == (LONGEST_SIDE // 2, LONGEST_SIDE)
    assert len(made.data) <= LARGEST_PICTURE


def test_a_pdf_keeps_its_pages_with_what_was_drawn_on_them_and_nothing_else():
    sent = pdfs.telling()

    made = rewritten(sent)

    assert pdfs.unpacked(sent).count(b"SECRET") > 10
    text = pdfs.unpacked(made.data)
    assert (made.kind, made.pages) == (FileKind.PDF, 1)
    assert b"SECRET" not in made.data
    assert b"SECRET" not in text
    for word in (
        b"/Annots",
        b"/Metadata",
        b"/Info",
        b"JavaScript",
        b"/EmbeddedFile",
        b"/Outlines",
        b"/URI",
        b"/AA",
        b"Exif",
    ):
        assert word not in text
    # The photo, and the comment as it was seen.
    assert pdfs.ON_THE_PAGE in text
    assert b"1 0 0 rg 0 0 10 10 re f" in text


def test_a_resource_that_is_named_as_an_action_is_drawn_all_the_same():
    text = pdfs.unpacked(rewritten(pdfs.telling("/JS")).data)

    assert b"/JS Do" in text
    assert text.count(b"/JS") == 2


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        pytest.param(b"", FileRefused, id="nothing"),
        pytest.param(
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", FileRefused, id="SVG"
        ),
        pytest.param(b"<!doctype html><script>1</script>", FileRefused, id="HTML"),
        pytest.param(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", FileRefused, id="GIF"),
        pytest.param(b"PK\x03\x04" + b"\0" * 200, FileRefused, id="ZIP"),
        pytest.param(b"%PDF-1.7\nno pages", FileRefused, id="no PDF"),
        pytest.param(photo(200)[:500], FileRefused, id="half a photo"),
        pytest.param(png(50_000, 50_000), FileTooLarge, id="a picture that unpacks to gigabytes"),
        pytest.param(b"\xff" * (MOST_BYTES + 1), FileTooLarge, id="too many bytes"),
    ],
)
def test_what_is_no_picture_and_no_pdf_is_refused(data: bytes, refusal: type[FileRefused]):
    with pytest.raises(refusal):
        rewritten(data)


def test_a_pdf_is_refused_with_the_reason():
    with pytest.raises(LockedPdf):
        rewritten(pdfs.locked())
    with pytest.raises(TooManyPages):
        rewritten(pdfs.pages(21))


def test_a_pdf_that_unpacks_to_more_than_a_hundred_megabytes_is_refused():
    data = pdfs.bomb()

    assert len(data) < 1_000_000
    with pytest.raises(PdfNotTaken):
        rewritten(data)


@pytest.mark.parametrize("as_list", [False, True])
def test_a_pdf_with_more_parts_than_a_scan_has_is_refused(as_list: bool):
    with pytest.raises(TooManyObjects):
        rewritten(pdfs.crowded(20_001, as_list=as_list))


def test_the_program_of_pdfs_takes_no_jpeg_with_something_behind_its_end():
    data = photo(100)

    assert pdf_program.jpeg_without_notes(data + b"SECRET").endswith(b"\xff\xd9")
    with pytest.raises(pdf_program.Refused):
        pdf_program.jpeg_without_notes(data[:-400])


def test_so_many_files_are_opened_at_once_and_the_next_one_is_sent_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rewriting, "_WAIT_SECONDS", 0.01)
    monkeypatch.setattr(rewriting, "_places", BoundedSemaphore(1))
    with rewriting._places, pytest.raises(TooManyAtOnce):
        rewritten(photo(20))

    assert rewritten(photo(20)).kind == FileKind.PICTURE
