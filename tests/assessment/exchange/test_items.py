"""What holds for every format."""

import re
from pathlib import Path

from assessment.blocks import FALSE, TRUE
from assessment.exchange import gift_writer, item, moodle_xml_writer
from assessment.exchange.canonical import canonical
from assessment.exchange.item import FaultCode, Item, NoteCode, UnsupportedCode, UnwritableCode
from assessment.marking.kinds import question_of

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "question-formats.md"


def test_statements_are_true_and_false_as_on_pages():
    assert (item.TRUE, item.FALSE) == (TRUE, FALSE)


def test_every_code_is_on_the_page_of_the_formats():
    codes = {str(code) for codes in (NoteCode, UnsupportedCode, FaultCode, UnwritableCode) for code in codes}

    assert codes - set(re.findall(r"`([a-z0-9_]+)`", PAGE.read_text())) == set()


def test_an_item_is_stored_as_a_version_of_a_question_is():
    item = Item("essay", {"ar": "اشرح"}, {}, {}, {"ar": "لأن"})

    assert (item.stored_content, item.stored_key) == (
        {"text": {"ar": "اشرح"}},
        {"explanation": {"ar": "لأن"}},
    )


def test_the_one_form_of_an_item_marks_as_it_did_and_tells_nothing_by_its_order():
    stems = [{"id": "x", "text": {"ar": "فولت"}}, {"id": "y", "text": {"ar": "أمبير"}}]
    choices = [{"id": "p", "text": {"ar": "جهد"}}, {"id": "q", "text": {"ar": "تيار"}}]
    item = Item(
        "matching", {"ar": "صل"}, {"stems": stems, "choices": choices}, {"pairs": {"x": "p", "y": "q"}}
    )

    found = canonical(item)

    assert [one["text"]["ar"] for one in found.content["choices"]] == ["تيار", "جهد"]
    assert question_of("matching", found.content, found.key).mark({"1": "2", "2": "1"}) == 1


def test_ids_of_options_follow_the_alphabet_and_options_stay_in_their_order():
    """Ids are in the exam page, also where options are mixed: the first of a file is often the right one."""
    options = [{"id": "a", "text": {"ar": "فولت"}}, {"id": "b", "text": {"ar": "أمبير"}}]
    content, key = {"options": options}, {"weights": {"a": "1"}}
    single = Item("single", {"ar": "وحدة الجهد؟"}, content, key)
    gaps = {"gaps": [{"id": "1", "kind": "single", "content": content}]}
    fill_in = Item("fill_in", {"ar": "وحدة الجهد [[1]]"}, gaps, {"gaps": {"1": {"key": key}}})
    instead = {"picture": "a.png", "most": 1, "instead": {"kind": "single", "content": content}}
    hotspot = Item("hotspot", {"ar": "أين؟"}, instead, {"areas": [{"circle": [1, 1, 1]}], "instead": key})

    found = canonical(single)
    gap, place = canonical(fill_in), canonical(hotspot)

    ids = [("2", "فولت"), ("1", "أمبير")]
    assert [(one["id"], one["text"]["ar"]) for one in found.content["options"]] == ids
    assert found.key["weights"] == {"2": "1"}
    assert gap.content["gaps"][0]["content"] == place.content["instead"]["content"] == found.content
    assert gap.key["gaps"]["1"]["key"] == place.key["instead"] == found.key
    assert canonical(found) == found


def test_items_that_a_format_cannot_hold_are_listed_with_their_place():
    exact = Item(
        "short_text", {"ar": "الرمز؟"}, {}, {"accepted": [{"text": "mW"}], "is_exact": True}, title="أ"
    )
    arrow = Item("short_text", {"ar": "ماذا؟"}, {}, {"accepted": [{"text": "a->b"}]})
    essay = Item("essay", {"ar": "اشرح"}, {}, {})
    without_picture = Item(
        "hotspot", {"ar": "أين؟"}, {"picture": "a.png", "most": 1}, {"areas": [{"circle": [1, 1, 1]}]}
    )

    gift = gift_writer.write([exact, essay, arrow])
    xml = moodle_xml_writer.write([without_picture])

    assert [(one.place, one.code) for one in gift.unwritable] == [
        (0, UnwritableCode.EXACT),
        (2, UnwritableCode.NOT_HELD),
    ]
    assert [one.code for one in xml.unwritable] == [UnwritableCode.PICTURE]
