"""What may be a slip of the keyboard in a question."""

import pytest

from assessment.queries.bank_pages import MOST_HINTS, hints_on
from assessment.typing_hints import Slip, hints_on_number, hints_on_text
from tests.factories.bank import both, drafted, items


@pytest.mark.parametrize(
    ("text", "slip", "better"),
    [
        ("الجهد ٢20 فولت", Slip.MIXED_DIGITS, "الجهد 220 فولت"),
        ("القـــاطع", Slip.TATWEEL, "القاطع"),
        ("قاطع\u200f", Slip.INVISIBLE, ""),
        ("کابل", Slip.OTHER_KEYBOARD, "كابل"),
        ("\u0391mper", Slip.MIXED_ALPHABETS, ""),
        ("الارضي", Slip.HAMZA, "الأرضي"),
        ("امبير", Slip.HAMZA, "أمبير"),
        ("إستخدام", Slip.HAMZA, "استخدام"),
        ("المقاومه", Slip.ENDING, "المقاومة"),
        ("الذى", Slip.ENDING, "الذي"),
        ("كهربائيه", Slip.ENDING, "كهربائية"),
    ],
)
def test_a_slip_is_named_with_what_may_be_meant(text: str, slip: Slip, better: str) -> None:
    assert [(hint.slip, hint.better) for hint in hints_on_text(text)] == [(slip, better)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ما أول خطوة قبل العمل على دائرة كهربائية؟",
        "مياه",
        "وجه",
        "NaCl",
        "220 V",
        "٢٢٠ فولت",
        "2.5 mm²",
        "فيه أشباه",
        "يُفصل [[1]] ثم يُقاس الجهد بـ [[2]]، وهو ٢٢٠ فولت",
        "الـ[[١]] ولـ [[2]] والـ [[3]] في 3 خطوات",
    ],
)
def test_what_is_typed_well_has_no_hint(text: str) -> None:
    assert hints_on_text(text) == []


def test_a_comma_in_a_number_is_asked_about() -> None:
    assert [hint.better for hint in hints_on_number("1,5")] == ["1.5"]
    assert hints_on_number("1.5") == []
    assert hints_on_number("٣٫١٤") == []


def test_hints_name_their_field_and_are_few() -> None:
    draft = drafted(
        "short_text",
        text=both("ما إسم الجهاز الذى يقيس؟"),
        accepted=items(*(f"ميــجر{n}" for n in range(20))),
    )

    hints = hints_on(draft)

    assert [one.hint.typed for one in hints[:2]] == ["إسم", "الذى"]
    assert len(hints) == MOST_HINTS
