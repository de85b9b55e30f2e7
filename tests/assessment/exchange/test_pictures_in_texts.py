"""Pictures in the texts of questions from other software."""

from base64 import b64encode

import pytest

from assessment.exchange import moodle_xml, qti
from assessment.exchange.item import FaultCode, Item, NoteCode
from assessment.exchange.packages import pack
from assessment.exchange.pictures import MOST_BYTES
from tests.assessment.exchange.items import PICTURE

JPEG = b"\xff\xd8\xff\xe0 a JPEG as far as its first bytes say"


def file(name: str, data: bytes = PICTURE, path: str = "/") -> str:
    return f'<file name="{name}" path="{path}" encoding="base64">{b64encode(data).decode()}</file>'


def moodle(text: str, *files: str, elsewhere: str = "") -> bytes:
    return f"""<quiz><question type="truefalse"><name><text>x</text></name>
<questiontext format="html"><text><![CDATA[{text}]]></text>{"".join(files)}</questiontext>{elsewhere}
<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>""".encode()


def only(data: bytes) -> Item:
    reading = moodle_xml.read(data)
    assert (len(reading.items), reading.faults, reading.unsupported) == (1, [], [])
    return reading.items[0]


def test_the_picture_of_a_text_comes_in_with_its_description():
    text = '<p>What is this?</p><p><img src="@@PLUGINFILE@@/the%20board.png" alt="A  board" width="5"></p>'

    item = only(moodle(text, file("the board.png")))

    assert item.content["medium"] == {"picture": "the board.png", "alt": {"en": "A board"}}
    assert [(one.name, one.data) for one in item.pictures] == [("the board.png", PICTURE)]
    assert (item.text, item.notes) == ({"en": "What is this?"}, ())


def test_pictures_of_each_language_are_described_in_it():
    text = (
        '<span lang="ar" class="multilang">ما هذا؟ <img src="@@PLUGINFILE@@/a.png" alt="لوحة"></span>'
        '<span lang="en" class="multilang">What? <img src="@@PLUGINFILE@@/a.png" alt="A board"></span>'
    )

    item = only(moodle(text, file("a.png")))

    assert item.content["medium"]["alt"] == {"ar": "لوحة", "en": "A board"}
    assert item.text == {"ar": "ما هذا؟", "en": "What?"}


def test_more_than_one_picture_and_all_sounds_are_listed():
    text = (
        'What? <img src="@@PLUGINFILE@@/a.png" alt="one"> <img src="@@PLUGINFILE@@/b.jpg" alt="two">'
        '<audio src="@@PLUGINFILE@@/c.mp3"></audio>'
    )

    item = only(moodle(text, file("a.png"), file("b.jpg", JPEG), file("c.mp3", b"ID3"), file("d.png")))

    assert item.content["medium"]["picture"] == "a.png"
    said = [note.detail.rsplit("/", 1)[-1] for note in item.notes if note.code == NoteCode.MEDIA]
    assert said == ["b.jpg", "c.mp3", "d.png"]


def test_a_picture_of_a_kind_that_is_not_shown_is_listed():
    item = only(moodle('What? <img src="@@PLUGINFILE@@/a.svg">', file("a.svg", b"<svg/>")))

    assert "medium" not in item.content
    assert [note.code for note in item.notes] == [NoteCode.MEDIA]


def test_a_picture_from_elsewhere_is_not_fetched():
    item = only(moodle('What? <img src="https://example.org/a.png">', file("b.png")))

    assert "medium" not in item.content
    assert {note.detail for note in item.notes} == {"https://example.org/a.png", "b.png"}


@pytest.mark.parametrize("name", ["../a.png", "/etc/passwd", "..\\a.png"])
def test_a_name_that_leads_out_is_a_name(name: str):
    item = only(moodle(f'What? <img src="@@PLUGINFILE@@/{name}">', file(name)))

    assert all("/" not in one.name for one in item.pictures)


@pytest.mark.parametrize(
    ("inside", "code"),
    [("no base64!", FaultCode.PICTURE), ("A" * (MOST_BYTES * 2 + 4), FaultCode.TOO_LARGE)],
)
def test_a_damaged_picture_and_one_that_bursts_are_refused(inside: str, code: FaultCode):
    broken = f'<file name="a.png" path="/" encoding="base64">{inside}</file>'

    reading = moodle_xml.read(moodle('What? <img src="@@PLUGINFILE@@/a.png">', broken))

    assert [fault.code for fault in reading.faults] == [code]


def qti_item(body: str) -> bytes:
    return f"""<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"/>
<itemBody>{body}<extendedTextInteraction responseIdentifier="RESPONSE"/></itemBody></assessmentItem>""".encode()


def test_a_picture_of_a_package_comes_in_from_where_the_document_says():
    document = qti_item('<p>What is this?</p><p><img src="../img/a%20b.png" alt="A board"/></p>')

    [item] = qti.read(pack({"items/one.xml": document, "img/a b.png": PICTURE})).items

    assert item.content["medium"] == {"picture": "a b.png", "alt": {"en": "A board"}}
    assert (item.pictures[0].data, item.notes) == (PICTURE, ())


@pytest.mark.parametrize("source", ["../../a.png", "https://example.org/a.png", "missing.png"])
def test_a_picture_that_is_not_in_the_package_is_listed(source: str):
    document = qti_item(f'<p>What?</p><p><img src="{source}" alt=""/></p>')

    [item] = qti.read(pack({"items/one.xml": document})).items

    assert "medium" not in item.content
    assert [(note.code, note.detail) for note in item.notes] == [(NoteCode.MEDIA, source)]
