"""Questions of the bank as items of files, and back."""

import pytest

from assessment.bank_items import draft_of_item, item_of_draft, likeness_of
from assessment.exchange import gift, gift_writer, moodle_xml, moodle_xml_writer
from assessment.marking.kinds import question_of
from tests.factories.bank import TYPED, drafted


@pytest.mark.parametrize("kind", sorted(TYPED))
def test_a_question_of_the_form_comes_back_from_a_file_alike(kind: str):
    draft = drafted(kind)

    written = moodle_xml_writer.write([item_of_draft(draft, tags=["سلامة"], difficulty=4)])
    read = moodle_xml.read(written.data).items[0]
    again = draft_of_item(read)

    assert written.unwritable == ()
    assert (read.tags, read.difficulty) == (("سلامة",), 4)
    assert likeness_of(again) == likeness_of(draft) != b""
    assert question_of(*again)


def test_questions_that_mark_otherwise_are_not_alike():
    draft = drafted("true_false")

    other = drafted("true_false", is_true=False)

    assert likeness_of(other) != likeness_of(draft)


def test_gift_brings_a_choice_back_alike():
    draft = drafted("single")

    read = gift.read(gift_writer.write([item_of_draft(draft)]).data).items[0]

    assert likeness_of(draft_of_item(read)) == likeness_of(draft)
