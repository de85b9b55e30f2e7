"""What is asked in one attempt."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.chance import Chance
from assessment.papers import AskedTwice, Draw, Fixed, PoolTooSmall, Section, Slot, draw_paper

seeds = st.integers(0, 2**63 - 1)
pools = st.lists(st.integers(10, 30), unique=True, max_size=12)
draws = st.builds(Draw, pools, st.integers(0, 4), st.integers(1, 5))


def sections_with(fixed: list[int], drawn: list[Draw]) -> list[Section]:
    first = Section([Fixed(question, 2) for question in fixed], is_shuffled=False)
    return [first, Section(drawn[:2], is_shuffled=True), Section(drawn[2:])]


def has_a_paper(fixed: list[int], drawn: list[Draw]) -> bool:
    """Hall's condition: any draws together have as many questions as they ask for."""
    free = [set(draw.pool) - set(fixed) for draw in drawn]
    return all(
        sum(draw.count for number, draw in enumerate(drawn) if chosen >> number & 1)
        <= len(set().union(*(pool for number, pool in enumerate(free) if chosen >> number & 1)))
        for chosen in range(1, 2 ** len(drawn))
    )


@given(seeds, st.lists(st.integers(10, 15), unique=True, max_size=3), st.lists(draws, max_size=4))
def test_a_paper_fits_its_blueprint_for_every_seed_or_there_is_none(
    seed: int, fixed: list[int], drawn: list[Draw]
):
    sections = sections_with(fixed, drawn)
    if not has_a_paper(fixed, drawn):
        with pytest.raises(PoolTooSmall):
            draw_paper(sections, asked_before={}, chance=Chance(seed))
        return

    paper = draw_paper(sections, asked_before={}, chance=Chance(seed))

    assert len({slot.question for slot in paper}) == len(paper)
    assert [slot.question for slot in paper if slot.section == 0] == fixed
    for at, some in ((1, drawn[:2]), (2, drawn[2:])):
        here = [slot for slot in paper if slot.section == at]
        assert len(here) == sum(draw.count for draw in some)
        assert {slot.question for slot in here} <= {question for draw in some for question in draw.pool}
        assert Counter(slot.points for slot in here) == Counter(
            points for draw in some for points in [draw.points] * draw.count
        )


@given(seeds, st.dictionaries(st.integers(1, 20), st.integers(0, 3)))
def test_the_same_seed_and_history_make_the_same_paper(seed: int, asked: dict[int, int]):
    sections = [Section([Draw(range(1, 21), 7)], is_shuffled=True)]

    paper, again = (draw_paper(sections, asked_before=asked, chance=Chance(seed)) for _time in range(2))

    assert paper == again


@given(seeds, st.integers(1, 5))
def test_no_question_comes_again_before_the_pool_is_used_up(seed: int, count: int):
    asked: Counter[int] = Counter()

    for attempt in range(8):
        paper = draw_paper(
            [Section([Draw(range(10), count)])], asked_before=asked, chance=Chance(seed + attempt)
        )
        asked.update(slot.question for slot in paper)

        assert max(asked.values()) - min(asked[question] for question in range(10)) <= 1


def test_another_draw_gets_the_question_that_it_needs():
    sections = [Section([Draw([1, 2], 1), Draw([1], 1)])]

    papers = [draw_paper(sections, asked_before={}, chance=Chance(seed)) for seed in range(8)]

    assert papers == [[Slot(2, 1, 0), Slot(1, 1, 0)]] * 8


def test_seeds_make_different_papers():
    sections = [Section([Draw(range(40), 5)], is_shuffled=True)]

    papers = {tuple(draw_paper(sections, asked_before={}, chance=Chance(seed))) for seed in range(50)}

    assert len(papers) > 45


def test_a_question_that_is_fixed_twice_is_refused():
    with pytest.raises(AskedTwice):
        draw_paper([Section([Fixed(1), Fixed(1)])], asked_before={}, chance=Chance(1))


def test_chance_is_the_same_everywhere_and_even():
    chance = Chance(7)

    drawn = Counter(chance.below(6, "die", throw) for throw in range(6000))

    assert [chance.below(1000, "known", number) for number in range(5)] == [970, 80, 448, 753, 580]
    assert min(drawn.values()) > 850
    assert sorted(chance.shuffled(range(10), "order")) == list(range(10))
