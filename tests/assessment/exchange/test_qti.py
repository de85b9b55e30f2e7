"""QTI as other software writes it."""

import pytest

from assessment.exchange import qti, qti_writer
from assessment.exchange.item import Item, Note, NoteCode, Picture, UnsupportedCode
from assessment.exchange.packages import Package, pack
from tests.assessment.exchange.items import PICTURE


def _read_one(declaration: str, body: str, processing: str = "", attributes: str = ""):
    template = (
        processing
        if processing.startswith("<")
        else f'<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/{processing}"/>'
    )
    document = (
        f'<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="i1" title="ع" {attributes}>'
        f'<responseDeclaration identifier="RESPONSE" {declaration}</responseDeclaration><itemBody>{body}</itemBody>{template}</assessmentItem>'
    )
    return qti.read(document.encode())


def _choices(*names: str, of: str = "simpleChoice") -> str:
    return "".join(f'<{of} identifier="{name}">{name}</{of}>' for name in names)


def test_a_mapping_makes_shares_of_what_can_be_earned_and_its_default_is_for_the_rest():
    mapping = '<mapping lowerBound="0" upperBound="2" defaultValue="-2"><mapEntry mapKey="H" mappedValue="1"/><mapEntry mapKey="O" mappedValue="1"/><mapEntry mapKey="Cl" mappedValue="-1"/></mapping>'
    body = f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="0"><prompt>Water?</prompt>{_choices("H", "C", "O", "Cl")}</choiceInteraction>'

    (item,) = _read_one(f'cardinality="multiple" baseType="identifier">{mapping}', body, "map_response").items

    assert (item.kind, item.key, item.points) == (
        "multiple",
        {"weights": {"1": "-1", "2": "-1/2", "3": "1/2", "4": "1/2"}},
        2,
    )
    assert (item.text, item.notes) == ({"en": "Water?"}, ())


def test_gaps_to_drag_words_into_are_gaps_to_choose_in():
    correct = "<correctResponse><value>W G1</value><value>S G2</value></correctResponse>"
    body = f'<gapMatchInteraction responseIdentifier="RESPONSE">{_choices("W", "S", of="gapText")}<p>Now is the <gap identifier="G1"/>,<br/>glorious <gap identifier="G2"/>.</p></gapMatchInteraction>'

    (item,) = _read_one(
        f'cardinality="multiple" baseType="directedPair">{correct}', body, "match_correct"
    ).items

    assert item.text == {"en": "Now is the [[1]],\nglorious [[2]]."}
    assert [item.key["gaps"][gap]["key"]["weights"] for gap in ("1", "2")] == [{"2": "1"}, {"1": "1"}]
    assert item.notes == (Note(NoteCode.GRADING, "all or nothing"),)


def test_a_point_on_a_picture_is_a_hotspot_in_thousandths():
    areas = '<areaMapping defaultValue="0"><areaMapEntry shape="circle" coords="102,113,16" mappedValue="1"/></areaMapping>'
    body = '<selectPointInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Where?</prompt><object data="uk.png" type="image/png" width="204" height="280">map</object></selectPointInteraction>'

    (item,) = _read_one(f'cardinality="single" baseType="point">{areas}', body, "map_response_point").items

    assert (item.key, item.text) == ({"areas": [{"circle": [500, 404, 78]}]}, {"en": "Where?"})
    assert item.content == {"most": 1, "picture": "uk.png", "ratio": "1.3725"}


def test_the_picture_of_a_hotspot_is_taken_from_its_package():
    areas = '<areaMapping><areaMapEntry shape="rect" coords="0,0,20,15" mappedValue="1"/></areaMapping>'
    document = (
        '<assessmentItem identifier="a" title="a">'
        f'<responseDeclaration identifier="R" cardinality="single" baseType="point">{areas}</responseDeclaration><itemBody>'
        '<selectPointInteraction responseIdentifier="R"><prompt>Where?</prompt><img src="../img/a%20b.png" width="40" height="30"/>'
        '</selectPointInteraction></itemBody><responseProcessing template="map_response_point"/></assessmentItem>'
    )

    (item,) = qti.read(pack({"items/a.xml": document.encode(), "img/a b.png": PICTURE})).items
    (alone,) = qti.read(document.encode()).items

    assert (item.content["picture"], item.pictures) == ("a b.png", (Picture("a b.png", PICTURE),))
    assert item.key == {"areas": [{"rectangle": [0, 0, 500, 500]}]}
    assert NoteCode.MEDIA not in {note.code for note in item.notes}
    assert NoteCode.MEDIA in {note.code for note in alone.notes}


def test_two_languages_are_told_apart_and_a_foreign_word_is_a_word():
    body = '<p xml:lang="ar">ما هذا؟</p><p xml:lang="en">What is it?</p><extendedTextInteraction responseIdentifier="RESPONSE"/>'
    word = '<p>What does <span xml:lang="ar">قاطع</span> mean?</p><extendedTextInteraction responseIdentifier="RESPONSE"/>'

    (both,) = _read_one('cardinality="single" baseType="string">', body).items
    (one,) = _read_one('cardinality="single" baseType="string">', word, attributes='xml:lang="en-US"').items

    assert both.text == {"ar": "ما هذا؟", "en": "What is it?"}
    assert one.text == {"en": "What does قاطع mean?"}


def test_processing_that_says_more_than_what_is_correct_is_noted():
    correct = "<correctResponse><value>A</value></correctResponse>"
    body = f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1"><prompt>س</prompt>{_choices("A", "B")}</choiceInteraction>'
    processing = '<responseProcessing><responseCondition><responseIf><match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match><lookupOutcomeValue/></responseIf></responseCondition></responseProcessing>'

    (item,) = _read_one(f'cardinality="single" baseType="identifier">{correct}', body, processing).items

    assert item.notes == (Note(NoteCode.GRADING, "lookupOutcomeValue"),)


@pytest.mark.parametrize(("body", "attributes", "code"), [
    ("<p>س</p>", "", UnsupportedCode.DESCRIPTION),
    ("<sliderInteraction/>", "", UnsupportedCode.TYPE),
    ("<choiceInteraction/><sliderInteraction/>", "", UnsupportedCode.SEVERAL),
    ("<extendedTextInteraction/>", 'adaptive="true"', UnsupportedCode.ADAPTIVE),
    (f'<choiceInteraction responseIdentifier="RESPONSE"><prompt>س</prompt>{_choices("A", "B")}</choiceInteraction>', "", UnsupportedCode.SCORING),
])  # fmt: skip
def test_what_we_cannot_ask_is_listed(body: str, attributes: str, code: UnsupportedCode):
    (listed,) = _read_one(
        'cardinality="single" baseType="identifier">', body, "match_correct", attributes
    ).unsupported

    assert (listed.code, listed.line, listed.title) == (code, 1, "ع")


def test_a_package_is_the_same_bytes_each_time_and_names_no_document_by_what_is_in_it():
    items = [Item("essay", {"ar": "اشرح"}, {}, {}, title="../أ")]

    first, second = qti_writer.write(items), qti_writer.write(items)

    assert first == second
    assert Package(first.data).names == ["imsmanifest.xml", "test.xml", "items/00001.xml"]
