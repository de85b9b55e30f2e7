"""What attempts would score, or score, by a corrected key or by what a person decided about them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import F, Func, IntegerField

from assessment.enums import KeyRule
from assessment.models import Answer, Attempt
from assessment.queries.appeals import granted_in
from assessment.queries.keys import KeyInForce, keys_in_force
from assessment.queries.marking import shares_by_hand
from assessment.scores import as_mark, as_score, not_lowered, percent_of


class Marked(NamedTuple):
    """An answer of a marked attempt."""

    response: Any
    mark: Decimal
    # What people gave, exactly; None for what a key marks.
    by_hand: Fraction | None = None


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
    """What changes in marked attempts that asked a version of a question, if `key` marks it. Five queries, two where nothing changes. What an appeal gave is not lowered.

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
    answers, floors = _answers_of(suspects), granted_in(suspects)
    keys = {**keys_in_force(one for attempt in suspects for one in attempt.versions), version: key}
    return [
        change
        for attempt in suspects
        for change in _by_key(attempt, own[attempt.pk][0], answers[attempt.pk], keys, floors[attempt.pk])
    ]


def changes_by_person(
    attempt: Attempt, shares: Mapping[int, Fraction], responses: Mapping[int, Any]
) -> list[Change]:
    """What changes in a marked attempt where a person gives these shares to slots of it; those of `responses` are marked by their keys,
    with these in place of what was answered. Five queries.
    """
    answers = _answers_of([attempt])[attempt.pk]
    keys = _marking(attempt, keys_in_force(attempt.versions))
    given = {**{slot: keys[slot].share(response) for slot, response in responses.items()}, **shares}
    new = [given[slot] if slot in given else _kept(key, answers[slot]) for slot, key in enumerate(keys)]
    floors = {slot: floor for slot, floor in granted_in([attempt])[attempt.pk].items() if slot not in given}
    new = not_lowered(attempt.points, new, floors)
    changed = [
        slot
        for slot in sorted(given)
        if responses.get(slot, answers[slot].response) != answers[slot].response
    ]
    return list(_changes(attempt, sorted(given), new, answers, always=changed))


def _is_marked_otherwise(key: KeyInForce, attempt: Attempt, slot: int, answer: Marked) -> bool:
    return as_mark(_share(key.in_slot(attempt, slot), answer)) != answer.mark


def _share(key: KeyInForce, answer: Marked) -> Fraction | None:
    """What an answer earns by a key; what people gave, where the key leaves it to them."""
    if answer.by_hand is not None and key.rule == KeyRule.KEY:
        return answer.by_hand
    return key.share(answer.response)


def _answers_to(version: int, attempts: Sequence[Attempt]) -> dict[int, tuple[int, Marked]]:
    """The slot of the version in each attempt, and what was answered there."""
    slot = Func(
        F("attempt__versions"),
        version,
        function="array_position",
        template="array_position(%(expressions)s::bigint) - 1",
        output_field=IntegerField(),
    )
    keys = [one.pk for one in attempts]
    rows = Answer.objects.filter(attempt__in=keys, slot=slot).order_by()
    by_hand = shares_by_hand(keys)
    return {
        attempt: (at, Marked(response, mark, by_hand[attempt].get(at)))
        for attempt, at, response, mark in rows.values_list("attempt", "slot", "response", "mark")
        if mark is not None
    }


def _answers_of(attempts: Sequence[Attempt]) -> Mapping[int, dict[int, Marked]]:
    found: dict[int, dict[int, Marked]] = defaultdict(dict)
    keys = [one.pk for one in attempts]
    rows = Answer.objects.filter(attempt__in=keys).order_by()
    by_hand = shares_by_hand(keys)
    for attempt, slot, response, mark in rows.values_list("attempt", "slot", "response", "mark"):
        if mark is not None:
            found[attempt][slot] = Marked(response, mark, by_hand[attempt].get(slot))
    return found


def _marking(attempt: Attempt, keys: Mapping[int, KeyInForce]) -> list[KeyInForce]:
    return [keys[version].in_slot(attempt, slot) for slot, version in enumerate(attempt.versions)]


def _by_key(
    attempt: Attempt,
    slot: int,
    answers: Mapping[int, Marked],
    keys: Mapping[int, KeyInForce],
    floors: Mapping[int, Fraction],
) -> Iterator[Change]:
    shares = [
        _share(key, answers[at]) if at == slot else _kept(key, answers[at])
        for at, key in enumerate(_marking(attempt, keys))
    ]
    return _changes(attempt, [slot], not_lowered(attempt.points, shares, floors), answers)


def _changes(
    attempt: Attempt,
    slots: Sequence[int],
    shares: Sequence[Fraction | None],
    answers: Mapping[int, Marked],
    always: Collection[int] = (),
) -> Iterator[Change]:
    """The slots in which the attempt changes, if it is marked with these shares of all its questions; those of `always` do."""
    percent = percent_of(attempt.points, shares)
    to_score, to_passed = as_score(percent), percent >= attempt.pass_percent
    from_score, from_passed = attempt.score, attempt.passed
    if from_score is None or from_passed is None:
        return
    for slot in slots:
        from_mark, to_mark = answers[slot].mark, as_mark(shares[slot])
        if slot in always or (from_mark, from_score, from_passed) != (to_mark, to_score, to_passed):
            yield Change(attempt, slot, from_mark, to_mark, from_score, to_score, from_passed, to_passed)


def _kept(key: KeyInForce, answer: Marked) -> Fraction | None:
    """The share of a question whose key stays: what was marked counts, exactly where that can be computed again."""
    share = _share(key, answer)
    return share if share is None or as_mark(share) == answer.mark else Fraction(answer.mark)
