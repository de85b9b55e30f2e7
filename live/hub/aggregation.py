"""Small things that come often, added up between two ticks."""

from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass

# A part on the notifier; a passing frame begins with a brace.
PART = "+"


@dataclass(frozen=True, slots=True)
class Summary:
    """One passing frame about many small things; `staff_text` is what the staff is told where that differs."""

    text: str
    staff_text: str | None = None


type Summarize = Callable[[Hashable, Mapping[str, int]], Awaitable[list[Summary]]]


class Aggregator:
    """How often each part was said in each room since the last tick."""

    def __init__(self) -> None:
        self._parts: dict[Hashable, Counter[str]] = {}

    def add(self, room_id: Hashable, part: str, count: int = 1) -> None:
        self._parts.setdefault(room_id, Counter())[part] += count

    def drain(self) -> dict[Hashable, Counter[str]]:
        parts, self._parts = self._parts, {}
        return parts
