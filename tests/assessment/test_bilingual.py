"""Questions in Arabic and English, as the form of the bank writes them down and opens them again."""

import pytest
from wagtail.blocks import StreamBlockValidationError

from assessment.bilingual import BankBlocks, Draft, draft_in
from assessment.blocks.common import QuestionBlock
from assessment.enums import BY_HAND
from assessment.marking.kinds import question_of
from assessment.opening import NotInTheForm, in_the_form
from tests.factories.bank import TYPED, both, drafted, items, option, typed

EVERY_KIND = sorted(BankBlocks().child_blocks)
# Texts that are the same in all languages: numbers, names of units, and answers, of which each is right in any language.
OF_ANY_LANGUAGE = {
    "value",
    "tolerance",
    "name",
    "factor",
    "accepted",
    "low",
    "high",
    "step",
    "right",
    "areas",
}


@pytest.mark.parametrize("kind", sorted(TYPED))
def test_a_question_of_each_kind_is_opened_as_it_was_written(kind: str) -> None:
    draft = drafted(kind)

    again = draft_in(BankBlocks().clean(BankBlocks().to_python(in_the_form(draft))))

    assert again == draft


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_text_of_each_kind_is_written_in_both_languages(kind: str) -> None:
    def texts_in(block: object, doubled: tuple[str, ...] = ()) -> set[str]:
        found: set[str] = set()
        for name, child in block.child_blocks.items():  # type: ignore[attr-defined]
            inner = getattr(child, "child_block", child)
            if hasattr(inner, "child_blocks"):
                found |= texts_in(inner, getattr(inner, "by_language", ()))
            elif type(inner).__name__ in {"CharBlock", "TextBlock"} and name not in doubled:
                found.add(name)
        return found

    of: QuestionBlock = BankBlocks().child_blocks[kind].of

    assert texts_in(of, of.by_language) <= OF_ANY_LANGUAGE


def test_one_language_is_enough_and_the_other_one_is_left_out() -> None:
    draft = drafted(
        text=both("ما أول خطوة؟"),
        options=items(option("أفصل", right=True), option("أفتح")),
        explanation=both(""),
    )

    assert draft.content["text"] == {"ar": "ما أول خطوة؟"}
    assert [one["text"] for one in draft.content["options"]] == [{"ar": "أفصل"}, {"ar": "أفتح"}]


def test_english_alone_is_enough() -> None:
    pairs = items(
        {"left": both("", "Pliers"), "right": both("", "Cutting")},
        {"left": both("", "Meter"), "right": both("", "Measuring")},
    )
    draft = drafted("matching", text=both("", "What for?"), pairs=pairs, others=[])

    assert draft.key["pairs"] == {"1": "1", "2": "2"}
    assert draft.content["choices"][0]["text"] == {"en": "Cutting"}


def test_a_question_that_is_whole_in_no_language_is_refused() -> None:
    half = typed(
        "single",
        text=both("", "What comes first?"),
        options=items(option("أفصل", right=True), option("أفتح")),
    )

    with pytest.raises(StreamBlockValidationError):
        BankBlocks().clean(half)


def test_two_options_that_say_the_same_in_english_are_refused() -> None:
    same = items(option("أفصل", "Same", right=True), option("أفتح", "Same"))

    with pytest.raises(StreamBlockValidationError):
        BankBlocks().clean(typed("single", options=same))


def test_pairs_that_differ_between_the_languages_are_refused() -> None:
    pairs = items(
        {"left": both("مفك", "Screwdriver"), "right": both("كشف", "Finding")},
        {"left": both("كماشة", "Pliers"), "right": both("كشف", "Cutting")},
    )

    with pytest.raises(StreamBlockValidationError):
        BankBlocks().clean(typed("matching", pairs=pairs))


def test_options_keep_their_ids_when_their_words_change() -> None:
    draft = drafted("single")
    opened = in_the_form(draft)
    opened[0]["value"]["options"][0]["value"]["text"]["en"] = "I cut the current"

    again = draft_in(BankBlocks().clean(BankBlocks().to_python(opened)))

    assert [one["id"] for one in again.content["options"]] == [one["id"] for one in draft.content["options"]]
    assert again.key == draft.key


def test_a_question_with_uneven_weights_does_not_open_in_the_form() -> None:
    draft = drafted("multiple")
    first, second = list(draft.key["weights"])[:2]
    uneven = Draft(draft.kind, draft.content, {**draft.key, "weights": {first: "0.9", second: "0.1"}})

    with pytest.raises(NotInTheForm):
        in_the_form(uneven)


@pytest.mark.parametrize("kind", sorted(TYPED))
def test_a_draft_of_each_kind_can_be_marked(kind: str) -> None:
    assert question_of(*drafted(kind)).mark(None) == (None if kind in BY_HAND else 0)


def test_a_rubric_is_shown_before_only_where_its_author_says_so() -> None:
    shown, kept_back = drafted("essay"), drafted("files")

    assert shown.key["rubric"] == shown.content["rubric"]
    assert kept_back.content.keys() == {"text", "most"}
    assert kept_back.key["rubric"] == [
        {
            "id": "1",
            "text": {"ar": "الترتيب", "en": "Order"},
            "levels": [
                {"id": "1", "text": {"ar": "كل الخطوات بترتيبها", "en": "All steps in order"}, "points": 4},
                {"id": "2", "text": {"ar": "بلا ترتيب", "en": "In no order"}, "points": 0},
            ],
        }
    ]


@pytest.mark.parametrize("points", [(0, 0), (3, 3)])
def test_levels_of_a_rubric_differ_in_their_points(points: tuple[int, int]) -> None:
    levels = items(*({"text": both(f"مستوى {place}"), "earns": one} for place, one in enumerate(points)))

    with pytest.raises(StreamBlockValidationError) as refused:
        drafted("essay", text=both("صف."), rubric=items({"text": both("الترتيب"), "levels": levels}))

    assert "rubric" in refused.value.block_errors[0].block_errors
