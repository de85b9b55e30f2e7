from collections.abc import Callable

import pytest
from PIL import Image

from tests.typesetting.goldens import GOLDENS, difference, path_of
from tests.typesetting.reading import pixels
from typesetting import Document, Style, set_line

TOLERANCE = 0.01


@pytest.mark.parametrize("golden", GOLDENS)
def test_a_page_looks_as_it_did(golden: Callable[[], bytes]) -> None:
    drawn = pixels(golden())

    with Image.open(path_of(golden)) as expected:
        assert drawn.size == expected.size
        assert difference(expected, drawn) <= TOLERANCE


def test_a_misplaced_mark_would_be_noticed() -> None:
    def page(text: str) -> Image.Image:
        document = Document(title="title")
        document.new_page((200, 80)).draw_line(set_line(text, Style(size=28)), 180, 30)
        return pixels(document.finish())

    assert difference(page("مُحَمَّد"), page("مَحُمَّد")) > TOLERANCE
