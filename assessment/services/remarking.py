"""What attempts would score, or score, by a corrected key."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import F, Func, IntegerField

from assessment.models import Answer, Attempt
from assessment.queries.keys import KeyInForce, keys_in_force
from assessment.scores import as_mark, as_score, percent_of


class Marked(NamedTuple):
    response: Any
    mark: Decimal


@dataclass(frozen=True)
class Change:
    """What changes in a marked attempt."""

    attempt: Attempt
    slot: int
    from_mark: Decimal
    to_mark: Decimal
    from_score: Decimal
    to_score: Decimal
    from_passed: bool
    to_passed: bool


def changes_in(
    attempts: Sequence[Attempt], version: int, key: KeyInForce, *, may_not_count: bool
) -> list[Change]:
    """What changes in marked attempts that asked a version of a question, if `key` marks it. Three queries, one where nothing changes.

    `may_not_count`: whether the question does not count by this key or did not by an earlier one. Then totals change though its marks do not.
    """
    own = _answers_to(version, attempts)
    suspects = [
        attempt
        for attempt in attempts
        if may_not_count or _is_marked_otherwise(key, attempt, *own[attempt.pk])
    ]
    if not suspects:
        return []
    answers = _answers_of(suspects)
    keys = {**keys_in_force(one for attempt in suspects for one in attempt.versions), version: key}
    return [
        change
        for attempt in suspects
        for change in _change(attempt, own[attempt.pk][0], answers[attempt.pk], keys)
    ]


def _is_marked_otherwise(key: KeyInForce, attempt: Attempt, slot: int, answer: Marked) -> bool:
    return as_mark(key.in_slot(attempt, slot).share(answer.response)) != answer.mark


def _answers_to(version: int, attempts: Sequence[Attempt]) -> dict[int, tuple[int, Marked]]:
    """The slot of the version in each attempt, and what was answered there."""
    slot = Func(
        F("attempt__versions"),
        version,
        function="array_position",
        template="array_position(%(expressions)s::bigint) - 1",
        output_field=IntegerField(),
    )
    rows = Answer.objects.filter(attempt__in=[one.pk for one in attempts], slot=slot).order_by()
    return {
        attempt: (at, Marked(response, mark))
        for attempt, at, response, mark in rows.values_list("attempt", "slot", "response", "mark")
    }


def _answers_of(attempts: Sequence[Attempt]) -> Mapping[int, dict[int, Marked]]:
    found: dict[int, dict[int, Marked]] = defaultdict(dict)
    rows = Answer.objects.filter(attempt__in=[one.pk for one in attempts]).order_by()
    for attempt, slot, response, mark in rows.values_list("attempt", "slot", "response", "mark"):
        found[attempt][slot] = Marked(response, mark)
    return found


def _change(
    attempt: Attempt, slot: int, answers: Mapping[int, Marked], keys: Mapping[int, KeyInForce]
) -> Iterator[Change]:
    marked_by = [keys[version].in_slot(attempt, at) for at, version in enumerate(attempt.versions)]
    shares = [
        key.share(answers[at].response) if at == slot else _kept(key, answers[at])
        for at, key in enumerate(marked_by)
    ]
    percent = percent_of(attempt.points, shares)
    to_mark, to_score = as_mark(shares[slot]), as_score(percent)
    to_passed = percent >= attempt.pass_percent
    from_mark, from_score, from_passed = answers[slot].mark, attempt.score, attempt.passed
    if from_score is None or from_passed is None:
        return
    if (from_mark, from_score, from_passed) != (to_mark, to_score, to_passed):
        yield Change(attempt, slot, from_mark, to_mark, from_score, to_score, from_passed, to_passed)


def _kept(key: KeyInForce, answer: Marked) -> Fraction | None:
    """The share of a question whose key stays: what was marked counts, exactly where that can be computed again."""
    share = key.share(answer.response)
    return share if share is None or as_mark(share) == answer.mark else Fraction(answer.mark)
