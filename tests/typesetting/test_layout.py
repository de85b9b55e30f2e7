import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.typesetting.reading import pixels
from tests.typesetting.strings import ARABIC, MIXED, VOWELLED
from typesetting import (
    NASKH,
    SANS,
    Align,
    Column,
    Direction,
    Document,
    Style,
    TextDoesNotFit,
    fit_line,
    fit_paragraph,
    fit_two_lines,
    lines_height,
    set_line,
    set_table,
    set_tables,
    wrap,
)

SENTENCE = "تشهد وزارة العمل بأن المتدرب قد أتم برنامج «Gas Tungsten Arc Welding» بواقع 420 ساعة من ٢٠٢٦/١/١ إلى ٢٠٢٦/٦/٣٠"
WORDS = ["أحمد", "محمد", "Welding", "(2D)", "٢٠٢٦", "420", "العمل،", "لا"]


def test_a_line_that_fits_keeps_its_size() -> None:
    line = fit_line("أحمد", Style(size=20), max_width=300, min_size=10)

    assert line.style.size == 20


def test_a_long_name_takes_two_even_lines_before_it_shrinks() -> None:
    name = "أحمد محمد عبد الرحمن السيد الشربيني"
    style = Style(size=30)
    whole = set_line(name, style)

    two = fit_two_lines(name, style, width=whole.width * 0.7, min_size=10)

    assert [line.text for line in two] == ["أحمد محمد عبد الرحمن", "السيد الشربيني"]
    assert {line.style.size for line in two} == {30}
    assert fit_two_lines(name, style, width=whole.width + 1, min_size=10) == [whole]
    bound = fit_two_lines(name, style, width=whole.width * 0.7, min_size=10, bound=frozenset({"الرحمن"}))
    assert [line.text for line in bound] == ["أحمد محمد عبد", "الرحمن السيد الشربيني"]


def test_two_lines_that_are_too_long_shrink_together_or_are_refused() -> None:
    name = "أحمد محمد عبد الرحمن السيد الشربيني"

    small = fit_two_lines(name, Style(size=30), width=100, min_size=8)

    assert max(line.width for line in small) <= 100
    assert {line.style.size for line in small} == {small[0].style.size}
    assert small[0].style.size < 30
    with pytest.raises(TextDoesNotFit):
        fit_two_lines(name, Style(size=30), width=100, min_size=small[0].style.size + 1)


def test_a_long_name_shrinks_into_its_place() -> None:
    name = max(ARABIC, key=len)

    line = fit_line(name, Style(size=30), max_width=400, min_size=10)

    assert 10 <= line.style.size < 30
    assert 396 < line.width <= 400


def test_a_name_too_long_for_the_smallest_size_is_refused_with_its_measures() -> None:
    with pytest.raises(TextDoesNotFit) as caught:
        fit_line(max(ARABIC, key=len), Style(size=30), max_width=100, min_size=12)

    assert caught.value.needed > caught.value.available == 100
    assert caught.value.min_size == 12


@pytest.mark.parametrize("text", [*ARABIC, *VOWELLED, *MIXED])
def test_the_ink_stays_inside_the_extents(text: str) -> None:
    line = set_line(text, Style(NASKH, size=24))
    document = Document(title="title")
    page = document.new_page((line.width + 40, 120))
    page.draw_line(line, 20 - line.extents.left if line.direction is Direction.LTR else 20 + line.width, 50)
    scale = 4

    left, top, right, bottom = pixels(document.finish(), scale=scale).point(lambda gray: 255 - gray).getbbox()

    assert left >= 20 * scale - 1
    assert right <= (20 + line.width) * scale + 1
    assert top >= (120 - 50 - line.extents.top) * scale - 1
    assert bottom <= (120 - 50 - line.extents.bottom) * scale + 1
    assert bottom - top >= line.extents.height * scale * 0.9


@pytest.mark.parametrize(("text", "ink_side"), [("أحمد محمد", "left"), ("Ahmed", "right")])
def test_a_line_starts_at_the_side_its_script_starts(text: str, ink_side: str) -> None:
    document = Document(title="title")
    page = document.new_page((400, 60))
    page.draw_line(set_line(text, Style(size=20)), 200, 20, Align.START)

    left, _, right, _ = pixels(document.finish(), scale=1).point(lambda gray: 255 - gray).getbbox()

    assert (right <= 201) if ink_side == "left" else (left >= 199)


@given(words=st.lists(st.sampled_from(WORDS), max_size=20), width=st.floats(80, 400))
def test_wrapping_keeps_every_word_in_order_and_inside_the_width(words: list[str], width: float) -> None:
    lines = wrap(" ".join(words), Style(SANS, size=12), width=width)

    assert [word for line in lines for word in line.text.split()] == words
    assert all(line.width <= width for line in lines)


def test_a_number_after_a_line_break_is_ordered_as_in_its_paragraph() -> None:
    text = "العمل 1-2"
    style = Style(SANS, size=12)

    [_, broken] = wrap(text, style, width=set_line("العمل", style).width + 1)
    alone = set_line("1-2", Style(SANS, size=12, direction=Direction.RTL))

    # After an Arabic letter digits are Arabic numbers, and the hyphen is in right-to-left order (UAX #9, W2).
    def visual(line):
        return "".join(slot.text for run in line.runs for slot in run.slots)

    assert visual(broken) == "2-1"
    assert visual(alone) == "1-2"


def test_line_breaks_stay_and_a_wide_word_is_refused() -> None:
    assert [line.text for line in wrap("أحمد\n\nمحمد", Style(), width=200)] == ["أحمد", "", "محمد"]
    with pytest.raises(TextDoesNotFit):
        wrap("أحمد Donaudampfschifffahrt", Style(), width=60)


def test_a_paragraph_shrinks_into_its_height_or_is_refused() -> None:
    lines = fit_paragraph(SENTENCE, Style(size=16), width=200, height=100, min_size=6)

    assert lines_height(lines) <= 100
    assert 6 <= lines[0].style.size < 16
    with pytest.raises(TextDoesNotFit):
        fit_paragraph(SENTENCE, Style(size=16), width=200, height=40, min_size=10)


def test_white_space_is_collapsed_and_controls_dropped() -> None:
    assert set_line(" \u202bأحمد\t \nمحمد\u202c ", Style()).text == "أحمد محمد"


def test_an_empty_line_has_no_width() -> None:
    assert set_line("", Style()).width == 0


def test_a_table_starts_at_the_side_of_its_direction() -> None:
    columns = [Column(100, Style(SANS)), Column(200, Style(SANS))]
    rows = [["الاسم", "أحمد محمد"], ["الرقم", "CTR-2026-000123"]]

    arabic = set_table(columns, rows, direction=Direction.RTL, padding=4)
    english = set_table(columns, rows, direction=Direction.LTR, padding=4)

    assert [cell.left for cell in arabic.cells] == [204, 4, 204, 4]
    assert [cell.left for cell in english.cells] == [4, 104, 4, 104]
    assert arabic.height == english.height == -arabic.rules[-1]


def test_a_row_with_a_missing_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        set_table([Column(100, Style()), Column(100, Style())], [["الاسم"]])


@given(
    texts=st.lists(st.sampled_from(["السلامة", SENTENCE, "Welding"]), max_size=30), first=st.floats(120, 400)
)
def test_a_long_table_keeps_every_row_and_every_page_its_height(texts: list[str], first: float) -> None:
    columns, header, further = [Column(150, Style(SANS, 9))], ["الوحدة"], 200

    whole = set_table(columns, [header, *([text] for text in texts)], header_rows=1)
    parts = set_tables(columns, header, [[text] for text in texts], first=first, further=further)

    told = [" ".join(line.text for line in cell.lines) for part in parts for cell in part.cells]
    assert told == [" ".join(line.text for line in cell.lines) for cell in whole.cells]
    assert [cell.scope for part in parts for cell in part.cells] == ["Column", *([None] * len(texts))]
    header_height = -whole.rules[1]
    rounding = 0.001
    assert parts[0].height <= first + rounding
    assert all(part.cells and part.height + header_height <= further + rounding for part in parts[1:])


def test_a_row_higher_than_a_page_is_refused_with_its_measures() -> None:
    columns = [Column(60, Style(SANS, 12))]

    with pytest.raises(TextDoesNotFit) as caught:
        set_tables(columns, ["وحدة"], [["أحمد محمد " * 20]], first=80, further=100)

    assert caught.value.needed > 100 > caught.value.available


@pytest.mark.parametrize("first", [10, 40])
def test_a_place_too_low_for_the_header_and_a_row_is_refused_with_its_measures(first: float) -> None:
    columns = [Column(150, Style(SANS, 9))]

    with pytest.raises(TextDoesNotFit) as caught:
        set_tables(columns, ["الوحدة"], [["السلامة"], ["اللحام"]], first=first, further=200)

    assert caught.value.needed > caught.value.available == first
