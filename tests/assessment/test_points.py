"""Points of an answer as people read them: never more than was earned."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from assessment.queries.marking import points_in_words
from assessment.scores import as_points


@pytest.mark.parametrize(
    ("mark", "points", "earned"),
    [
        ("0.5990", 10, "5.99"),
        ("0.5999", 10, "5.99"),
        ("1.0000", 10, "10"),
        ("0.0000", 10, "0"),
        ("0.0750", 10, "0.75"),
        # Two thirds, which are kept rounded down.
        ("0.6666", 3, "2"),
        ("0.3333", 30, "10"),
        ("0.5999", 30, "17.99"),
        ("0.5999", 200, "119.98"),
    ],
)
def test_points_are_rounded_down_to_two_places(mark: str, points: int, earned: str):
    assert as_points(Decimal(mark), points) == Decimal(earned)


def test_points_of_a_mark_are_said_with_all_their_places():
    with override("en"):
        said = [points_in_words(Decimal(earned), 10) for earned in ("0.75", "7.50", "10.00", "0.00")]
    with override("ar"):
        in_arabic = points_in_words(Decimal("0.75"), 10)

    assert said == ["0.75 of 10", "7.5 of 10", "10 of 10", "0 of 10"]
    assert "٠٫٧٥" in in_arabic
