"""The clock of the demo's past."""

import datetime as dt

import pytest
from django.utils import timezone

from lms.demo.clock import at, moment, working_day

PAST = dt.datetime(2020, 2, 3, 10, tzinfo=dt.UTC)


def test_inside_it_is_that_moment_and_time_goes_on():
    with at(PAST):
        first, second = timezone.now(), timezone.now()
        today = timezone.localdate()

    assert PAST <= first <= second < PAST + dt.timedelta(minutes=1)
    assert today == PAST.date()


def test_afterwards_it_is_now_also_after_a_failure():
    with pytest.raises(LookupError), at(PAST):
        raise LookupError

    assert timezone.now() - PAST > dt.timedelta(days=2000)


def test_days_are_counted_from_today_even_in_the_past():
    outside = moment(-3, 9)

    with at(PAST):
        inside = moment(-3, 9)

    assert inside == outside


def test_a_friday_is_moved_to_the_day_before():
    days = [working_day(number) for number in range(7)]

    assert [day.weekday() for day in days].count(3) == 2
    assert 4 not in {day.weekday() for day in days}
