"""One mobile number, many spellings."""

import pytest

from accounts.services.logins import normalize_login
from accounts.services.phones import NotAMobileNumber, masked_phone, normalize_phone, readable_phone


@pytest.mark.parametrize(
    "typed",
    [
        "01012345678",
        "٠١٠١٢٣٤٥٦٧٨",
        "۰۱۰۱۲۳۴۵۶۷۸",
        "010 1234 5678",
        "010-1234-5678",
        "+201012345678",
        "+20 10 1234 5678",
        "00201012345678",
        "٠٠٢٠ ١٠ ١٢٣٤ ٥٦٧٨",
        "\u202a+20 10 1234 5678\u202c",
        "201012345678",
    ],
)
def test_every_spelling_of_a_number_is_the_same_number(typed: str):
    assert normalize_phone(typed) == "+201012345678"


@pytest.mark.parametrize(
    ("number", "written"),
    [("+201012345678", "010 12345678"), ("+249911231234", "+249 91 123 1234"), ("", "")],
)
def test_a_number_is_written_as_people_of_its_country_do(number: str, written: str):
    assert readable_phone(number) == written


def test_a_foreign_mobile_keeps_its_country():
    assert normalize_phone("00249 91 123 1234") == "+249911231234"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "0101234567",
        "01312345678",
        "0223456789",
        "0101234567a",
        "01012345²78",
        "01012345678x5",
        "+",
        "٠١٠",
        "1" * 400,
    ],
)
def test_what_is_no_mobile_number_is_refused(typed: str):
    with pytest.raises(NotAMobileNumber):
        normalize_phone(typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" ٠١٠١٢٣٤٥٦٧٨ ", "+201012345678"),
        ("Mona.Hassan", "mona.hassan"),
        ("ＭＯＮＡ", "mona"),
        ("mo\u200bna", "mona"),
        ("موظّف٣", "موظف3"),
        ("MONA@Example.org", "mona@example.org"),
    ],
)
def test_a_typed_login_has_one_spelling(typed: str, stored: str):
    assert normalize_login(typed) == stored


@pytest.mark.parametrize(
    ("number", "shown"), [("+201012345678", "010 •••••678"), ("+966501234567", "+966 •• ••• •567"), ("", "")]
)
def test_a_masked_number_keeps_three_digits_at_each_end(number: str, shown: str):
    assert masked_phone(number) == shown
