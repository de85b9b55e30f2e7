"""Pairs with many identical wrong answers, for people to look at."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.analysis.similarity import Answers, Similarities, at_least, similarities
from assessment.analysis.taken import LONGEST_ANSWER, Slot, Taken, TooFew
from tests.assessment.analysis.papers import probability_of_at_least
from tests.hypothesis_budget import examples

NEAR = 1e-9
ITEMS = 20


def sitting(seed: int = 1, *, people: int = 40) -> list[Taken]:
    """Each works alone."""
    chance = random.Random(seed)
    return [
        Taken(
            f"p{person:02}",
            1,
            [
                Slot(f"q{item}", 1, int(answer == "a"), answer)
                for item, answer in enumerate(chance.choices("abcd", [4, 3, 2, 1], k=ITEMS))
            ],
        )
        for person in range(people)
    ]


def found_in(rows: list[Taken], answers: Answers | None = None) -> Similarities:
    found = similarities(rows, answers or Answers(rows))
    assert isinstance(found, Similarities)
    return found


@given(st.lists(st.floats(0, 1), max_size=9), st.integers(0, 9))
def test_the_probability_equals_that_over_all_sets_of_trials(chances: list[float], times: int):
    assert at_least(times, chances) == pytest.approx(probability_of_at_least(times, chances), abs=NEAR)


def test_who_copied_is_first_and_the_others_are_as_chance_has_it():
    rows = sitting()
    copied = Taken("copy", 1, rows[0].slots)

    found = found_in([*rows, copied])

    assert (found.people, found.pairs) == (41, 41 * 40 // 2)
    first, second = found.ranking[:2]
    assert first.people == ("copy", "p00")
    assert first.identical == first.both_wrong
    assert first.expected_pairs < 0.01 < second.expected_pairs
    assert first.expected_pairs == pytest.approx(first.probability * found.pairs)


def test_people_who_work_alone_are_no_more_alike_than_chance_has_it():
    found = [found_in(sitting(seed)).ranking[0].expected_pairs for seed in range(20)]

    assert min(found) > 0.05


def test_right_answers_and_empty_ones_say_nothing():
    known = [Taken(person, 1, [Slot(f"q{item}", 1, 1, "a") for item in range(ITEMS)]) for person in range(40)]
    empty = [
        Taken(person, 1, [Slot(f"q{item}", 1, 0, None) for item in range(ITEMS)]) for person in range(40)
    ]
    long = [
        Taken(person, 1, [Slot(f"q{item}", 1, 0, "x" * (LONGEST_ANSWER + 1)) for item in range(ITEMS)])
        for person in range(40)
    ]

    assert [found_in(rows).ranking for rows in (known, empty, long)] == [(), (), ()]


def test_a_wrong_answer_that_everybody_gives_is_no_evidence():
    """All share one misconception: each pair is as similar as every other, and chance explains it."""
    rows = [Taken(person, 1, [Slot(f"q{item}", 1, 0, "b") for item in range(ITEMS)]) for person in range(40)]

    assert found_in(rows).ranking == ()


@settings(max_examples=examples(0.2))
@given(st.randoms())
def test_the_order_of_people_and_slots_changes_nothing(chance: random.Random):
    rows = sitting()
    mixed = [Taken(row.person, 1, chance.sample(row.slots, ITEMS)) for row in rows]
    chance.shuffle(mixed)

    assert found_in(mixed) == found_in(rows)


def test_chance_is_counted_without_the_two_who_are_compared():
    """Of 10 wrong answers 4 are "b": without the two who gave them 2 of 8, and half an answer is added to each of the three given."""
    answers = Answers(
        [Taken(number, 1, [Slot("q", 1, 0, given)]) for number, given in enumerate("bbbbcccddd")]
    )

    both_b, different = (
        answers.same_by_chance("q", ("b",), ("b",)),
        answers.same_by_chance("q", ("b",), ("c",)),
    )

    assert both_b == pytest.approx((2.5**2 + 3.5**2 + 3.5**2) / 9.5**2)
    assert different == pytest.approx((3.5**2 + 2.5**2 + 3.5**2) / 9.5**2)
    with pytest.raises(ValueError, match="not among those"):
        answers.same_by_chance("q", ("e",), ("b",))


def test_a_small_sitting_is_compared_by_what_all_answered_and_nothing_else_is():
    rows = sitting()

    few = similarities(rows[:10], Answers(rows[:10]))
    by_all = found_in(rows[:10], Answers(rows))

    assert few == TooFew(10)
    assert by_all.pairs == 45
    assert similarities([], Answers()) == TooFew(0)
    assert found_in(rows[:1], Answers(rows)).ranking == ()
