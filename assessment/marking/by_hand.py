"""What a person marks: an essay, or files. Content and key are empty; the rubric is of the question, not of the engine."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from assessment.marking.question import LONGEST_ESSAY, InvalidQuestion, UnreadableResponse, clean_text

MOST_FILES = 5


class Essay:
    def __init__(self, _content: Mapping[str, Any], _key: Mapping[str, Any]) -> None:
        pass

    def read(self, sent: Any) -> str | None:
        return None if sent is None else clean_text(sent, LONGEST_ESSAY) or None

    def mark(self, _response: str | None) -> None:
        return None


class Files:
    """Content: `{"most": 1}`. A response names files that were sent before, by their public ids."""

    def __init__(self, content: Mapping[str, Any], _key: Mapping[str, Any]) -> None:
        self._most = int(content.get("most", 1))
        if not 1 <= self._most <= MOST_FILES:
            raise InvalidQuestion("so many files are none")

    def read(self, sent: Any) -> list[str] | None:
        if sent is None:
            return None
        if not isinstance(sent, list) or len(sent) > self._most:
            raise UnreadableResponse("so many files are asked for")
        return [_public_id(one) for one in sent] or None

    def mark(self, _response: list[str] | None) -> None:
        return None


def _public_id(sent: Any) -> str:
    try:
        return str(UUID(sent))
    except (ValueError, AttributeError, TypeError) as error:
        raise UnreadableResponse("no such file") from error
