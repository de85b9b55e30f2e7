"""Counters of failed logins are not evicted from the cache of the embedded mode; expired entries are deleted."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lms.caches import CountersCache


@pytest.fixture
def cache(tmp_path: Path) -> CountersCache:
    return CountersCache(str(tmp_path), {"OPTIONS": {"MAX_ENTRIES": 50_000}})


def test_counters_of_made_up_names_push_out_no_other(cache: CountersCache):
    cache.set("counter", [1], 300)
    for number in range(2000):
        cache.set(f"made-up-{number}", [1], 300)

    assert cache.get("counter") == [1]


def test_of_many_that_add_at_once_one_succeeds(cache: CountersCache):
    with ThreadPoolExecutor(8) as threads:
        for number in range(50):
            added = list(threads.map(lambda _, key=f"lock-{number}": cache.add(key, True, 10), range(8)))
            assert added.count(True) == 1


def test_an_entry_that_is_over_is_added_again(cache: CountersCache):
    cache.set("lock", True, timeout=0)

    assert [cache.add("lock", True, 10), cache.add("lock", True, 10)] == [True, False]


def test_what_is_over_is_thrown_away(cache: CountersCache, tmp_path: Path):
    for number in range(50):
        cache.set(f"over-{number}", [1], timeout=0)
    cache.set("counter", [1], 300)

    cache.delete_expired()

    assert len(list(tmp_path.iterdir())) == 1
    assert cache.get("counter") == [1]
