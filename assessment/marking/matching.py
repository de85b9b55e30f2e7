"""Things that belong together.

Content: `{"stems": [{"id", "text"}, ...], "choices": [{"id", "text"}, ...]}`; there may be more choices than stems. Key:
`{"pairs": {stem id: choice id}}`. Each stem earns an equal share.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessment.marking.question import NOTHING, InvalidQuestion, UnreadableResponse, ids_in, one_of


class Matching:
    def __init__(self, content: Mapping[str, Any], key: Mapping[str, Any]) -> None:
        self._stems, self._choices = ids_in(content, "stems"), ids_in(content, "choices")
        self._pairs = dict(key["pairs"])
        if set(self._pairs) != set(self._stems) or not set(self._pairs.values()) <= set(self._choices):
            raise InvalidQuestion("the key does not give each stem one of the choices")
        self._shares = [Fraction(right, len(self._stems)) for right in range(len(self._stems) + 1)]

    def read(self, sent: Any) -> dict[str, str] | None:
        if sent is None:
            return None
        if not isinstance(sent, dict):
            raise UnreadableResponse("pairs are asked for")
        found = {
            one_of(stem, self._stems): one_of(choice, self._choices)
            for stem, choice in sent.items()
            if choice not in (None, "")
        }
        return dict(sorted(found.items())) or None

    def mark(self, response: Mapping[str, str] | None) -> Fraction:
        if not response:
            return NOTHING
        pairs = self._pairs
        return self._shares[sum([pairs[stem] == choice for stem, choice in response.items()])]
