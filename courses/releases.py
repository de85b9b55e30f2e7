"""When a unit of a cohort opens: at a time, after other units, or both. Free of Django; units are named by their keys.

Two laws hold for every set of releases that services accept, whatever becomes of the content afterwards: no unit waits for itself,
however indirectly, and no date is after the end of the cohort. So a trainee who completes what is open gets to every unit.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Release:
    """`opens_at` is None without a date; `after` are the units to complete first. Both empty: open from the beginning."""

    opens_at: dt.datetime | None = None
    after: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.opens_at is not None or bool(self.after)


def left_of(
    release: Release, *, now: dt.datetime, done: Collection[str], required: Collection[str]
) -> Release:
    """What of a release is still to come; empty where the unit is open, from the very instant of its date.

    `required` are the required units of the content today. Units that are gone, or became optional, are waited for by no one.
    """
    is_to_come = release.opens_at is not None and release.opens_at > now
    after = tuple(unit for unit in release.after if unit in required and unit not in done)
    return Release(release.opens_at if is_to_come else None, after)


def closes(before: Release, release: Release, *, now: dt.datetime) -> bool:
    """Whether a release would close a unit whose date has come, to people who have not opened it yet."""
    was_released = before.opens_at is None or before.opens_at <= now
    is_later = release.opens_at is not None and release.opens_at > now
    return was_released and (is_later or not set(release.after) <= set(before.after))


def circle_of(unit: str, after: Mapping[str, Collection[str]]) -> list[str]:
    """The units that lead from one back to itself, in order, itself first; empty where none do."""
    reached_from: dict[str, str] = {}
    ahead = [unit]
    while ahead:
        here = ahead.pop()
        for needed in after.get(here, ()):
            if needed == unit:
                return _way(unit, here, reached_from)
            if needed not in reached_from:
                reached_from[needed] = here
                ahead.append(needed)
    return []


def _way(unit: str, last: str, reached_from: Mapping[str, str]) -> list[str]:
    way = [last]
    while way[-1] != unit:
        way.append(reached_from[way[-1]])
    return way[::-1]
