"""Which attempts say something about questions, and their answers as `assessment.analysis` takes them.

Marked first attempts: the first of a person at a test, and of a question of the bank the first in which the person met it. What was marked counts, so a
corrected key does; a question that counts for no one by its key is left out of the paper.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    DecimalField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
)
from django.utils import timezone

from assessment.analysis.taken import Slot, Taken
from assessment.enums import AttemptState, KeyRule
from assessment.models import Answer, Attempt, AttemptCorrection, ItemAnalysis, KeyCorrection, QuestionVersion

# Whose answers are in memory at once.
ATTEMPTS_AT_ONCE = 1000


@dataclass(frozen=True)
class Scope:
    """The attempts of an analysis: at a test, or those that asked a question of the bank; each further part makes them fewer."""

    quiz_key: UUID | None = None
    question: int | None = None
    center: int | None = None
    program: int | None = None
    cohort: int | None = None
    year: int | None = None

    @classmethod
    def of(cls, analysis: ItemAnalysis) -> "Scope":
        return cls(
            quiz_key=analysis.quiz_key,
            question=analysis.question_id,
            center=analysis.center_id,
            program=analysis.program_id,
            cohort=analysis.cohort_id,
            year=analysis.year,
        )

    @property
    def fields(self) -> dict[str, Any]:
        """As `ItemAnalysis` has them."""
        return {
            "quiz_key": self.quiz_key,
            "question_id": self.question,
            "center_id": self.center,
            "program_id": self.program,
            "cohort_id": self.cohort,
            "year": self.year,
        }


class _First(NamedTuple):
    pk: int
    person: int
    versions: list[int]
    points: list[int]


def first_attempts(scope: Scope) -> QuerySet[Attempt]:
    """In the order in which they began."""
    rows = Attempt.objects.filter(
        _narrowed(scope), ~Exists(_earlier(scope)), state=AttemptState.MARKED, number=1
    )
    return rows.order_by("started_at", "pk")


def years_of(scope: Scope) -> list[int]:
    """The years in which such attempts began, the last one first."""
    rows = Attempt.objects.filter(_narrowed(scope), state=AttemptState.MARKED, number=1)
    return [day.year for day in rows.datetimes("started_at", "year", order="DESC")]


def is_changed_since(scope: Scope, moment: dt.datetime) -> bool:
    """Whether any of them was marked, or marked again, since."""
    rows = Attempt.objects.filter(_narrowed(scope), state=AttemptState.MARKED)
    if rows.filter(marked_at__gte=moment).exists():
        return True
    return AttemptCorrection.objects.filter(attempt__in=rows, at__gte=moment).exists()


def versions_of_question(question: int) -> list[int]:
    return list(QuestionVersion.objects.filter(question=question).order_by("pk").values_list("pk", flat=True))


def _narrowed(scope: Scope) -> Q:
    if scope.question is None:
        found = Q(quiz_key=scope.quiz_key)
    else:
        found = Q(versions__overlap=versions_of_question(scope.question))
    if scope.cohort is not None:
        found &= Q(enrollment__cohort=scope.cohort)
    if scope.program is not None:
        found &= Q(enrollment__cohort__program=scope.program)
    if scope.center is not None:
        found &= Q(enrollment__cohort__center=scope.center)
    if scope.year is not None:
        zone = timezone.get_default_timezone()
        begins, ends = (dt.datetime(year, 1, 1, tzinfo=zone) for year in (scope.year, scope.year + 1))
        found &= Q(started_at__gte=begins, started_at__lt=ends)
    return found


def _earlier(scope: Scope) -> QuerySet[Attempt]:
    """What makes an attempt none of the first: another one of the person before it, in any center."""
    before = Q(started_at__lt=OuterRef("started_at")) | Q(
        started_at=OuterRef("started_at"), pk__lt=OuterRef("pk")
    )
    of_person = Attempt.objects.filter(before, enrollment__person=OuterRef("enrollment__person"))
    if scope.question is None:
        return of_person.filter(quiz_key=OuterRef("quiz_key"))
    met = Q(versions__overlap=versions_of_question(scope.question))
    return of_person.filter(met | Q(quiz_key=OuterRef("quiz_key")))


def taken_in(scope: Scope) -> Iterator[Taken]:
    """Attempt by attempt, with some thousands of answers in memory. One query, and one for each thousand attempts.

    Of a question of the bank, the other questions of a paper are one slot: what they earned together is all that counts of them.
    """
    left_out = counting_for_no_one()
    asked = frozenset(versions_of_question(scope.question)) if scope.question is not None else None
    for batch in _batches(first_attempts(scope)):
        papers = _whole(batch, left_out) if asked is None else _beside(batch, asked, left_out)
        for one in batch:
            yield Taken(person=one.person, number=1, slots=papers[one.pk])


def counting_for_no_one() -> frozenset[int]:
    """The versions that count for no one by the key in force."""
    newest = KeyCorrection.objects.order_by("version_id", "-pk").distinct("version_id")
    return frozenset(
        version for version, rule in newest.values_list("version", "rule") if rule == KeyRule.NO_ONE
    )


def _batches(attempts: QuerySet[Attempt]) -> Iterator[list[_First]]:
    rows = attempts.values_list("pk", "enrollment__person", "versions", "points")
    batch: list[_First] = []
    for row in rows.iterator(chunk_size=ATTEMPTS_AT_ONCE):
        batch.append(_First(*row))
        if len(batch) == ATTEMPTS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _whole(batch: list[_First], left_out: Collection[int]) -> dict[int, list[Slot]]:
    papers: dict[int, list[Slot]] = defaultdict(list)
    of = {one.pk: one for one in batch}
    answers = Answer.objects.filter(attempt__in=list(of)).order_by("attempt_id", "slot")
    for attempt, slot, response, mark in answers.values_list("attempt", "slot", "response", "mark"):
        version = of[attempt].versions[slot]
        if version not in left_out:
            # In a marked attempt each answer has a mark.
            papers[attempt].append(Slot(version, of[attempt].points[slot], mark or 0, response))
    return papers


def _beside(batch: list[_First], asked: Collection[int], left_out: Collection[int]) -> dict[int, list[Slot]]:
    """The question, and the rest of the paper as one slot of which the share is exact."""
    papers: dict[int, list[Slot]] = defaultdict(list)
    answers = Answer.objects.filter(attempt__in=[one.pk for one in batch]).order_by()
    counted = answers.annotate(version=_ELEMENT_OF_VERSIONS, points=_ELEMENT_OF_POINTS)
    earned = dict(
        counted.exclude(version__in=left_out)
        .exclude(version__in=asked)
        .values("attempt")
        .annotate(earned=Sum(F("mark") * F("points"), output_field=DecimalField()))
        .values_list("attempt", "earned")
    )
    own = {
        attempt: (version, points, mark, response)
        for attempt, version, points, mark, response in counted.filter(version__in=asked).values_list(
            "attempt", "version", "points", "mark", "response"
        )
    }
    for one in batch:
        if one.pk not in own or own[one.pk][0] in left_out:
            continue
        version, points, mark, response = own[one.pk]
        papers[one.pk].append(Slot(version, points, mark or 0, response))
        others = sum(
            weight
            for at, weight in zip(one.versions, one.points, strict=True)
            if at not in asked and at not in left_out
        )
        if others:
            share = Fraction(earned.get(one.pk, Decimal(0))) / others
            papers[one.pk].append(Slot(REST, others, share))
    return papers


# What the rest of a paper is called among the items.
REST = "rest"


class InSlot(Func):
    """The element of an array of the attempt in the slot of the answer."""

    function = ""
    arg_joiner = ")[1 + "
    template = "(%(expressions)s]"


_ELEMENT_OF_VERSIONS = InSlot(F("attempt__versions"), F("slot"), output_field=BigIntegerField())
_ELEMENT_OF_POINTS = InSlot(F("attempt__points"), F("slot"), output_field=IntegerField())
