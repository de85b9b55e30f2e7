"""Numbers in the digits of the page."""

import pytest
from django.utils.translation import override

from lms.templatetags.mihna import percent


@pytest.mark.parametrize("value", [62, 61.8, "61.80", "62"])
def test_a_percentage_is_whole_whatever_it_is_kept_as(value: float | str):
    with override("ar"):
        arabic = percent(value)
    with override("en"):
        english = percent(value)

    assert (arabic, english) == ("٦٢٪", "62%")
