"""Whether tests can be begun: what they ask of the question bank, and what of it may be asked now."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Value

from assessment.blocks import DRAW
from assessment.models import Question, QuizPage, Sitting
from assessment.papers import Draw, left_for
from assessment.queries.bank import pool_of, usable_by
from courses.models import Cohort
from courses.queries.content import taught_in_languages

type Place = tuple[int, UUID]


@dataclass(frozen=True)
class Readiness:
    """`missing`: how many questions the draws of a test lack. `left_out`: how many of those that it names may not be asked. `asks`: whether
    an attempt has any question."""

    missing: int = 0
    left_out: int = 0
    asks: bool = True

    @property
    def can_be_begun(self) -> bool:
        return self.asks and not self.missing


def readiness_of(
    tests: Iterable[tuple[Cohort, UUID]], *, without: Collection[int] = ()
) -> dict[Place, Readiness]:
    """Of tests of cohorts, by the keys of both, as the cohort is taught them; `without` these questions, if they were withdrawn.

    Those that ask the bank for nothing are left out. One query, and one for each page that this process did not show before.
    """
    pages: dict[Place, tuple[int, QuizPage]] = {}
    for cohort, key in tests:
        version = cohort.content_version
        page = next(iter(taught_in_languages(version, key).values()), None) if version else None
        if isinstance(page, QuizPage) and len(page.own_questions) < page.question_count:
            pages[cohort.pk, key] = (cohort.center_id, page)
    rows: list[QuerySet[Question]] = []
    for center, page in pages.values():
        rows.append(usable_by(center).filter(pk__in=_named(page)))
        rows += [
            pool_of(
                center,
                tags=list(block.value["tags"]),
                difficulty=int(block.value["difficulty"]) if block.value["difficulty"] else None,
            )
            for block in _draws(page)
        ]
    pools = iter(_keys_of(rows))
    return {
        place: _readiness(page, [next(pools) - set(without) for _part in (page, *_draws(page))])
        for place, (_center, page) in pages.items()
    }


def sittings_not_ready(sittings: Iterable[Sitting], *, without: Collection[int] = ()) -> list[Sitting]:
    """Those whose test no one can begin. They have their cohorts with their content at hand."""
    rows = list(sittings)
    tests = {(one.class_session.cohort, one.quiz_key) for one in rows}
    found = readiness_of(tests, without=without)
    ready = Readiness()
    return [
        one for one in rows if not found.get((one.class_session.cohort_id, one.quiz_key), ready).can_be_begun
    ]


def sittings_to_come() -> QuerySet[Sitting]:
    """With what `sittings_not_ready` asks for."""
    return Sitting.objects.ahead().select_related(
        "class_session__venue", "class_session__cohort__center", "class_session__cohort__content_version"
    )


def sittings_that_need(question: Question) -> list[Sitting]:
    """Planned exams that could not be begun without a question that they can be begun with, the first one first, in every center."""
    if not question.is_in_force:
        return []
    rows = sittings_to_come()
    if question.owner_id is not None:
        rows = rows.filter(class_session__cohort__center=question.owner_id)
    sittings = list(rows)
    before = {one.pk for one in sittings_not_ready(sittings)}
    return [one for one in sittings_not_ready(sittings, without=[question.pk]) if one.pk not in before]


def _draws(page: QuizPage) -> list[Any]:
    return [block for block in page.questions if block.block_type == DRAW]


def _named(page: QuizPage) -> list[int]:
    return [question.pk for question in page.questions_of_bank]


def _keys_of(rows: list[QuerySet[Question]]) -> list[set[int]]:
    """The keys of each of them, in order. One query, none for no rows."""
    keys: list[set[int]] = [set() for _those in rows]
    if not rows:
        return keys
    first, *others = (
        those.order_by().annotate(place=Value(place)).values_list("place", "pk")
        for place, those in enumerate(rows)
    )
    for place, question in first.union(*others, all=True) if others else first:
        keys[place].add(question)
    return keys


def _readiness(page: QuizPage, pools: list[set[int]]) -> Readiness:
    named, *drawable = pools
    draws = [
        Draw(sorted(pool), block.value["count"]) for pool, block in zip(drawable, _draws(page), strict=True)
    ]
    left = left_for(draws, fixed=named)
    missing = sum(draw.count for draw in draws) - sum(left)
    asks = bool(page.own_questions or named or draws)
    return Readiness(missing, len(set(_named(page)) - named), asks=asks)
