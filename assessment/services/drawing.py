"""The paper of one attempt: the questions of the page, and those that are drawn from the bank."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet, Value

from assessment.blocks import DRAW, OF_BANK, SECTION, texts
from assessment.chance import Chance
from assessment.errors import BankTooSmall
from assessment.models import Attempt, Question, QuizPage
from assessment.papers import Draw, Fixed, PoolTooSmall, Section, draw_paper
from assessment.queries.bank import pool_of, usable_by
from assessment.queries.questions import stored_questions
from assessment.services.freezing import asked_pages, freeze_questions
from courses.models import Enrollment


class Drawn(NamedTuple):
    """What one slot of an attempt asks: the key of a version, and its points."""

    version: int
    points: int


class Paper(NamedTuple):
    """`sections`: the first slot of each section that has a title, and the title by language."""

    drawn: list[Drawn]
    sections: list[dict[str, Any]]


def draw_up(
    pages: Mapping[str, QuizPage],
    *,
    language: str,
    enrollment: Enrollment,
    earlier: Iterable[Attempt],
    chance: Chance,
) -> Paper:
    """Draw up the paper of an attempt. `pages` and `language` as `freeze_questions` has them; `earlier`: all attempts of the person.

    The same seed and history of the person draw the same paper from the same bank. Raises `BankTooSmall`.
    """
    pages = asked_pages(pages, language=language)
    first = next(iter(pages.values()))
    frozen = {one.block_id: one for one in freeze_questions(pages, language=language)}
    versions = {one.question: one.version for one in frozen.values()}
    draws = [block for block in first.questions if block.block_type == DRAW]
    pools: dict[str, list[int]] = {}
    named, *drawable = _pools([question.pk for question in first.questions_of_bank], draws, enrollment)
    versions |= named
    asked: set[int] = set()
    for block, pool in zip(draws, drawable, strict=True):
        pools[block.id] = list(pool)
        versions |= {question: version for question, version in pool.items() if question not in versions}
    parts: list[list[Fixed | Draw]] = [[]]
    titles: list[dict[str, str]] = [{}]
    for place, block in enumerate(first.questions):
        if block.block_type == SECTION:
            parts.append([])
            titles.append(texts({code: page.questions[place].value for code, page in pages.items()}, "title"))
        elif block.block_type == DRAW:
            parts[-1].append(Draw(pools[block.id], block.value["count"], block.value["points"]))
        elif block.block_type == OF_BANK:
            # One that was withdrawn since, or is not for this center, is left out: it does not count for those who had it either.
            key = block.value["question"].pk if block.value["question"] else None
            if key in named and key not in asked:
                asked.add(key)
                parts[-1].append(Fixed(key, block.value["points"]))
        else:
            parts[-1].append(Fixed(frozen[block.id].question, frozen[block.id].points))
    sections = [Section(those, is_shuffled=first.shuffles_questions) for those in parts]
    history = _asked_before(earlier) if draws else {}
    try:
        slots = draw_paper(sections, asked_before=history, chance=chance)
    except PoolTooSmall as error:
        raise BankTooSmall from error
    starts: dict[int, int] = {}
    for number, slot in enumerate(slots):
        starts.setdefault(slot.section, number)
    return Paper(
        [Drawn(versions[slot.question], slot.points) for slot in slots],
        [{"slot": starts[at], "title": title} for at, title in enumerate(titles) if title and at in starts],
    )


def _pools(named: Sequence[int], draws: Sequence[Any], enrollment: Enrollment) -> list[dict[int, int]]:
    """Those of the named questions that may be asked, then what each draw takes from, in order, with the version of each. One query."""
    pools: list[dict[int, int]] = [{} for _part in (named, *draws)]
    rows = {place: _pool(block.value, enrollment) for place, block in enumerate(draws, start=1)}
    if named:
        rows[0] = usable_by(enrollment.cohort.center_id).filter(pk__in=named)
    if not rows:
        return pools
    first, *others = (
        those.order_by().annotate(draw=Value(place)).values_list("draw", "pk", "published")
        for place, those in rows.items()
    )
    for place, question, version in sorted(first.union(*others, all=True) if others else first):
        pools[place][question] = version
    return pools


def _pool(value: Mapping[str, Any], enrollment: Enrollment) -> QuerySet[Question]:
    difficulty = int(value["difficulty"]) if value["difficulty"] else None
    return pool_of(enrollment.cohort.center_id, tags=list(value["tags"]), difficulty=difficulty)


def _asked_before(earlier: Iterable[Attempt]) -> dict[int, int]:
    """How often each question was asked in the attempts. One query, none where all versions were used in this process before."""
    versions = [version for attempt in earlier for version in attempt.versions]
    return dict(Counter(one.question_id for one in stored_questions(versions)))
