"""Numbers and codes in Arabic lists and tables are printed in the order in which they are typed."""

import datetime as dt
from typing import Any

import pypdfium2
import pytest

from certificates.drawing import CertificateData, draw_certificate
from tests.certificates.designs import SITE, built_in

CODES = {"code": "7930-XQ12-0109-R", "identity": "•••• 1234", "number": "12-CAI/2026/000007"}
PLACE = {"side": "page", "x": 20, "y": 20, "width": 200, "height": 20}


def letters(block: dict[str, Any]) -> tuple[str, list[float]]:
    """What a page with this block shows from left to right, without spaces and Arabic, and the left edge of each letter."""
    pdf = draw_certificate(
        CertificateData(
            number=CODES["number"],
            code=CODES["code"].replace("-", ""),
            issued_on=dt.date(2026, 9, 28),
            claims={"identity": {"kind": "passport", "last4": "1234"}, "level_en": "Level 2 (skilled)"},
            design={**built_in("completion"), "blocks": [block]},
            verify_url=SITE,
        )
    )
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    seen = [
        (text.get_charbox(place)[0], text.get_text_range(place, 1)) for place in range(text.count_chars())
    ]
    shown = sorted(found for found in seen if found[1].strip() and not "\u0600" <= found[1] <= "\u06ff")
    return "".join(letter for _, letter in shown), [left for left, _ in shown]


def a_list(fact: str, language: str = "ar") -> dict[str, Any]:
    rows = [{"label": "الرمز", "fact": fact}]
    return {
        "kind": "list", "place": PLACE, "language": language, "rows": rows,
        "label_width": 40, "size": 10, "min_size": 6,
    }  # fmt: skip


def a_table(fact: str) -> dict[str, Any]:
    columns = [{"header": "الرمز", "fact": fact}]
    return {
        "kind": "table", "place": PLACE, "language": "ar", "columns": columns, "size": 10, "min_size": 6,
    }  # fmt: skip


@pytest.mark.parametrize("fact", CODES)
@pytest.mark.parametrize("block", [a_list, a_table])
def test_a_code_in_arabic_is_read_from_left_to_right(block: Any, fact: str):
    assert letters(block(fact))[0] == CODES[fact].replace(" ", "")


def test_an_english_fact_in_an_arabic_list_keeps_its_order():
    assert letters(a_list("level_en"))[0] == "Level2(skilled)"


def test_a_code_is_aligned_to_the_side_of_its_list():
    _, in_arabic = letters(a_list("code"))
    _, in_english = letters(a_list("code", "en"))

    # The place of the values is from 20 mm to 180 mm in Arabic, from 60 mm to 220 mm in English.
    assert max(in_arabic) > 170 * 72 / 25.4
    assert min(in_english) == pytest.approx(60 * 72 / 25.4, abs=1)
