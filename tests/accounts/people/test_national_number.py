"""What a national number encodes, and which ones are refused."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Sex
from accounts.models import Governorate
from accounts.services.national_number import (
    BIRTH_PLACES,
    BadNationalNumber,
    BirthDateInTheFuture,
    ImpossibleBirthDate,
    NotOnlyDigits,
    UnknownBirthPlace,
    UnknownCentury,
    WrongLength,
    parse_national_number,
)

TODAY = dt.date(2026, 11, 25)


def test_a_number_encodes_birth_date_place_and_sex():
    read = parse_national_number("29001011234567", today=TODAY)

    assert (read.birth_date, read.birth_governorate, read.sex) == (dt.date(1990, 1, 1), "12", Sex.FEMALE)


@pytest.mark.parametrize(
    "typed", ["٢٩٠٠١٠١١٢٣٤٥٦٧", "۲۹۰۰۱۰۱۱۲۳۴۵۶۷", "2 900101 12 3456 7", "2-900101-12-3456-7"]
)
def test_arabic_digits_and_spaces_are_welcome(typed: str):
    assert parse_national_number(typed, today=TODAY).number == "29001011234567"


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("2900101123456a", NotOnlyDigits),
        ("2900101123456²", NotOnlyDigits),
        ("2900101123456½", NotOnlyDigits),
        ("२९००१०११२३४५६७", NotOnlyDigits),
        ("", NotOnlyDigits),
        ("2900101123456", WrongLength),
        ("290010112345678", WrongLength),
        ("19001011234567", UnknownCentury),
        ("29002301234567", ImpossibleBirthDate),
        ("29013011234567", ImpossibleBirthDate),
        ("32612311234567", BirthDateInTheFuture),
        ("29001010534567", UnknownBirthPlace),
    ],
)
def test_a_refusal_names_the_digits_to_compare(typed: str, refusal: type[BadNationalNumber]):
    with pytest.raises(refusal) as raised:
        parse_national_number(typed, today=TODAY)

    assert str(raised.value)


def test_the_check_digit_only_warns():
    warnings = [
        not parse_national_number(f"2900101123456{k}", today=TODAY).check_digit_fits for k in range(10)
    ]

    assert warnings.count(False) == 1


@given(st.text(max_size=20))
def test_no_text_breaks_the_reader(text: str):
    try:
        read = parse_national_number(text, today=TODAY)
    except BadNationalNumber as refusal:
        assert str(refusal)
    else:
        assert len(read.number) == 14


def test_every_birth_place_is_a_governorate_on_file(db: None):
    assert set(Governorate.objects.values_list("nid_code", flat=True)) >= BIRTH_PLACES
    assert Governorate.objects.get(nid_code="88").name_ar == "خارج الجمهورية"
