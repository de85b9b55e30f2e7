"""A text with gaps, each a word, a number or a choice of its own.

Content: `{"gaps": [{"id", "kind": "short_text" | "numeric" | "single", "content": {...}}, ...]}`, whose places in the text are `[[id]]`. Key:
`{"gaps": {gap id: {"key": {...}, "points": 1}}}`. The mark is the mean of the gaps, weighted with their points.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from assessment.marking.choice import SingleChoice
from assessment.marking.numeric import Numeric
from assessment.marking.question import (
    NOTHING,
    InvalidQuestion,
    Question,
    UnreadableResponse,
    ids_in,
    one_of,
    total_percent,
)
from assessment.marking.short_text import ShortText

MOST_GAPS = 30
_KINDS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Question]] = {
    "short_text": ShortText,
    "numeric": Numeric,
    "single": SingleChoice,
}


class FillIn:
    def __init__(self, content: Mapping[str, Any], key: Mapping[str, Any]) -> None:
        ids = ids_in(content, "gaps")
        if len(ids) > MOST_GAPS or set(key["gaps"]) != set(ids):
            raise InvalidQuestion("the key does not fill each gap")
        self._gaps: dict[str, Question] = {}
        for gap in content["gaps"]:
            if gap["kind"] not in _KINDS or key["gaps"][gap["id"]]["key"].get("variables"):
                raise InvalidQuestion("a gap is of no such kind")
            self._gaps[gap["id"]] = _KINDS[gap["kind"]](gap["content"], key["gaps"][gap["id"]]["key"])
        self._points = [int(key["gaps"][gap].get("points", 1)) for gap in ids]
        if min(self._points) < 1:
            raise InvalidQuestion("a gap has no points")

    def read(self, sent: Any) -> dict[str, Any] | None:
        if sent is None:
            return None
        if not isinstance(sent, dict):
            raise UnreadableResponse("answers of gaps are asked for")
        found = {one_of(gap, self._gaps): self._gaps[gap].read(filled) for gap, filled in sent.items()}
        return {gap: filled for gap, filled in sorted(found.items()) if filled is not None} or None

    def mark(self, response: Mapping[str, Any] | None) -> Fraction:
        if not response:
            return NOTHING
        return total_percent(self._points, self.shares(response).values()) / 100

    def shares(self, response: Mapping[str, Any]) -> dict[str, Fraction]:
        """What each gap earns of its own points."""
        return {gap: question.mark(response.get(gap)) or NOTHING for gap, question in self._gaps.items()}
