"""Laws of the clauses of a rule."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.clauses import (
    Clauses,
    CountedAttempt,
    InvalidClauses,
    Practice,
    Score,
    Task,
    Test,
    counted,
)
from courses.enums import AttendanceStatus
from courses.models import Cohort, ContentVersion, Enrollment, PracticalResult, UnitProgress
from courses.queries.evidence import Evidence, HeldSession, Records, evidence_in
from courses.queries.requirements import clauses_of

LONG_AGO = dt.datetime(2026, 1, 4, 9, tzinfo=dt.UTC)
LESSONS = [str(UUID(int=number)) for number in (1, 2)]
TESTS = [str(UUID(int=number)) for number in (3, 4, 5)]
TASKS = ["wiring", "welding"]
# From the worst to the best.
STATUSES = [AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED, AttendanceStatus.PRESENT]

percents = st.integers(0, 100)
named_tests = st.lists(st.sampled_from(TESTS), unique=True).flatmap(
    lambda keys: st.tuples(
        *(st.builds(Test, st.just(key), st.just({"ar": key}), st.integers(1, 5), percents) for key in keys)
    )
)
rules = st.builds(
    Clauses,
    units=st.booleans(),
    attendance=percents,
    hours=st.integers(0, 8),
    score=st.builds(Score, percents, st.sampled_from(CountedAttempt), named_tests),
    practice=st.builds(
        Practice,
        percents,
        st.lists(st.sampled_from(TASKS), unique=True).map(
            lambda codes: tuple(Task(code, {"ar": code}) for code in codes)
        ),
    ),
)
# What a trainee did, each number a rank: lessons done, sessions, scores of the one attempt (-1: none), practical scores.
feats = st.tuples(
    st.tuples(*[st.integers(0, 1)] * 2),
    st.tuples(*[st.integers(0, 2)] * 4),
    st.tuples(*[st.integers(-1, 100)] * 3),
    st.tuples(*[st.integers(-1, 100)] * 2),
)


def evidence(shown, asks: Clauses) -> Evidence:
    lessons, sessions, scores, practice = shown
    units = [
        *({"unit": key, "title": key, "required": True, "completes_by": "confirming"} for key in LESSONS),
        *({"unit": key, "title": key, "required": True, "completes_by": "marks"} for key in TESTS),
    ]
    progress = {
        key: UnitProgress(completed_at=LONG_AGO) for key, done in zip(LESSONS, lessons, strict=True) if done
    }
    for key, score in zip(TESTS, scores, strict=True):
        if score >= 0:
            passed_at = LONG_AGO if score >= 50 else None
            progress[key] = UnitProgress(
                score=Decimal(score), scores=[Decimal(score)], completed_at=passed_at
            )
    results = {
        code: PracticalResult(score=score, passed=score >= 50)
        for code, score in zip(TASKS, practice, strict=True)
        if score >= 0
    }
    records = Records(
        progress={1: progress},
        attendance={1: {number: (STATUSES[rank], 0) for number, rank in enumerate(sessions)}},
        sessions={
            1: [
                HeldSession(
                    number,
                    LONG_AGO + dt.timedelta(days=number),
                    LONG_AGO + dt.timedelta(days=number, hours=2),
                    is_ahead=False,
                    is_locked=True,
                )
                for number in range(4)
            ]
        },
        practice={1: results},
    )
    enrollment = Enrollment(pk=1, cohort=Cohort(pk=1, content_version=ContentVersion(units=units)))
    return evidence_in(enrollment, asks, records)


@given(rules)
def test_a_rule_reads_back_as_it_was_written(asks: Clauses):
    read = Clauses.from_list(asks.as_list())

    # What asks for nothing is not stored.
    assert read.as_list() == asks.as_list()
    assert (read.units, read.attendance, read.hours) == (asks.units, asks.attendance, asks.hours)


@given(rules, feats, feats)
def test_more_evidence_never_takes_back_what_was_met(asks: Clauses, one, other):
    """Every part of `more` is at least as good as that of `less`."""
    less = tuple(tuple(map(min, a, b)) for a, b in zip(one, other, strict=True))
    more = tuple(tuple(map(max, a, b)) for a, b in zip(one, other, strict=True))

    before, after = evidence(less, asks), evidence(more, asks)

    met_before = {clause.kind for clause in clauses_of(before, asks) if clause.met}
    met_after = {clause.kind for clause in clauses_of(after, asks) if clause.met}
    assert met_before <= met_after
    assert before.meets(asks) <= after.meets(asks)


@given(rules, feats)
def test_a_rule_is_met_where_each_of_its_clauses_is(asks: Clauses, shown):
    gathered = evidence(shown, asks)

    assert gathered.meets(asks) == all(clause.met for clause in clauses_of(gathered, asks))


@given(st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=6))
def test_the_counted_score_lies_between_the_worst_and_the_best_attempt(scores: list[Decimal]):
    for attempts in CountedAttempt:
        assert min(scores) <= counted(scores, attempts) <= max(scores)
    assert counted(scores, CountedAttempt.BEST) == max(scores)
    assert counted(scores, CountedAttempt.LAST) == scores[-1]


def test_weights_and_minimums_decide_about_a_score():
    light, heavy = Test(TESTS[0], {}, weight=1), Test(TESTS[1], {}, weight=3, minimum=50)
    shown = ((1, 1), (2, 2, 2, 2), (100, 40, 0), (-1, -1))

    gathered = evidence(shown, Clauses(score=Score(55, tests=(light, heavy)))).score

    # (100 + 3 * 40) / 4 = 55: enough, were it not for the minimum.
    assert (gathered.percent, gathered.tests, gathered.below) == ("55.00", 2, [TESTS[1]])
    assert not gathered.is_met()


def test_a_test_that_was_taken_out_counts_for_nothing():
    gone = Test(str(UUID(int=9)), {}, weight=5, minimum=100)
    shown = ((1, 1), (2, 2, 2, 2), (70, 0, 0), (-1, -1))

    gathered = evidence(shown, Clauses(score=Score(60, tests=(Test(TESTS[0], {}), gone)))).score

    assert gathered.percent == "70.00"
    assert gathered.is_met()


@pytest.mark.parametrize(
    "asks",
    [
        Clauses(attendance=101),
        Clauses(hours=-1),
        Clauses(score=Score(60, tests=(Test("a", {}, weight=0),))),
        Clauses(score=Score(60, tests=(Test("a", {}), Test("a", {})))),
        Clauses(practice=Practice(0, (Task("", {}),))),
    ],
)
def test_what_no_rule_may_ask_is_refused(asks: Clauses):
    with pytest.raises(InvalidClauses):
        asks.check()


@pytest.mark.parametrize("stored", [[{"kind": "magic"}], [{}], [{"kind": "score", "attempts": "worst"}]])
def test_a_list_that_is_no_rule_is_refused(stored):
    with pytest.raises(InvalidClauses):
        Clauses.from_list(stored)
