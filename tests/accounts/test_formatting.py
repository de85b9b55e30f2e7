"""Numbers, times, sizes and lists are written for a reader in one way, in the language that is active."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.translation import override
from pytest_django.fixtures import Settings

from accounts.services.formatting import (
    format_date,
    format_datetime,
    format_list,
    format_near_date,
    format_number,
    format_percent,
    format_size,
    in_workplace,
    localize_digits,
)

CAIRO = timezone.get_default_timezone()


def at(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, 29, hour, minute, tzinfo=CAIRO)


@pytest.mark.parametrize(
    ("moment", "arabic", "english"),
    [
        (at(16), "٤:٠٠ م", "4pm"),
        (at(16, 30), "٤:٣٠ م", "4:30pm"),
        (at(9, 5), "٩:٠٥ ص", "9:05am"),
        (at(0, 15), "١٢:١٥ ص", "12:15am"),
        (at(12), "١٢:٠٠ م", "12pm"),
    ],
)
def test_the_clock_has_twelve_hours(moment: dt.datetime, arabic: str, english: str):
    with override("ar"):
        assert format_datetime(moment, "TIME_FORMAT") == arabic
    with override("en"):
        assert format_datetime(moment, "TIME_FORMAT") == english


def test_a_moment_is_by_the_clock_of_the_ministry_and_has_the_comma_of_its_language():
    moment = dt.datetime(2026, 11, 29, 14, 30, tzinfo=dt.UTC)

    with override("ar"):
        assert format_datetime(moment, "LONG_DAY_TIME_FORMAT") == "الأحد ٢٩ نوفمبر، ٤:٣٠ م"
    with override("en"):
        assert format_datetime(moment, "LONG_DAY_TIME_FORMAT") == "Sunday 29 November, 4:30pm"


def test_a_day_is_written_with_its_month_by_name():
    with override("ar"):
        assert format_date(dt.date(2026, 11, 29)) == "٢٩ نوفمبر ٢٠٢٦"
    with override("en"):
        assert format_date(dt.date(2026, 11, 29)) == "29 November 2026"


def test_a_narrow_column_has_the_year_of_other_years_alone():
    this_year = timezone.localdate().year
    with override("en"):
        days = [format_near_date(dt.date(year, 11, 29)) for year in (this_year, this_year - 1)]

    assert days == ["29 November", f"29 November {this_year - 1}"]


@pytest.mark.parametrize(
    ("text", "arabic"),
    [
        ("2.5 مم² للمقابس", "٢٫٥ مم² للمقابس"),
        ("كابل Cat6 بطول 90 مترًا", "كابل Cat6 بطول ٩٠ مترًا"),
        ("المجموعة ELE-H2/CAI-03/1، 3 حصص", "المجموعة ELE-H2/CAI-03/1، ٣ حصص"),
        ("افتح https://mihna.example/ar/7/ قبل 9", "افتح https://mihna.example/ar/7/ قبل ٩"),
        ("اتصل على +20 2 1234 5678 قبل 5", "اتصل على +20 2 1234 5678 قبل ٥"),
        ("رقم \u2068CC-0000071\u2069 و\u206829\u2069 و29", "رقم \u2068CC-0000071\u2069 و\u206829\u2069 و٢٩"),
    ],
)
def test_codes_addresses_and_telephone_numbers_keep_their_digits(text: str, arabic: str):
    with override("ar"):
        assert localize_digits(text) == arabic
    with override("en"):
        assert localize_digits(text) == text


@pytest.mark.parametrize(
    ("size", "arabic", "english"),
    [
        (0, "٠ كيلوبايت", "0 KB"),
        (40, "٠٫١ كيلوبايت", "0.1 KB"),
        (71_400, "٧١٫٤ كيلوبايت", "71.4 KB"),
        (2_000_000, "٢ ميجابايت", "2 MB"),
        (1_234_000_000, "١٫٢ جيجابايت", "1.2 GB"),
    ],
)
def test_sizes_are_counted_as_data_plans_count_them(size: int, arabic: str, english: str):
    with override("ar"):
        assert format_size(size) == arabic
    with override("en"):
        assert format_size(size) == english


def test_numbers_and_lists_are_those_of_the_language():
    with override("ar"):
        assert (format_number(61.84), format_number(62), format_percent("62.80")) == ("٦١٫٨", "٦٢", "٦٢٪")
        assert format_list(["شبرا", "طنطا"]) == "شبرا، طنطا"
    with override("en"):
        assert (format_number(61.84), format_number(62), format_percent("62.80")) == ("61.8", "62", "62%")
        assert format_list(["Shubra", "Tanta"]) == "Shubra, Tanta"


def test_the_workplace_and_sites_with_latin_digits_have_latin_ones(settings: Settings):
    with override("ar"):
        token = in_workplace.set(True)
        assert format_percent(62) == "62%"
        in_workplace.reset(token)

        settings.DIGITS_STYLE = "latn"
        assert format_datetime(at(16), "TIME_FORMAT") == "4:00 م"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("59.99"), "59%"), ("59.60", "59%"), (60, "60%"), (0.29 * 100, "29%"), (99.7, "99%")],
)
def test_a_score_below_a_pass_mark_never_reads_as_the_pass_mark(value: float | str | Decimal, shown: str):
    with override("en"):
        assert format_percent(value) == shown
