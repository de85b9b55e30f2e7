"""Options to choose from: one of them, or several.

Content: `{"options": [{"id", "text"}, ...]}`. Key: `{"weights": {option id: share}}`; options that are not named weigh nothing.

Where several may be ticked, the weights of the ticked ones are added, and a question never marks below 0: partial credit as in Moodle's
multiple-answer questions and QTI 2.2 response mapping with a lower bound of 0. `even_weights` gives each right option an equal share of
the mark and takes back an equal share for each wrong one, so that ticking everything earns nothing (unless everything is right).
"""

from collections.abc import Collection, Mapping
from fractions import Fraction
from math import lcm
from typing import Any

from assessment.marking.question import (
    EVERYTHING,
    NOTHING,
    InvalidQuestion,
    UnreadableResponse,
    ids_in,
    one_of,
    read_share,
)


def even_weights(right: Collection[str], wrong: Collection[str], *, takes_one: bool) -> dict[str, str]:
    """The weights of a question whose options are either right or wrong."""
    if takes_one:
        return dict.fromkeys(right, "1")
    gains, losses = Fraction(1, len(right)), Fraction(-1, len(wrong) or 1)
    return {**dict.fromkeys(right, str(gains)), **dict.fromkeys(wrong, str(losses))}


class SingleChoice:
    """One option, whose weight is the share; true and false are the two options of a statement."""

    def __init__(self, content: Mapping[str, Any], key: Mapping[str, Any]) -> None:
        weights = _weights(content, key)
        if EVERYTHING not in weights.values():
            raise InvalidQuestion("no option earns the whole mark")
        self._shares = {option: max(weight, NOTHING) for option, weight in weights.items()}

    def read(self, sent: Any) -> str | None:
        return one_of(sent, self._shares) if sent not in (None, "") else None

    def mark(self, response: str | None) -> Fraction:
        return self._shares.get(response, NOTHING) if response else NOTHING


class MultipleChoice:
    """Any number of options. Those with a weight above 0 together earn the whole mark."""

    def __init__(self, content: Mapping[str, Any], key: Mapping[str, Any]) -> None:
        weights = _weights(content, key)
        gains = sum((weight for weight in weights.values() if weight > 0), NOTHING)
        if gains <= 0:
            raise InvalidQuestion("no option earns anything")
        # Weights of a third, written with five digits, are meant to be the whole together.
        if abs(gains - 1) > Fraction(1, 100):
            raise InvalidQuestion("the right options do not earn the whole mark together")
        parts = lcm(*(weight.denominator for weight in weights.values()))
        self._parts = {option: int(weight * parts) for option, weight in weights.items()}
        self._whole = int(gains * parts)
        self._shares: dict[int, Fraction] = {}

    def read(self, sent: Any) -> list[str] | None:
        if sent is None:
            return None
        if not isinstance(sent, list) or len(sent) > 10 * len(self._parts):
            raise UnreadableResponse("a list of options is asked for")
        return sorted({one_of(option, self._parts) for option in sent}) or None

    def mark(self, response: Collection[str] | None) -> Fraction:
        parts = sum([self._parts[option] for option in response]) if response else 0
        if parts not in self._shares:
            self._shares[parts] = Fraction(min(max(parts, 0), self._whole), self._whole)
        return self._shares[parts]


def _weights(content: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Fraction]:
    options = ids_in(content, "options")
    named = key["weights"]
    if not set(named) <= set(options):
        raise InvalidQuestion("the key names options that the question does not have")
    return {option: read_share(named[option]) if option in named else NOTHING for option in options}
