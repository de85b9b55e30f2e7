"""How long an attempt has."""

import datetime as dt
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assessment.deadlines import closing_time, milliseconds_left

BEGIN = dt.datetime(2026, 4, 23, 23, 30, tzinfo=dt.UTC)
limits = st.integers(1, 6 * 60).map(lambda minutes: dt.timedelta(minutes=minutes))
factors = st.sampled_from([Fraction(1), Fraction(5, 4), Fraction(4, 3), Fraction(3, 2), Fraction(2)])
grants = st.lists(st.integers(1, 3600).map(lambda seconds: dt.timedelta(seconds=seconds)), max_size=4)


@given(limits, factors, grants, st.integers(-(10**7), 10**7))
def test_the_time_left_is_limit_times_factor_and_grants_less_what_the_server_says_has_passed(
    limit: dt.timedelta, factor: Fraction, granted: list[dt.timedelta], passed_ms: int
):
    closes_at = closing_time(BEGIN, limit, factor=factor, granted=granted)

    left = milliseconds_left(closes_at, BEGIN + dt.timedelta(milliseconds=passed_ms))

    second = dt.timedelta(seconds=1)
    whole = -(-(limit // second) * factor // 1) + sum(grant // second for grant in granted)
    assert left == max(0, whole * 1000 - passed_ms)


@given(limits, factors, grants)
def test_a_grant_is_added_after_the_factor_and_in_any_order(
    limit: dt.timedelta, factor: Fraction, granted: list[dt.timedelta]
):
    without = closing_time(BEGIN, limit, factor=factor, granted=[])

    assert closing_time(BEGIN, limit, factor=factor, granted=granted[::-1]) == without + sum(  # type: ignore[operator]
        granted, dt.timedelta()
    )


def test_a_third_more_of_a_minute_is_rounded_up_in_whole_seconds():
    closes_at = closing_time(BEGIN, dt.timedelta(seconds=100), factor=Fraction(4, 3), granted=[])

    assert closes_at == BEGIN + dt.timedelta(seconds=134)


def test_without_a_limit_there_is_no_end():
    assert closing_time(BEGIN, None, factor=Fraction(1), granted=[]) is None
    assert milliseconds_left(None, BEGIN) is None
