"""The structure for screen readers: texts, reading order and language."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pikepdf
import pytest

from tests.typesetting.samples import CREDENTIAL, SEAL, SENTENCE, whole_document
from typesetting import (
    SANS,
    Column,
    Direction,
    Document,
    HeadingOutOfOrder,
    Page,
    Role,
    SignatureField,
    Style,
    fit_two_lines,
    set_line,
    set_table,
)
from typesetting.lint.subject import Element, Subject


def told(pdf: bytes) -> list[tuple[int, str, str]]:
    """The elements in reading order: how deep, which role, and the words for those who do not see the page."""
    with Subject.open(pdf) as subject:
        return list(_told(subject.elements[0].kids, 0))


def _told(elements: tuple[Element, ...], depth: int) -> Any:
    for element in elements:
        words = element.dictionary.get("/ActualText", element.dictionary.get("/Alt", ""))
        if element.role != "Span":
            yield depth, element.role, str(words)
            yield from _told(element.kids, depth + 1)


def page_with(draw: Callable[[Page], None]) -> bytes:
    document = Document(title="title")
    draw(document.new_page())
    return document.finish()


def test_the_elements_are_in_the_order_of_the_calls() -> None:
    assert told(whole_document()) == [
        (0, "Figure", "شعار الوزارة"),
        (0, "H1", "شهادة إتمام تدريب"),
        (0, "P", ""),
        (0, "P", SENTENCE),
        (0, "Table", ""),
        (1, "TR", ""),
        (2, "TH", "الاسم"),
        (2, "TD", "أحمد محمد"),
        (1, "TR", ""),
        (2, "TH", "الرقم"),
        (2, "TD", ""),
        (0, "Table", ""),
        (1, "TR", ""),
        (2, "TH", "المادة"),
        (2, "TH", "الدرجة"),
        (1, "TR", ""),
        (2, "TD", "اللحام"),
        (2, "TD", ""),
        (1, "TR", ""),
        (2, "TD", "السلامة"),
        (2, "TD", ""),
        (1, "TR", ""),
        (2, "TD", ""),
        (2, "TD", ""),
        (0, "Figure", "رمز التحقق: https://example.org/c/7K3M9QXD0109R"),
        (1, "Caption", ""),
        (0, "Form", "الختم الإلكتروني للوزارة"),
        (0, "H2", "الملاحق"),
    ]


def test_a_text_says_its_language_where_it_is_another() -> None:
    def draw(page: Page) -> None:
        page.draw_line(set_line("Ahmed", Style()), 100, 500, language="en")
        page.draw_line(set_line("أحمد", Style()), 100, 400, language="ar")

    with Subject.open(page_with(draw)) as subject:
        english, arabic = subject.elements[0].kids

        assert str(english.dictionary.Lang) == "en"
        assert "/Lang" not in arabic.dictionary


def test_a_text_that_the_glyphs_spell_is_not_said_twice() -> None:
    pdf = page_with(lambda page: page.draw_line(set_line("office affine", Style()), 100, 500))

    assert told(pdf) == [(0, "P", "")]


def test_an_empty_line_is_nothing() -> None:
    assert told(page_with(lambda page: page.draw_line(set_line("", Style()), 100, 500))) == []


def test_headers_of_rows_and_columns_say_what_they_head() -> None:
    columns = [Column(80, Style(), is_header=True), Column(80, Style())]
    table = set_table(columns, [["أ", "ب"], ["ج", "د"]], header_rows=1)

    with Subject.open(page_with(lambda page: page.draw_table(table, 100, 500))) as subject:
        cells = [kid for element in subject.all_elements if element.role == "TR" for kid in element.kids]
        scopes = [str(cell.dictionary.A.Scope) for cell in cells if cell.role == "TH"]

    assert scopes == ["/Column", "/Column", "/Row"]


def test_a_column_in_another_language_says_which() -> None:
    columns = [Column(80, Style()), Column(80, Style(), language="en")]
    table = set_table(columns, [["اللحام", "Welding"]])

    with Subject.open(page_with(lambda page: page.draw_table(table, 100, 500))) as subject:
        cells = [element for element in subject.all_elements if element.role == "TD"]
        languages = [str(cell.dictionary.get("/Lang", "")) for cell in cells]

    assert languages == ["", "en"]


def test_arabic_in_the_place_of_a_translation_is_not_called_english() -> None:
    columns = [Column(80, Style(), language="en")]
    table = set_table(columns, [["اللحام"], ["Welding"], ["420"], ["Welding اللحام"]])

    def draw(page: Page) -> None:
        page.draw_line(set_line("اللحام", Style()), 100, 700, language="en")
        page.draw_table(table, 100, 500)

    with Subject.open(page_with(draw)) as subject:
        texts = [element for element in subject.all_elements if element.role in {"P", "TD"}]
        languages = [str(text.dictionary.get("/Lang", "")) for text in texts]

    assert languages == ["", "", "en", "en", "en"]


@pytest.mark.parametrize(
    ("roles", "is_right"), [("12", True), ("1223", True), ("1232", True), ("2", False), ("13", False)]
)
def test_headings_go_down_step_by_step(roles: str, *, is_right: bool) -> None:
    def draw(page: Page) -> None:
        for level in roles:
            page.draw_line(set_line("عنوان", Style()), 100, 500, role=Role(f"H{level}"))

    if is_right:
        assert [role for _, role, _ in told(page_with(draw))] == [f"H{level}" for level in roles]
    else:
        with pytest.raises(HeadingOutOfOrder):
            page_with(draw)


def test_what_has_nothing_before_it_is_refused() -> None:
    table = set_table([Column(80, Style())], [["أ"]])

    with pytest.raises(ValueError, match="caption"):
        page_with(lambda page: page.draw_line(set_line("أ", Style()), 9, 9, role=Role.CAPTION))
    with pytest.raises(ValueError, match="table"):
        page_with(lambda page: page.draw_table(table, 9, 9, continues=table))
    with pytest.raises(ValueError, match="figure"):
        page_with(lambda page: page.draw_qr("x", 9, 9, size=9, alt=" "))
    with pytest.raises(ValueError, match="language"):
        page_with(lambda page: page.draw_line(set_line("a", Style()), 9, 9, language="en) /X (y"))


def test_an_attached_file_comes_out_as_it_went_in() -> None:
    with pikepdf.open(io.BytesIO(whole_document())) as pdf:
        file = pdf.attachments[CREDENTIAL.name]

        assert file.get_file().read_bytes() == CREDENTIAL.data
        assert file.get_file().mime_type == CREDENTIAL.media_type
        assert file.description == CREDENTIAL.description
        assert str(pdf.Root.AF[0].AFRelationship) == "/Data"
        assert str(file.get_file().obj.Params.ModDate) == "D:20261124093000+00'00'"


def test_a_name_is_attached_once() -> None:
    document = Document(title="title")
    document.attach(CREDENTIAL)

    with pytest.raises(ValueError, match="attached"):
        document.attach(CREDENTIAL)


def test_the_place_of_the_seal_waits_to_be_filled() -> None:
    pdf = whole_document()

    zeros = b"0" * (2 * SEAL.size)
    assert pdf.count(b"/Contents <" + zeros + b">") == 1
    assert pdf.count(b"/ByteRange [0 0000000000 0000000000 0000000000]") == 1
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        field = opened.Root.AcroForm.Fields[0]
        assert int(opened.Root.AcroForm.SigFlags) == 3
        assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"
        assert str(field.V.Reason) == SEAL.reason
        assert str(field.V.M) == "D:20261124093000+00'00'"
        assert field.V.objgen == opened.Root.Perms.DocMDP.objgen
        assert field.P.objgen == opened.pages[0].objgen


def test_a_document_has_one_seal() -> None:
    document = Document(title="title")
    with pytest.raises(ValueError, match="seal"):
        document.reserve_signature(SEAL)
    document.new_page()
    document.reserve_signature(SEAL)

    with pytest.raises(ValueError, match="seal"):
        document.reserve_signature(SEAL)


def test_a_seal_larger_than_archives_allow_is_refused(now: datetime = SEAL.signed_at) -> None:
    with pytest.raises(ValueError, match="32767"):
        SignatureField(label="ختم", reason="إصدار", signed_at=now, size=32768)


def test_a_text_on_two_lines_is_read_with_the_space_between_them() -> None:
    lines = fit_two_lines(
        "Ahmed Mohamed Ali", Style(SANS, 20, direction=Direction.LTR), width=130, min_size=9
    )

    def draw(page: Page) -> None:
        page.draw_lines(lines, 50, 500, width=130, has_actual_text=True)

    assert len(lines) == 2
    assert [text for _, _, text in told(page_with(draw))] == ["Ahmed Mohamed Ali"]
