"""Steps to put in order.

Content: `{"items": [{"id", "text"}, ...]}`, in whatever order. Key: `{"order": [item id, ...], "credit": "all" | "places" | "neighbors"}`:
all or nothing, an equal share for each item in its place, or for each one that is followed by the one that follows it (the last one by the
end). A response is a list of items, with None at a place that has none yet: it earns nothing in the first way, and in the others what its
items earn.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

from assessment.marking.question import (
    EVERYTHING,
    NOTHING,
    InvalidQuestion,
    UnreadableResponse,
    ids_in,
    one_of,
)


class Credit(StrEnum):
    ALL = "all"
    PLACES = "places"
    NEIGHBORS = "neighbors"


class Ordering:
    def __init__(self, content: Mapping[str, Any], key: Mapping[str, Any]) -> None:
        self._items = ids_in(content, "items")
        self._order = list(key["order"])
        self._credit = Credit(key.get("credit", Credit.ALL))
        if sorted(self._order) != sorted(self._items):
            raise InvalidQuestion("the key does not order each item once")
        self._neighbors = set(pairwise([*self._order, ""]))

    def read(self, sent: Any) -> list[str | None] | None:
        if sent is None:
            return None
        if not isinstance(sent, list) or len(sent) > len(self._items):
            raise UnreadableResponse("an order of the items is asked for")
        order = [None if item in (None, "") else one_of(item, self._items) for item in sent]
        placed = [item for item in order if item]
        if len(set(placed)) < len(placed):
            raise UnreadableResponse("an item is there twice")
        while order and order[-1] is None:
            order.pop()
        return order or None

    def mark(self, response: Sequence[str | None] | None) -> Fraction:
        if not response:
            return NOTHING
        if self._credit == Credit.ALL:
            return EVERYTHING if response == self._order else NOTHING
        if self._credit == Credit.PLACES:
            right = sum([item == place for item, place in zip(response, self._order, strict=False)])
        else:
            ends = [*response, ""] if len(response) == len(self._order) else response
            right = sum([pair in self._neighbors for pair in pairwise(ends)])
        return Fraction(right, len(self._order))
