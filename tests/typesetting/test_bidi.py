import bidi
import pytest
from bidi.mirror import MIRRORED
from hypothesis import given
from hypothesis import strategies as st

from typesetting import Direction, base_direction, strip_controls
from typesetting.bidi import embedding_levels, visual_runs

ALPHABET = "abAB ابلهمر()[]<>{}«»0123٠١٢٣/-+.,:%$ \u064e\u0651ـ!?"
CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


def visual(text: str, direction: Direction) -> str:
    runs = visual_runs(text, embedding_levels(text, direction), direction)
    parts = (text[run.start : run.end] for run in runs)
    return "".join(part[::-1] if run.is_rtl else part for run, part in zip(runs, parts, strict=True))


def unmirrored(text: str) -> str:
    return "".join(min(char, MIRRORED.get(char, char)) for char in text)


@given(text=st.text(ALPHABET, max_size=20), direction=st.sampled_from(Direction))
def test_the_order_is_that_of_an_independent_implementation(text: str, direction: Direction) -> None:
    # get_display is the Rust crate unicode-bidi; nothing of it is used here otherwise. It mirrors, we leave that to HarfBuzz.
    expected = bidi.get_display(text, base_dir="R" if direction is Direction.RTL else "L")

    assert unmirrored(visual(text, direction)) == unmirrored(expected)


@given(text=st.text(max_size=40).map(strip_controls), direction=st.sampled_from(Direction))
def test_reordering_is_a_permutation(text: str, direction: Direction) -> None:
    runs = visual_runs(text, embedding_levels(text, direction), direction)

    positions = sorted(position for run in runs for position in range(run.start, run.end))
    assert positions == list(range(len(text)))


@given(text=st.text(st.sampled_from(CONTROLS + ALPHABET)))
def test_stripping_is_idempotent_and_leaves_no_control(text: str) -> None:
    stripped = strip_controls(text)

    assert strip_controls(stripped) == stripped
    assert not set(stripped) & set(CONTROLS)
    assert [char for char in text if char not in CONTROLS] == list(stripped)


def test_joiners_are_spelling_and_stay() -> None:
    assert strip_controls("می‌خواهم\u200d") == "می‌خواهم\u200d"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("دورة AutoCAD (2D) متقدم", "مدقتم AutoCAD (2D) ةرود"),
        ("دورة (AutoCAD)", "(AutoCAD) ةرود"),
        ("من ٢٠٢٦/١/١ إلى", "ىلإ ٢٠٢٦/١/١ نم"),
        ("رقم CTR-2026-000123", "CTR-2026-000123 مقر"),
    ],
)
def test_a_right_to_left_line_reads_as_arabs_write_it(text: str, expected: str) -> None:
    assert unmirrored(visual(text, Direction.RTL)) == unmirrored(expected)


def test_a_pair_of_brackets_keeps_one_direction() -> None:
    text = "دورة AutoCAD (2D) متقدم"

    levels = embedding_levels(text, Direction.RTL)

    assert levels[text.index("(")] == levels[text.index(")")] == 2


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("أحمد Ahmed", Direction.RTL),
        ("Ahmed أحمد", Direction.LTR),
        ("2026 أحمد", Direction.RTL),
        ("123", Direction.RTL),
    ],
)
def test_the_first_letter_decides_the_direction(text: str, direction: Direction) -> None:
    assert base_direction(text) is direction
