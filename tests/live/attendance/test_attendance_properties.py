"""Properties that hold for any heartbeats."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.attendance.policy import CURRENT, Return

HOUR = 3600.0

beats = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 15)), max_size=40)
returns = st.lists(st.builds(Return, came=st.floats(0, HOUR), silent=st.floats(0, 200)), max_size=6)
devices_heard = st.lists(st.tuples(beats, returns), min_size=1, max_size=3)
lengths = st.floats(0, HOUR, allow_nan=False)


def counted(devices, held: float) -> int:
    rows = []
    for heard, came_back in devices:
        rows += heard
        rows += CURRENT.bridges(heard, came_back, seconds=held)
    return CURRENT.minutes_counted(rows, seconds=held)


@given(devices_heard, lengths)
def test_never_more_minutes_than_were_held(devices, held):
    assert 0 <= counted(devices, held) <= CURRENT.held_minutes(held)


@given(devices_heard, devices_heard, lengths)
def test_a_second_device_never_reduces_the_minutes_of_a_person(some, others, held):
    together = counted(some + others, held)

    assert together >= max(counted(some, held), counted(others, held))
    assert together <= counted(some, held) + counted(others, held) + len(some + others) * 60


@given(devices_heard, lengths)
def test_the_order_in_which_things_arrived_does_not_matter(devices, held):
    turned = [(heard[::-1] * 2, came_back[::-1]) for heard, came_back in reversed(devices)]

    assert counted(turned, held) == counted(devices, held)


@given(beats, returns, lengths)
def test_no_silence_above_ninety_seconds_is_ever_forgiven(heard, came_back, held):
    long = [back for back in came_back if back.silent > 90]

    assert CURRENT.bridges(heard, long, seconds=held) == []


@pytest.mark.parametrize(("silent", "forgiven"), [(1, True), (90, True), (90.001, False), (0, False)])
def test_a_silence_of_ninety_seconds_is_forgiven_and_not_one_of_more(silent: float, forgiven: bool):
    heard = [(minute, 0b1111) for minute in range(20)]

    assert bool(CURRENT.bridges(heard, [Return(came=600, silent=silent)], seconds=1200)) is forgiven


@given(st.floats(0, 4 * HOUR))
def test_checks_begin_apart_and_end_within_the_class(length):
    windows = CURRENT.check_windows(length)

    assert len(windows) == int(length // 1200)
    assert all(last + CURRENT.check_seconds <= length for _, last in windows)
    assert all(last + CURRENT.check_seconds <= first for (_, last), (first, _) in pairwise(windows))
