"""Properties of the attendance policy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.attendance.policy import CURRENT, policy_of

rows = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 15)), max_size=60)
seconds = st.floats(0, 3 * 3600, allow_nan=False)


@given(rows, seconds)
def test_no_one_is_counted_for_more_minutes_than_were_held(beats, held):
    assert 0 <= CURRENT.minutes_counted(beats, seconds=held) <= CURRENT.held_minutes(held)


@given(rows, rows, seconds)
def test_a_second_device_never_reduces_minutes(one, other, held):
    together = CURRENT.minutes_counted(one + other, seconds=held)

    assert together >= max(CURRENT.minutes_counted(device, seconds=held) for device in (one, other))


@given(rows, seconds)
def test_the_same_beats_twice_or_in_another_order_count_the_same(beats, held):
    counted = CURRENT.minutes_counted(beats, seconds=held)

    assert CURRENT.minutes_counted(beats * 2, seconds=held) == counted
    assert CURRENT.minutes_counted(reversed(beats), seconds=held) == counted


@given(st.integers(15, 3 * 3600), st.floats(0, 14.9))
def test_who_beats_every_fifteen_seconds_is_counted_for_every_minute(held, offset):
    beats: list[tuple[int, int]] = []
    for beat in range(int(held // 15)):
        minute, bit = CURRENT.place(offset + 15 * beat)
        beats.append((minute, bit))

    assert CURRENT.minutes_counted(beats, seconds=held) == CURRENT.held_minutes(held)


@given(seconds)
def test_a_beat_lies_in_the_minute_of_its_time(after):
    minute, bit = CURRENT.place(after)

    assert minute == int(after // 60)
    assert bit in {1, 2, 4, 8}


@pytest.mark.parametrize(
    ("bits", "counted"), [(0b0001, 0), (0b1000, 0), (0b0011, 1), (0b1001, 1), (0b1111, 1)]
)
def test_a_minute_counts_with_two_of_four_beats(bits, counted):
    assert CURRENT.minutes_counted([(0, bits)], seconds=60) == counted


def test_beats_after_the_end_count_for_nothing():
    # Of the last minute 15 s were held, one quarter: a beat in it is enough, later ones are not.
    assert CURRENT.minutes_counted([(1, 0b0001)], seconds=75) == 1
    assert CURRENT.minutes_counted([(1, 0b0110)], seconds=75) == 0


@pytest.mark.parametrize(
    ("minutes", "status"),
    [(0, "absent"), (9, "absent"), (10, "late"), (14, "late"), (15, "present"), (20, "present")],
)
def test_three_quarters_is_present_and_half_is_late(minutes, status):
    assert CURRENT.status(minutes=minutes, held=20) == status


def test_a_session_is_read_by_the_policy_it_was_frozen_with():
    lenient = {**CURRENT.frozen(), "version": 0, "present_share": 0.1}

    assert policy_of(lenient).status(minutes=2, held=20) == "present"
