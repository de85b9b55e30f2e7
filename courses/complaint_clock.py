"""The clock of a complaint, read from its events: when an answer is due, and when the next level is asked.

Independent of the database. Time is owed in working days of 24 hours and passes on working days only. It is stopped while the
citizen is asked something, for as long as the terms say at most, so that a question cannot stop it for good. A day is one of the ministry's time zone;
on the two days a year on which clocks change, 24 hours are still 24 hours.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from courses.enums import ComplaintEventKind, ComplaintLevel, ComplaintState

type IsWorked = Callable[[dt.date], bool]
# From one moment to another one.
type Pause = tuple[dt.datetime, dt.datetime]

DAY = dt.timedelta(days=1)


class Terms(NamedTuple):
    """What is owed, frozen when the complaint was made: working days to answer and to take it, days that a question waits."""

    days_owed: int
    days_to_take: int
    days_to_wait: int


class Step(NamedTuple):
    """What the clock reads of an event. `level` is who is asked from then on."""

    kind: str
    at: dt.datetime
    level: int | None = None


@dataclass
class Reading:
    """What the events say. `rises_at` are the two moments at which the next level is asked, unless something is done before."""

    state: ComplaintState
    level: int
    due_at: dt.datetime | None
    # Until when the clock is stopped, at most; None while it runs.
    stopped_until: dt.datetime | None
    rises_at: tuple[dt.datetime, dt.datetime] | None
    closed_at: dt.datetime | None


@dataclass
class _Round:
    """From the making or reopening of a complaint to its closing."""

    since: dt.datetime
    level: int
    # Since when no one has taken it; None once somebody has.
    free_since: dt.datetime | None
    pauses: list[Pause] = field(default_factory=list)
    is_asked: bool = False
    closed_at: dt.datetime | None = None


def read_clock(steps: Sequence[Step], terms: Terms, *, is_worked: IsWorked, zone: ZoneInfo) -> Reading:
    """Read the events of one complaint in their order, from its making on."""
    current = _last_round(steps, terms)
    if current.closed_at is not None:
        return Reading(ComplaintState.CLOSED, current.level, None, None, None, current.closed_at)

    def after(since: dt.datetime, days: int) -> dt.datetime:
        return moment_after(since, days * DAY, current.pauses, is_worked=is_worked, zone=zone)

    due_at = after(current.since, terms.days_owed)
    first = (
        due_at if current.free_since is None else min(due_at, after(current.free_since, terms.days_to_take))
    )
    return Reading(
        state=_state_of(current),
        level=current.level,
        due_at=due_at,
        stopped_until=current.pauses[-1][1] if current.is_asked else None,
        rises_at=(first, after(first, terms.days_to_take)),
        closed_at=None,
    )


def _state_of(current: _Round) -> ComplaintState:
    if current.is_asked:
        return ComplaintState.ASKED
    return ComplaintState.NEW if current.free_since else ComplaintState.TAKEN


def _last_round(steps: Iterable[Step], terms: Terms) -> _Round:
    steps = iter(steps)
    made = next(steps)
    current = _Round(made.at, made.level or ComplaintLevel.CENTER, made.at)
    for kind, at, level in steps:
        match kind:
            case ComplaintEventKind.TAKEN:
                current.free_since, current.level = None, level or current.level
            case ComplaintEventKind.ASKED:
                current.is_asked = True
                current.pauses.append((at, at + terms.days_to_wait * DAY))
            case ComplaintEventKind.REPLIED if current.is_asked:
                current.is_asked = False
                asked_at, latest = current.pauses.pop()
                current.pauses.append((asked_at, min(latest, at)))
            case ComplaintEventKind.HANDED_OVER:
                current.free_since, current.level = at, level or current.level
            case ComplaintEventKind.CLOSED:
                current.closed_at = at
            case ComplaintEventKind.REOPENED:
                current = _Round(at, level or current.level, at)
    return current


def moment_after(
    since: dt.datetime,
    owed: dt.timedelta,
    pauses: Sequence[Pause],
    *,
    is_worked: IsWorked,
    zone: ZoneInfo,
) -> dt.datetime:
    """The first moment at which `owed` working time has passed since `since`, without the pauses."""
    left = owed
    for begins, ends in _spans(since, pauses, zone):
        if not is_worked(begins.astimezone(zone).date()):
            continue
        if left <= ends - begins:
            return begins + left
        left -= ends - begins
    raise AssertionError("Spans never end.")


def worked_between(
    since: dt.datetime,
    until: dt.datetime,
    pauses: Sequence[Pause],
    *,
    is_worked: IsWorked,
    zone: ZoneInfo,
) -> dt.timedelta:
    """The working time that passed between two moments, without the pauses."""
    passed = dt.timedelta()
    for begins, ends in _spans(since, pauses, zone):
        if begins >= until:
            break
        if is_worked(begins.astimezone(zone).date()):
            passed += min(ends, until) - begins
    return passed


def _spans(since: dt.datetime, pauses: Sequence[Pause], zone: ZoneInfo) -> Iterator[Pause]:
    """The time from `since` on that is in no pause, cut at each midnight. Without an end."""
    now = since.astimezone(dt.UTC)
    ahead = sorted(pause for pause in pauses if pause[1] > now)
    while True:
        while ahead and ahead[0][0] <= now:
            now = max(now, ahead.pop(0)[1].astimezone(dt.UTC))
        tomorrow = now.astimezone(zone).date() + DAY
        ends = dt.datetime.combine(tomorrow, dt.time.min, tzinfo=zone).astimezone(dt.UTC)
        if ahead:
            ends = min(ends, ahead[0][0].astimezone(dt.UTC))
        yield now, ends
        now = ends
