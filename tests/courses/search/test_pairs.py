"""Quality of the search: seven hundred queries as trainees type them, on a catalog of ninety programs."""

from collections import Counter

import pytest

from courses.models import CatalogPage
from tests.courses.search.world import Pair, build_catalog, codes_found, pairs

SHARE_RIGHT = 0.95
# Searches that find nothing although a program is meant.
SHARE_EMPTY = 0.01


@pytest.fixture
def catalogs(db: None) -> dict[str, CatalogPage]:
    return build_catalog()


@pytest.mark.engines("searches seven hundred times: five seconds")
def test_the_first_program_is_right_and_hardly_any_search_finds_nothing(
    catalogs: dict[str, CatalogPage],
):
    asked = {pair: codes_found(catalogs[pair.lang], pair.q) for pair in pairs()}

    report(asked)
    # Numbers only: a failure does not tell which of the held-out pairs it was.
    held_out = {pair: found for pair, found in asked.items() if pair.is_held_out}
    empty = sum(not found and not pair.none for pair, found in asked.items()) / len(asked)
    assert (share_right(asked) >= SHARE_RIGHT, share_right(held_out) >= SHARE_RIGHT) == (True, True)
    assert empty <= SHARE_EMPTY


def share_right(asked: dict[Pair, list[str]]) -> float:
    return sum(pair.is_right(found) for pair, found in asked.items()) / len(asked)


def report(asked: dict[Pair, list[str]]) -> None:
    """Print the totals of each class, and the misses that the search may be tuned by."""
    totals: Counter[tuple[bool, str]] = Counter()
    right: Counter[tuple[bool, str]] = Counter()
    also: Counter[bool] = Counter()
    wanted: Counter[bool] = Counter()
    for pair, found in asked.items():
        group = (pair.is_held_out, pair.kind)
        totals[group] += 1
        right[group] += pair.is_right(found)
        wanted[pair.is_held_out] += len(pair.also)
        also[pair.is_held_out] += len(set(pair.also).intersection(found))
        if not pair.is_held_out and not pair.is_right(found):
            print(f"{pair.kind}: {pair.q} -> {found[:4]} ({len(found)}), not {pair.first[:5]}")
    for held_out in (False, True):
        for _held_out, kind in sorted(group for group in totals if group[0] is held_out):
            group = (held_out, kind)
            print("held out" if held_out else "tuning", kind, right[group], "of", totals[group])
        print("also found:", also[held_out], "of", wanted[held_out])
