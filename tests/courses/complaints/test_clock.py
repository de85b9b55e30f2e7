"""The clock of a complaint: what is owed is owed, whatever stops it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.complaint_clock import Reading, Step, Terms, moment_after, read_clock, worked_between
from courses.enums import ComplaintEventKind as Kind
from courses.enums import ComplaintLevel as Level
from courses.enums import ComplaintState as State

CAIRO = ZoneInfo("Africa/Cairo")
TERMS = Terms(days_owed=5, days_to_take=2, days_to_wait=14)
HOLIDAYS = {dt.date(2026, 4, 12), dt.date(2026, 4, 13)}


def is_worked(day: dt.date) -> bool:
    return day.weekday() not in {4, 5} and day not in HOLIDAYS


def at(month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=CAIRO)


def read(*steps: Step) -> Reading:
    return read_clock(
        [Step(Kind.FILED, steps[0].at, Level.CENTER), *steps[1:]], TERMS, is_worked=is_worked, zone=CAIRO
    )


def made(month: int, day: int, hour: int = 10) -> Step:
    return Step(Kind.FILED, at(month, day, hour), Level.CENTER)


def test_it_goes_on_working_days():
    # Wednesday: Thursday, then Sunday and Monday are holidays, then three days, then the weekend.
    assert read(made(4, 8)).due_at == at(4, 19)


def test_what_comes_on_a_friday_counts_from_sunday_on():
    assert read(made(11, 6)).due_at == at(11, 13, 0)


def test_it_stands_while_the_citizen_is_asked_and_goes_on_with_the_answer():
    asked = [made(11, 1), Step(Kind.TAKEN, at(11, 1)), Step(Kind.ASKED, at(11, 2))]

    standing = read(*asked)
    replied = read(*asked, Step(Kind.REPLIED, at(11, 4)))

    assert (standing.state, standing.stopped_until) == (State.ASKED, at(11, 16))
    assert (replied.state, replied.stopped_until, replied.due_at) == (State.TAKEN, None, at(11, 10))


def test_a_question_does_not_stop_it_for_good():
    asked = [made(11, 1), Step(Kind.ASKED, at(11, 2))]

    assert read(*asked).due_at == read(*asked, Step(Kind.REPLIED, at(12, 31))).due_at == at(11, 22)


def test_the_next_level_is_asked_where_nobody_takes_it_and_where_it_is_due():
    untaken = read(made(11, 1))
    taken = read(made(11, 1), Step(Kind.TAKEN, at(11, 2), Level.CENTER))

    assert untaken.rises_at == (at(11, 3), at(11, 5))
    assert taken.rises_at == (at(11, 8), at(11, 10))


def test_a_reopened_one_has_a_clock_of_its_own_at_the_level_it_names():
    again = read(
        made(11, 1),
        Step(Kind.TAKEN, at(11, 1), Level.CENTER),
        Step(Kind.CLOSED, at(11, 3)),
        Step(Kind.REOPENED, at(11, 9), Level.GOVERNORATE),
    )

    assert (again.state, again.level, again.due_at) == (State.NEW, Level.GOVERNORATE, at(11, 16))


def test_a_day_without_the_hour_of_the_clock_change_is_no_longer_for_it():
    # On 24 April the clock goes from 0:00 to 1:00, on a Friday; Thursday 23 and Sunday 26 are whole.
    assert moment_after(at(4, 23, 12), dt.timedelta(days=1), [], is_worked=is_worked, zone=CAIRO) == at(
        4, 26, 12
    )


MINUTES = st.integers(min_value=0, max_value=60 * 24 * 60)
MARCH = dt.datetime(2026, 3, 25, tzinfo=dt.UTC)


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """A complaint that is taken, asked about and answered any number of times, in order."""
    moments = sorted(draw(st.lists(MINUTES, min_size=1, max_size=9, unique=True)))
    kinds = [Kind.FILED, Kind.TAKEN, *[Kind.ASKED, Kind.REPLIED] * 4]
    return [
        Step(kind, MARCH + dt.timedelta(minutes=minute), Level.CENTER)
        for kind, minute in zip(kinds, moments, strict=False)
    ]


def pauses_of(steps: list[Step]) -> list[tuple[dt.datetime, dt.datetime]]:
    """Reckoned here in another way than there: from each question to the step after it."""
    latest = dt.timedelta(days=TERMS.days_to_wait)
    return [
        (step.at, min(step.at + latest, steps[place + 1].at) if place + 1 < len(steps) else step.at + latest)
        for place, step in enumerate(steps)
        if step.kind == Kind.ASKED
    ]


@given(histories(), st.integers(min_value=1, max_value=20))
def test_pauses_neither_shorten_nor_lengthen_what_is_owed(steps: list[Step], days: int):
    terms = TERMS._replace(days_owed=days)

    due_at = read_clock(steps, terms, is_worked=is_worked, zone=CAIRO).due_at

    assert due_at is not None
    minutes = worked_minutes(steps[0].at, due_at, pauses_of(steps))
    assert minutes == days * 24 * 60
    passed = worked_between(steps[0].at, due_at, pauses_of(steps), is_worked=is_worked, zone=CAIRO)
    assert passed == dt.timedelta(days=days)


def worked_minutes(
    since: dt.datetime, until: dt.datetime, pauses: list[tuple[dt.datetime, dt.datetime]]
) -> int:
    """Counted hour by hour where nothing happens, else minute by minute."""
    now, count = since, 0
    edges = {until, *(edge for pause in pauses for edge in pause)}
    while now < until:
        step = next(
            size
            for size in (60, 1)
            if size == 1
            or (
                not any(now < edge < now + dt.timedelta(minutes=size) for edge in edges)
                and now.astimezone(CAIRO).date()
                == (now + dt.timedelta(minutes=size - 1)).astimezone(CAIRO).date()
            )
        )
        if is_worked(now.astimezone(CAIRO).date()) and not any(a <= now < b for a, b in pauses):
            count += min(step, int((until - now).total_seconds() // 60))
        now += dt.timedelta(minutes=step)
    return count


@given(histories())
def test_nothing_that_happens_brings_the_answer_forward(steps: list[Step]):
    before_questions = [
        read_clock(steps[:count], TERMS, is_worked=is_worked, zone=CAIRO).due_at
        for count in range(1, len(steps) + 1)
        if steps[count - 1].kind != Kind.ASKED
    ]

    assert before_questions == sorted(before_questions)  # type: ignore[type-var]


@pytest.mark.parametrize("days", [1, 5])
def test_it_is_the_first_moment_at_which_as_much_has_passed(days: int):
    owed = dt.timedelta(days=days)
    due = moment_after(at(11, 5), owed, [], is_worked=is_worked, zone=CAIRO)

    before = worked_between(at(11, 5), due - dt.timedelta(seconds=1), [], is_worked=is_worked, zone=CAIRO)

    assert before < owed
