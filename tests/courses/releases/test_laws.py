"""Laws of releases: whatever was accepted, every unit is reached before the cohort ends."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from courses.releases import Release, circle_of, closes, left_of
from tests.hypothesis_budget import examples

BEGIN = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
END = BEGIN + dt.timedelta(days=30)
UNITS = [f"unit-{number}" for number in range(6)]

dates = st.none() | st.integers(0, 30).map(lambda day: BEGIN + dt.timedelta(days=day))
releases = st.builds(Release, dates, st.lists(st.sampled_from(UNITS), max_size=3, unique=True).map(tuple))
requests = st.lists(st.tuples(st.sampled_from(UNITS), releases), max_size=15)


def accepted(asked: list[tuple[str, Release]]) -> dict[str, Release]:
    """What is left after each request in turn was accepted, or refused because of a circle."""
    kept: dict[str, Release] = {}
    for unit, release in asked:
        wanted = {**kept, unit: release}
        if not circle_of(unit, {key: one.after for key, one in wanted.items()}):
            kept = wanted
    return kept


@settings(max_examples=examples(0.5))
@given(asked=requests, taught=st.sets(st.sampled_from(UNITS)), optional=st.sets(st.sampled_from(UNITS)))
def test_every_unit_is_reached_before_the_cohort_ends_whatever_the_content_became(
    asked: list[tuple[str, Release]], taught: set[str], optional: set[str]
):
    kept = accepted(asked)

    done: set[str] = set()
    for day in range(31):
        now = BEGIN + dt.timedelta(days=day)
        while opened := {
            unit
            for unit in taught - done
            if not left_of(kept.get(unit, Release()), now=now, done=done, required=taught - optional)
        }:
            done |= opened

    assert done == taught


@settings(max_examples=examples(0.5))
@given(asked=requests)
def test_a_circle_is_named_in_the_order_in_which_its_units_wait(asked: list[tuple[str, Release]]):
    after = {unit: release.after for unit, release in asked}

    circles = [circle for unit in after if (circle := circle_of(unit, after))]

    for circle in circles:
        assert all(
            needed in after[unit] for unit, needed in zip(circle, [*circle[1:], circle[0]], strict=True)
        )


def test_a_unit_opens_at_its_very_instant():
    release = Release(BEGIN)
    a_tick = dt.timedelta(microseconds=1)

    assert left_of(release, now=BEGIN - a_tick, done=(), required=())
    assert not left_of(release, now=BEGIN, done=(), required=())
    assert not left_of(release, now=BEGIN + a_tick, done=(), required=())


def test_only_a_released_unit_is_closed_by_a_later_date_or_one_more_unit():
    later, now = Release(END), BEGIN

    assert closes(Release(), later, now=now)
    assert closes(Release(BEGIN), Release(BEGIN, ("unit-0",)), now=now)
    assert not closes(later, Release(END + dt.timedelta(days=1)), now=now)
    assert not closes(Release(None, ("unit-0", "unit-1")), Release(None, ("unit-1",)), now=now)
    assert not closes(later, Release(), now=now)
