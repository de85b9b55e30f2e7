"""Which format a file is in, and the language of texts that say none."""

import codecs

import pytest

from assessment.exchange import gift, table
from assessment.exchange.formats import Format, format_of
from assessment.exchange.item import FaultCode, UnreadableFile
from assessment.exchange.texts import unsaid_in

QUESTION = "::س:: ما وحدة التيار؟ {=أمبير}"


@pytest.mark.parametrize(("data", "found"), [
    (QUESTION.encode(), Format.GIFT),
    (codecs.BOM_UTF8 + QUESTION.encode(), Format.GIFT),
    (QUESTION.encode("utf-16"), Format.GIFT),
    (QUESTION.encode("cp1256"), Format.GIFT),
    (b"<b>bold</b> question {T}", Format.GIFT),
    (b'<?xml version="1.0"?>\n<!-- <other/> -->\n<quiz/>', Format.MOODLE_XML),
    ('<?xml version="1.0" encoding="utf-16"?><quiz/>'.encode("utf-16"), Format.MOODLE_XML),
    (b"<quiz", Format.MOODLE_XML),
    (b'<qti-assessment-item xmlns="x"/>', Format.QTI),
    (b"<imsqti:assessmentItem/>", Format.QTI),
    (b"PK\x03\x04 ... imsmanifest.xml", Format.QTI),
    (b"PK\x03\x04 ... xl/workbook.xml", Format.TABLE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format.TABLE),
    ("النوع;السؤال\n".encode(), Format.TABLE),
    (b'"kind","question (Arabic)"\n', Format.TABLE),
    (b"kind\tquestion\nsingle\tWhat {is} it?", Format.TABLE),
    (b"a letter to the editor", None),
])  # fmt: skip
def test_the_content_says_the_format(data: bytes, found: Format | None):
    assert format_of(data) == found


@pytest.mark.parametrize(("data", "code"), [
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", FaultCode.NOT_TEXT),
    (b"", FaultCode.NO_QUESTIONS),
    (codecs.BOM_UTF8 + b" \n", FaultCode.NO_QUESTIONS),
    (b"<svg:svg/>", FaultCode.FORM),
    (b"<!DOCTYPE html><html>{T}</html>", FaultCode.FORM),
    (b"<rss/>", FaultCode.FORM),
])  # fmt: skip
def test_what_is_none_of_the_formats_is_refused(data: bytes, code: FaultCode):
    with pytest.raises(UnreadableFile) as refused:
        format_of(data)

    assert refused.value.code == code


def test_texts_that_say_no_language_are_in_the_one_that_was_told():
    with unsaid_in("ar"):
        told = gift.read(b'Volt {T}\n\n<span lang="en" class="multilang">Ampere</span> {T}').items
        row = table.read_rows([(1, ["kind", "question"]), (2, ["essay", "Volt"])]).items[0]
    by_letters = gift.read(b"Volt {T}").items[0]

    assert [list(item.text) for item in told] == [["ar"], ["en"]]
    assert list(row.text) == ["ar"]
    assert list(by_letters.text) == ["en"]
