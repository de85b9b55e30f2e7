"""Blocking reasons are sentences: in Arabic, a slash between two numbers can be read in either order."""

import pytest
from django.utils.translation import override

from certificates.enums import BlockingReason
from certificates.templatetags.certificates import block_detail, block_sentence


@pytest.mark.parametrize(
    ("detail", "arabic", "english"),
    [
        ("25 / 75 %", "٢٥٪، والمطلوب ٧٥٪", "25% of the required 75%"),
        ("– / 60 %", "–، والمطلوب ٦٠٪", "– of the required 60%"),
        ("CAI-86/2026/000001", "CAI-86/2026/000001", "CAI-86/2026/000001"),
    ],
)
def test_a_share_below_the_rule_is_said_in_words(detail: str, arabic: str, english: str):
    with override("ar"):
        assert block_detail(detail) == arabic
    with override("en"):
        assert block_detail(detail) == english


def test_attendance_below_the_rule_is_said_of_women_and_men():
    with override("ar"):
        assert block_sentence(BlockingReason.ATTENDANCE.value) == "الحضور أقل مما تشترطه القاعدة"
