import io
from datetime import UTC, datetime

import pikepdf
import pytest
import segno
from PIL import Image

from tests.typesetting.reading import pixels
from tests.typesetting.strings import VOWELLED, page_of
from typesetting import A4, A4_LANDSCAPE, SANS, Direction, Document, Style, drawing, image, set_line


def _picture(mode: str, color: object, file_format: str) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (8, 4), color).save(buffer, file_format)
    return buffer.getvalue()


def _certificate() -> bytes:
    document = Document(
        title="شهادة إتمام", author="وزارة العمل", created=datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    )
    page = document.new_page(A4_LANDSCAPE)
    page.draw_line(set_line(VOWELLED[0], Style(size=30)), 600, 300)
    page.place(image(_picture("RGBA", (200, 0, 0, 128), "PNG")), 50, 50, width=80, height=40)
    page.draw_qr("https://example.org/c/7K3M9QXD0109R", 200, 50, size=90, alt="رمز التحقق")
    document.new_page(A4).draw_line(set_line("أحمد", Style(SANS)), 500, 500)
    return document.finish()


def test_the_same_calls_give_the_same_bytes() -> None:
    assert _certificate() == _certificate()


def test_different_content_has_a_different_identifier() -> None:
    def identifier(text: str) -> bytes:
        with pikepdf.open(io.BytesIO(page_of(text))) as pdf:
            return bytes(pdf.trailer.ID[0])

    assert identifier("أحمد") != identifier("محمد")


def test_the_file_says_what_it_is_and_how_it_is_read() -> None:
    with pikepdf.open(io.BytesIO(_certificate())) as pdf:
        assert pdf.pdf_version == "1.7"
        assert str(pdf.Root.Lang) == "ar"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle is True
        assert pdf.Root.ViewerPreferences.Direction == "/R2L"
        assert str(pdf.docinfo.Title) == "شهادة إتمام"
        assert str(pdf.docinfo.Author) == "وزارة العمل"
        assert str(pdf.docinfo.CreationDate) == "D:20261124093000+00'00'"
        assert [[float(edge) for edge in page.MediaBox[2:]] for page in pdf.pages] == [
            pytest.approx(A4_LANDSCAPE, abs=0.01),
            pytest.approx(A4, abs=0.01),
        ]


def test_an_english_document_reads_from_left_to_right() -> None:
    document = Document(title="Certificate", language="en", direction=Direction.LTR)
    document.new_page()

    with pikepdf.open(io.BytesIO(document.finish())) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.ViewerPreferences.Direction == "/L2R"


def test_every_font_is_embedded_and_no_stream_is_ascii() -> None:
    with pikepdf.open(io.BytesIO(_certificate())) as pdf:
        fonts = pdf.pages[0].Resources.Font

        assert set(fonts.keys()) == {"/T1", "/T2"}
        assert all("/FontFile2" in font.DescendantFonts[0].FontDescriptor for font in fonts.values())
        packed = [o for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get("/Type") != "/Metadata"]
        assert {str(o.Filter) for o in packed} == {"/FlateDecode"}


def test_every_stream_ends_on_a_line_of_its_own() -> None:
    pdf = _certificate()

    assert pdf.count(b"\nendstream") == pdf.count(b"endstream") > 0


def test_the_file_is_sound() -> None:
    with pikepdf.open(io.BytesIO(_certificate())) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_a_document_without_a_page_is_refused() -> None:
    with pytest.raises(ValueError, match="page"):
        Document(title="title").finish()


def test_a_creation_date_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Document(title="title", created=datetime(2026, 11, 24, 9, 30))  # noqa: DTZ001 - the point of the test


def test_artwork_is_written_once_however_often_it_is_placed() -> None:
    frame = drawing(100, 50, lambda canvas: canvas.rect(0, 0, 100, 50, stroke=0, fill=1))
    document = Document(title="title")
    for _ in range(2):
        page = document.new_page((200, 100))
        page.place(frame, 0, 0, width=100, height=100)
        page.place(frame, 100, 0, width=100, height=50)

    pdf = document.finish()

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        forms = [o for o in opened.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Form"]
        assert len(forms) == 1
    shown = pixels(pdf, scale=1)
    assert [shown.getpixel(at) for at in [(50, 25), (150, 25), (150, 75)]] == [0, 255, 0]


def test_a_drawing_with_text_is_refused() -> None:
    with pytest.raises(ValueError, match="paths"):
        drawing(100, 50, lambda canvas: canvas.drawString(0, 0, "text"))


@pytest.mark.parametrize(
    ("source", "gray"),
    [
        (_picture("RGB", (255, 0, 0), "PNG"), 76),
        (_picture("L", 100, "PNG"), 100),
        (_picture("RGBA", (0, 0, 0, 128), "PNG"), 127),
        (_picture("RGB", (255, 0, 0), "JPEG"), 76),
        (_picture("P", 0, "GIF"), 0),
    ],
)
def test_an_image_is_placed_with_its_color_and_transparency(source: bytes, gray: int) -> None:
    document = Document(title="title")
    document.new_page((80, 40)).place(image(source), 0, 0, width=80, height=40)

    shown = pixels(document.finish(), scale=1)

    assert shown.getpixel((40, 20)) == pytest.approx(gray, abs=3)


def test_a_photograph_taken_sideways_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    Image.new("RGB", (8, 4)).save(buffer, "JPEG", exif=exif)

    upright = image(buffer.getvalue())

    assert (upright.width, upright.height) == (4, 8)


def test_the_qr_code_has_the_modules_of_the_symbol() -> None:
    payload = "https://example.org/c/7K3M9QXD0109R"
    symbol = segno.make_qr(payload, error="m", mask=3, boost_error=False)
    expected = [list(row) for row in symbol.matrix_iter(border=4)]
    document = Document(title="title")
    size = len(expected) * 3
    document.new_page((size, size)).draw_qr(payload, 0, 0, size=size, alt="رمز التحقق")

    shown = pixels(document.finish(), scale=1)

    modules = [
        [int(shown.getpixel((3 * x + 1, 3 * y + 1)) < 128) for x in range(len(expected))]
        for y in range(len(expected))
    ]
    assert modules == expected
