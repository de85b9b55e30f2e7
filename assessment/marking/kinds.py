"""The kinds of questions, by the names under which they are stored."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from assessment.marking.by_hand import Essay, Files
from assessment.marking.choice import MultipleChoice, SingleChoice
from assessment.marking.fill_in import FillIn
from assessment.marking.hotspot import Hotspot
from assessment.marking.matching import Matching
from assessment.marking.numeric import Numeric
from assessment.marking.ordering import Ordering
from assessment.marking.question import InvalidQuestion, Question
from assessment.marking.short_text import ShortText

KINDS: Final[Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Question]]] = {
    "single": SingleChoice,
    "multiple": MultipleChoice,
    "true_false": SingleChoice,
    "numeric": Numeric,
    "short_text": ShortText,
    "matching": Matching,
    "ordering": Ordering,
    "fill_in": FillIn,
    "hotspot": Hotspot,
    "essay": Essay,
    "files": Files,
}


def question_of(kind: str, content: Mapping[str, Any], key: Mapping[str, Any]) -> Question:
    """The question with its key. Raises InvalidQuestion."""
    try:
        return KINDS[kind](content, key)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, InvalidQuestion):
            raise
        raise InvalidQuestion(f"{kind}: {error!r}") from error
