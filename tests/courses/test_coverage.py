"""Properties of watched coverage."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from courses import coverage
from courses.coverage import BURST_BUCKETS, CreditLimit, bitmap, count, credit, members, union, within

NOON = dt.datetime(2026, 4, 24, 12, tzinfo=dt.UTC)

buckets = st.sets(st.integers(0, 400))
bitmaps = buckets.map(bitmap)
seconds = st.floats(0, 5000)


@given(buckets)
def test_a_bitmap_gives_back_its_buckets(some: set[int]):
    assert members(bitmap(some)) == sorted(some)
    assert count(bitmap(some)) == len(some)


@given(bitmaps, bitmaps, bitmaps)
def test_merging_is_idempotent_and_free_of_order(a: bytes, b: bytes, c: bytes):
    assert union(a, a) == a
    assert union(a, b) == union(b, a)
    assert union(a, union(b, c)) == union(union(a, b), c)


@given(bitmaps, bitmaps)
def test_merging_never_loses_and_never_counts_twice(a: bytes, b: bytes):
    merged = union(a, b)

    assert max(count(a), count(b)) <= count(merged) <= count(a) + count(b)
    assert set(members(merged)) == set(members(a)) | set(members(b))


@given(bitmaps, st.integers(0, 500))
def test_a_shorter_video_drops_what_lies_past_its_end(a: bytes, total: int):
    assert members(within(a, total)) == [bucket for bucket in members(a) if bucket < total]


@given(bitmaps, buckets, st.floats(0, BURST_BUCKETS))
def test_no_report_is_credited_beyond_the_limit(watched: bytes, reported: set[int], allowed: float):
    after, left = credit(watched, reported, CreditLimit(allowed, NOON))

    gained = count(after) - count(watched)
    assert gained <= allowed
    assert left.buckets == allowed - gained >= 0
    assert set(members(watched)) <= set(members(after)) <= set(members(watched)) | reported


@given(bitmaps, buckets)
def test_a_report_repeated_costs_and_adds_nothing(watched: bytes, reported: set[int]):
    once, left = credit(watched, reported, CreditLimit(len(reported), NOON))

    assert credit(once, reported, left) == (once, left)


@given(st.lists(buckets, max_size=6), st.randoms())
def test_reports_within_the_credit_may_come_in_any_order(reports: list[set[int]], random):
    shuffled = random.sample(reports, len(reports))

    ends = []
    for order in (reports, shuffled):
        watched, credit_limit = b"", CreditLimit(sum(map(len, reports)), NOON)
        for report in order:
            watched, credit_limit = credit(watched, report, credit_limit)
        ends.append((watched, credit_limit))

    assert ends[0] == ends[1]


@given(st.lists(st.tuples(seconds, buckets), max_size=8))
def test_credit_never_outruns_twice_the_time_that_passed(reports: list[tuple[float, set[int]]]):
    watched, credit_limit, now = b"", CreditLimit(0, NOON), NOON
    for elapsed, reported in reports:
        now += dt.timedelta(seconds=elapsed)
        watched, credit_limit = credit(watched, reported, credit_limit.replenished(now))

    watched_seconds = count(watched) * coverage.BUCKET_SECONDS
    assert watched_seconds <= (now - NOON).total_seconds() * coverage.TOP_SPEED + 1e-6


@given(st.floats(0, BURST_BUCKETS), st.lists(seconds, min_size=1, max_size=5))
def test_waiting_in_steps_earns_no_more_than_waiting_at_once(start: float, waits: list[float]):
    stepwise, now = CreditLimit(start, NOON), NOON
    for wait in waits:
        now += dt.timedelta(seconds=wait)
        stepwise = stepwise.replenished(now)

    assert abs(stepwise.buckets - CreditLimit(start, NOON).replenished(now).buckets) < 1e-6
    assert stepwise.buckets <= BURST_BUCKETS


def test_a_clock_that_goes_back_earns_nothing():
    before = CreditLimit(3, NOON)

    assert before.replenished(NOON - dt.timedelta(hours=1)) == before


@given(st.integers(1, 500), st.integers(0, 500))
def test_ninety_percent_counts_as_watched(total: int, seen: int):
    seen = min(seen, total)

    assert coverage.is_covered(seen, total) == (seen / total >= 0.9)
    assert not coverage.is_covered(0, 0)


@given(st.integers(1, 43_200))
def test_the_last_bucket_of_a_video_may_be_short(length: int):
    total = coverage.buckets_of(length)

    assert (total - 1) * coverage.BUCKET_SECONDS < length <= total * coverage.BUCKET_SECONDS
