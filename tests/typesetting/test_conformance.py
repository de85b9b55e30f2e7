"""Every validator accepts a document that uses all features, and refuses a broken one."""

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from tests.typesetting.samples import whole_document
from tests.typesetting.validators import outloud_findings, preflight, qpdf
from typesetting import Direction, Document, Style, set_line
from typesetting.lint import RULES, lint

PDF = whole_document()
WATERMARKED = whole_document(watermark="DEMO – NOT FOR PRODUCTION / نموذج تجريبي")
SHORTEST = Document(title="ورقة")
SHORTEST.new_page()
EVERY_KIND = [PDF, WATERMARKED, SHORTEST.finish()]

java = pytest.mark.engines("PDFBox Preflight runs in a Java machine of its own")


def changed(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """The whole document with one thing broken, written as ours are: no object streams."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(PDF)) as pdf:
        change(pdf)
        pdf.save(
            buffer,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
            fix_metadata_version=False,
            static_id=True,
        )
    return buffer.getvalue()


def repainted(old: bytes, new: bytes) -> Callable[[pikepdf.Pdf], None]:
    """The first page with an operator replaced once."""

    def change(pdf: pikepdf.Pdf) -> None:
        content = pdf.pages[0].Contents
        painted = content.read_bytes()
        assert old in painted
        content.write(painted.replace(old, new, 1))

    return change


def described(old: str, new: str) -> Callable[[pikepdf.Pdf], None]:
    """XMP with something replaced."""

    def change(pdf: pikepdf.Pdf) -> None:
        packet = pdf.Root.Metadata.read_bytes()
        assert old.encode() in packet
        pdf.Root.Metadata.write(packet.replace(old.encode(), new.encode()))

    return change


def element(pdf: pikepdf.Pdf, role: str) -> Any:
    return next(o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == f"/{role}")


def font(pdf: pikepdf.Pdf) -> Any:
    return pdf.pages[0].Resources.Font["/T1"]


def put(place: Callable[[pikepdf.Pdf], Any], key: str, value: Any) -> Callable[[pikepdf.Pdf], None]:
    """A dictionary with another value, or without one where that is None."""

    def change(pdf: pikepdf.Pdf) -> None:
        if value is None:
            del place(pdf)[key]
        else:
            place(pdf)[key] = value

    return change


def state(key: str, value: Any) -> Callable[[pikepdf.Pdf], None]:
    return put(
        lambda pdf: pdf.pages[0].Resources,
        "/ExtGState",
        pikepdf.Dictionary(G=pikepdf.Dictionary({key: value})),
    )


def without_text(pdf: pikepdf.Pdf) -> None:
    texts = font(pdf).ToUnicode
    texts.write(re.sub(rb"<0001> <\w+>", b"<0001> <E000>", texts.read_bytes()))


def with_notdef(pdf: pikepdf.Pdf) -> None:
    gids = font(pdf).DescendantFonts[0].CIDToGIDMap
    gids.write(gids.read_bytes()[:2] + b"\0\0" + gids.read_bytes()[4:])


def with_wrong_parent(pdf: pikepdf.Pdf) -> None:
    parents = pdf.Root.StructTreeRoot.ParentTree.Nums[1]
    parents[0], parents[1] = parents[1], parents[0]


def with_short_row(pdf: pikepdf.Pdf) -> None:
    kids = element(pdf, "TR").K
    del kids[1]


def with_tagged_form(pdf: pikepdf.Pdf) -> None:
    form = next(o for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Form")
    form.write(b"/P <</MCID 0>> BDC " + form.read_bytes() + b" EMC")


def picture(pdf: pikepdf.Pdf) -> Any:
    return next(o for o in pdf.objects if isinstance(o, pikepdf.Stream) and "/SMask" in o)


def form(pdf: pikepdf.Pdf) -> Any:
    return next(o for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Form")


def root(pdf: pikepdf.Pdf) -> Any:
    return pdf.Root


def widget(pdf: pikepdf.Pdf) -> Any:
    return pdf.pages[0].Annots[0]


def outside_the_structure(pdf: pikepdf.Pdf) -> None:
    put(widget, "/StructParent", None)(pdf)


def seen_outside_the_structure(pdf: pikepdf.Pdf) -> None:
    outside_the_structure(pdf)
    put(widget, "/Rect", pikepdf.Array([10, 10, 90, 90]))(pdf)


def signature(pdf: pikepdf.Pdf) -> Any:
    return pdf.Root.Perms.DocMDP


def attached(pdf: pikepdf.Pdf) -> Any:
    return pdf.Root.AF[0]


Name = pikepdf.Name
BROKEN: list[tuple[str, bytes]] = [
    ("ISO 19005-3, 6.1.2", re.sub(rb"\A(%PDF-1.7\n)%[^\n]*", rb"\1%text", PDF)),
    ("ISO 19005-3, 6.1.3", PDF + b"more"),
    ("ISO 19005-3, 6.1.4", PDF.replace(b"\nxref\n0 ", b"\nxref \n0 ")),
    ("ISO 19005-3, 6.1.7", PDF.replace(b"\nendstream", b" endstream", 1)),
]
BROKEN += [
    (clause, changed(change))
    for clause, change in (
        ("ISO 19005-3, 6.1.12", put(lambda pdf: signature(pdf).Reference[0], "/DigestMethod", Name.MD5)),
        ("ISO 19005-3, 6.1.13", put(signature, "/Reason", pikepdf.String("a" * 32768))),
        ("ISO 19005-3, 6.2.2", repainted(b"/T1 ", b"/T99 ")),
        ("ISO 19005-3, 6.2.3", put(root, "/OutputIntents", pikepdf.Array())),
        ("ISO 19005-3, 6.2.4.3", repainted(b" BT ", b" 0 0 0 1 k BT ")),
        ("ISO 19005-3, 6.2.5", state("/TR", Name.Identity)),
        ("ISO 19005-3, 6.2.8", put(picture, "/Interpolate", True)),
        ("ISO 19005-3, 6.2.9", put(form, "/Subtype2", Name.PS)),
        ("ISO 19005-3, 6.2.10", state("/BM", Name.Shine)),
        ("ISO 19005-3, 6.3.1", put(widget, "/Subtype", Name.Movie)),
        ("ISO 19005-3, 6.3.2", put(widget, "/F", 2)),
        ("ISO 19005-3, 6.3.3", put(widget, "/Rect", pikepdf.Array([0, 0, 9, 9]))),
        ("ISO 19005-3, 6.4", put(lambda pdf: pdf.Root.AcroForm, "/NeedAppearances", True)),
        ("ISO 19005-3, 6.5", put(root, "/OpenAction", pikepdf.Dictionary(S=Name.JavaScript))),
        ("ISO 19005-3, 6.6.2.1", described('id="W5M0', 'encoding="UTF-8" id="W5M0')),
        ("ISO 19005-3, 6.6.2.3", described("pdfua/ns/id/</pdfaSchema", "other/</pdfaSchema")),
        ("ISO 19005-3, 6.6.3", put(lambda pdf: pdf.docinfo, "/Author", "وزارة أخرى")),
        ("ISO 19005-3, 6.6.4", described("<pdfaid:conformance>A<", "<pdfaid:conformance>B<")),
        ("ISO 19005-3, 6.7.2.2", put(root, "/MarkInfo", None)),
        ("ISO 19005-3, 6.7.3.3", put(root, "/StructTreeRoot", None)),
        ("ISO 19005-3, 6.8", put(attached, "/AFRelationship", None)),
        ("ISO 19005-3, 6.11", put(root, "/Requirements", pikepdf.Array())),
        ("ISO 19005-3, 6.2.11.3", put(font, "/Encoding", Name("/Identity-V"))),
        (
            "ISO 19005-3, 6.2.11.4",
            put(lambda pdf: font(pdf).DescendantFonts[0].FontDescriptor, "/FontFile2", None),
        ),
        (
            "ISO 19005-3, 6.2.11.5",
            put(lambda pdf: font(pdf).DescendantFonts[0], "/W", pikepdf.Array([1, pikepdf.Array([5])])),
        ),
        ("ISO 19005-3, 6.2.11.7", without_text),
        ("ISO 19005-3, 6.2.11.8", with_notdef),
        ("ISO 14289-1, 5", described("<pdfuaid:part>1<", "<pdfuaid:part>2<")),
        ("ISO 14289-1, 7.1 content", repainted(b"/Artifact BMC", b"/Span BMC")),
        ("ISO 14289-1, 7.1 marks", with_wrong_parent),
        (
            "ISO 14289-1, 7.1 title",
            put(lambda pdf: pdf.Root.ViewerPreferences, "/DisplayDocTitle", False),
        ),
        ("ISO 14289-1, 7.1 suspects", put(lambda pdf: pdf.Root.MarkInfo, "/Suspects", True)),
        ("ISO 14289-1, 7.1 roles", put(lambda pdf: element(pdf, "P"), "/S", Name.Paragraph)),
        ("ISO 14289-1, 7.2", put(root, "/Lang", None)),
        ("ISO 14289-1, 7.3", put(lambda pdf: element(pdf, "Figure"), "/Alt", None)),
        ("ISO 14289-1, 7.4.2", put(lambda pdf: element(pdf, "H2"), "/S", Name.H3)),
        ("ISO 14289-1, 7.5", with_short_row),
        ("ISO 14289-1, 7.18.1", seen_outside_the_structure),
        ("ISO 14289-1, 7.18.3", put(lambda pdf: pdf.pages[1], "/Tabs", Name.R)),
        ("ISO 14289-1, 7.18.3", put(lambda pdf: pdf.pages[1], "/Tabs", None)),
        ("ISO 14289-1, 7.20", with_tagged_form),
    )
]


@pytest.mark.parametrize("pdf", EVERY_KIND)
def test_the_lint_accepts_what_we_make(pdf: bytes) -> None:
    assert lint(pdf) == []


def test_the_lint_accepts_a_document_written_again() -> None:
    """So that what it finds in a broken one is what was broken."""
    assert lint(changed(lambda pdf: None)) == []


def test_the_lint_asks_for_no_place_of_what_cannot_be_seen() -> None:
    """The time stamp of an archive comes after the seal, which lets nothing be added to the structure."""
    assert lint(changed(outside_the_structure)) == []


@pytest.mark.parametrize(("clause", "pdf"), BROKEN, ids=[clause for clause, _ in BROKEN])
def test_the_lint_refuses_what_breaks_a_rule(clause: str, pdf: bytes) -> None:
    assert clause in {finding.clause for finding in lint(pdf)}


def test_every_rule_has_a_document_that_breaks_it() -> None:
    assert {rule.clause for rule in RULES} == {clause for clause, _ in BROKEN}


@pytest.mark.parametrize("pdf", EVERY_KIND)
def test_outloud_reads_every_document(pdf: bytes) -> None:
    assert outloud_findings(pdf) == []


def test_outloud_refuses_a_picture_without_words() -> None:
    pdf = changed(put(lambda pdf: element(pdf, "Figure"), "/Alt", None))

    assert any(finding.startswith("FIG-") for finding in outloud_findings(pdf))


@pytest.mark.parametrize("pdf", EVERY_KIND)
def test_qpdf_finds_the_syntax_sound(pdf: bytes) -> None:
    assert qpdf(pdf) == ""


def test_qpdf_refuses_a_file_with_a_byte_too_many() -> None:
    assert qpdf(PDF.replace(b"/Marked true", b"/Marked  true"))


@java
@pytest.mark.parametrize("pdf", EVERY_KIND)
def test_preflight_has_nothing_against_it_that_holds_since_part_1(pdf: bytes) -> None:
    assert preflight(pdf) == []


@java
def test_preflight_refuses_a_font_that_is_not_embedded() -> None:
    pdf = changed(put(lambda pdf: font(pdf).DescendantFonts[0].FontDescriptor, "/FontFile2", None))

    assert any(code.startswith("3.") for code, _ in preflight(pdf))


def test_an_english_document_conforms_as_well() -> None:
    document = Document(title="Certificate", language="en", direction=Direction.LTR)
    document.new_page().draw_line(set_line("office affine", Style()), 100, 500)
    pdf = document.finish()

    assert lint(pdf) == []
    assert outloud_findings(pdf) == []
