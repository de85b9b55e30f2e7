"""Moodle's XML as Moodle writes it."""

from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from assessment.exchange import moodle_xml, moodle_xml_writer
from assessment.exchange.item import FaultCode, NoteCode, UnsupportedCode
from tests.assessment.exchange.moodle_course import UNSUPPORTED, export


def test_a_bank_of_300_questions_is_counted_as_others_count_it_and_read_again_as_it_is_written():
    text, types = export(300)
    expected = Counter(one.get("type") for one in ET.fromstring(text).iter("question"))

    reading = moodle_xml.read(text.encode())

    assert reading.count == sum(expected.values()) - expected["category"] == 300
    assert reading.faults == []
    assert Counter(one.type for one in reading.unsupported) == {
        type_: expected[type_] for type_ in UNSUPPORTED
    }
    lines = text.split("\n")
    assert all(f'<question type="{one.type}"' in lines[one.line - 1] for one in reading.unsupported)
    assert len(reading.items) == sum(type_ not in UNSUPPORTED for type_ in types)
    assert moodle_xml_writer.write(reading.items[:20]).unwritable == ()


def _read_one(type_: str, inside: str, text: str = "<p>سؤال؟</p>"):
    document = (
        f'<quiz><question type="{type_}"><name><text>ع</text></name><questiontext format="html"><text><![CDATA[{text}]]></text>'
        f"</questiontext>{inside}</question></quiz>"
    )
    return moodle_xml.read(document.encode())


def test_what_an_item_loses_is_noted():
    answers = '<answer fraction="100"><text>نعم</text><feedback><text>أحسنت</text></feedback></answer><answer fraction="0"><text>لا</text></answer>'
    settings = "<single>true</single><shuffleanswers>0</shuffleanswers><penalty>0.5</penalty><hidden>1</hidden><defaultgrade>0.5</defaultgrade><wordcount>3</wordcount>"
    text = '<p onclick="x()">سؤال<script>alert(1)</script> <img src="a.png"> \\(x^2\\) <a href="http://a.example">هنا</a></p>'

    (item,) = _read_one("multichoice", answers + settings, text).items

    assert item.text == {"ar": "سؤال \\(x^2\\) هنا"}
    assert {note.code for note in item.notes} == {
        *(
            NoteCode.ANSWER_FEEDBACK,
            NoteCode.FIXED_ORDER,
            NoteCode.PENALTY,
            NoteCode.HIDDEN,
            NoteCode.POINTS,
            NoteCode.ELEMENT,
        ),
        *(NoteCode.SCRIPT, NoteCode.MEDIA, NoteCode.MATH, NoteCode.LINK),
    }


@pytest.mark.parametrize("text", [
    '<span lang="ar" class="multilang">ما هذا؟</span><span lang="en" class="multilang">What is it?</span>',
    "<p>{mlang ar}ما هذا؟{mlang}{mlang en}What is it?{mlang}</p>",
])  # fmt: skip
def test_a_question_in_two_languages_has_both(text: str):
    (item,) = _read_one("essay", "", text).items

    assert item.text == {"ar": "ما هذا؟", "en": "What is it?"}


def test_a_unit_says_how_much_of_the_first_it_is():
    units = "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit><unit><multiplier>100</multiplier><unit_name>cm</unit_name></unit></units>"

    (item,) = _read_one(
        "numerical", f'<answer fraction="100"><text>3.14</text><tolerance>0</tolerance></answer>{units}'
    ).items

    assert item.key["units"] == {"m": "1", "cm": "0.01"}


@pytest.mark.parametrize(("type_", "inside", "code"), [
    ("multichoice", '<answer fraction="50"><text>a</text></answer><answer fraction="0"><text>b</text></answer>', FaultCode.UNMARKABLE),
    ("multichoice", "", FaultCode.ANSWER_MISSING),
    ("numerical", '<answer fraction="100"><text>1e309</text></answer>', FaultCode.NUMBER),
    ("numerical", '<answer fraction="100"><text>²</text></answer>', FaultCode.NUMBER),
    ("numerical", '<answer fraction="NaN"><text>2</text></answer>', FaultCode.NUMBER),
    ("ddmarker", "<drag><no>1</no></drag><file>%%%</file>", FaultCode.PICTURE),
    ("cloze", "", FaultCode.ANSWER_MISSING),
])  # fmt: skip
def test_a_question_that_cannot_be_marked_is_a_fault_and_no_more(type_: str, inside: str, code: FaultCode):
    (fault,) = _read_one(type_, inside).faults

    assert (fault.code, fault.line, fault.title) == (code, 1, "ع")


@pytest.mark.parametrize(("type_", "inside", "code"), [
    ("ddmarker", "<drag/><drag/>", UnsupportedCode.MARKERS),
    ("calculated", '<answer fraction="100"><text>system({a})</text></answer>', UnsupportedCode.FORMULA),
    ("calculated", '<answer fraction="100"><text>1</text><tolerancetype>3</tolerancetype></answer>', UnsupportedCode.FORMULA),
])  # fmt: skip
def test_what_we_cannot_ask_as_it_is_meant_is_listed(type_: str, inside: str, code: UnsupportedCode):
    (listed,) = _read_one(type_, inside).unsupported

    assert (listed.type, listed.code) == (type_, code)
