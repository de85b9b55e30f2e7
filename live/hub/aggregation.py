"""Frequent small messages, aggregated between two ticks."""

from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass

# The prefix of a part on the notifier; an ephemeral frame begins with a brace.
PART = "+"


@dataclass(frozen=True, slots=True)
class Summary:
    """One ephemeral frame that sums up many messages; `staff_text` is the text for staff where that differs."""

    text: str
    staff_text: str | None = None


type Summarize = Callable[[Hashable, Mapping[str, int]], Awaitable[list[Summary]]]


class Aggregator:
    """Counts how often each part was published in each room since the last tick."""

    def __init__(self) -> None:
        self._parts: dict[Hashable, Counter[str]] = {}

    def add(self, room_id: Hashable, part: str, count: int = 1) -> None:
        self._parts.setdefault(room_id, Counter())[part] += count

    def drain(self) -> dict[Hashable, Counter[str]]:
        parts, self._parts = self._parts, {}
        return parts
