"""How responses are posted by a form without scripts: the inputs of one question, by the part of their names behind its slot."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from accounts.digits import read_key
from accounts.errors import DomainError
from accounts.services.formatting import localize_digits
from assessment.enums import QuestionKind
from assessment.errors import GapUnreadable, NotOneOfTheQuestions, OneAnswerOnly, PlaceGivenTwice
from assessment.marking.question import UnreadableResponse
from assessment.queries.questions import GAP, StoredQuestion, in_language

# Values by part; the part of an input that is named by the slot alone is empty.
type Parts = Mapping[str, Sequence[str]]

# Kinds with an input for each of their parts; those of the others are named by the slot alone.
_IN_PARTS = frozenset(
    {QuestionKind.MATCHING, QuestionKind.ORDERING, QuestionKind.FILL_IN, QuestionKind.HOTSPOT}
)
_POINTS = re.compile(r"[0-9]{1,4},[0-9]{1,4}(?: [0-9]{1,4},[0-9]{1,4}){0,19}")


def response_in(one: StoredQuestion, parts: Parts, *, number: int) -> tuple[Any, DomainError | None]:
    """The response as its kind reads it, and why it cannot be kept. `number`: the question's on the page."""
    if any(bool(part) != (one.kind in _IN_PARTS) for part in parts):
        return None, NotOneOfTheQuestions()
    match one.kind:
        case QuestionKind.MULTIPLE:
            return list(parts[""]), None
        case QuestionKind.MATCHING | QuestionKind.FILL_IN:
            return _filled({part: sent[-1] for part, sent in parts.items()}, one, number)
        case QuestionKind.ORDERING:
            return _order({item: sent[-1] for item, sent in parts.items()}, one, number)
        case QuestionKind.HOTSPOT:
            return _hotspot(one, parts)
        case _:
            sent = parts[""]
            return (sent[0], None) if len(set(sent)) == 1 else (list(sent), OneAnswerOnly())


def _filled(filled: Mapping[str, str], one: StoredQuestion, number: int) -> tuple[Any, DomainError | None]:
    # Gaps as they are numbered on the page: in the order of the text. The text of pairs has none.
    for place, gap in enumerate(
        GAP.findall(in_language(one.content["text"]) if one.kind == QuestionKind.FILL_IN else ""), start=1
    ):
        try:
            one.question.read({gap: filled.get(gap, "")})
        except UnreadableResponse:
            return filled, GapUnreadable(number=localize_digits(number), gap=localize_digits(place))
    return filled, None


def _order(given: Mapping[str, str], one: StoredQuestion, number: int) -> tuple[Any, DomainError | None]:
    places = {item: read_key(place) for item, place in given.items() if place}
    order: list[str | None] = [None] * len(one.content["items"])
    twice = False
    for item, place in places.items():
        if place is None or not 1 <= place <= len(order):
            return None, NotOneOfTheQuestions()
        twice = twice or order[place - 1] is not None
        order[place - 1] = item
    # What was sent is on the page again, so that it can be corrected.
    return (places, PlaceGivenTwice(number=number)) if twice else (order, None)


def _hotspot(one: StoredQuestion, parts: Parts) -> tuple[Any, DomainError | None]:
    if not parts.keys() <= {"points", "instead"}:
        return None, NotOneOfTheQuestions()
    chosen = [option for option in parts.get("instead", ()) if option]
    if chosen:
        takes_several = one.content["instead"]["kind"] == "multiple"
        if not takes_several and len(set(chosen)) > 1:
            return {"instead": chosen}, OneAnswerOnly()
        return {"instead": chosen if takes_several else chosen[0]}, None
    points = parts.get("points", ("",))[-1]
    if not points:
        return None, None
    if not _POINTS.fullmatch(points):
        return None, NotOneOfTheQuestions()
    return {"points": [[int(place) for place in point.split(",")] for point in points.split()]}, None
