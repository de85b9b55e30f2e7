"""A number, with a tolerance and with a unit where one is asked for; its values may be generated for each attempt.

Content: `{"unit": {"is_asked": bool}, ...}`, and `{"variables": [name, ...]}`, whose values replace `{name}` in the text.

Key: `{"answers": [{"value": "3.14", "tolerance": "0.01" | "5%", "share": "1"}], "units": {"m": "1", "cm": "1/100"}}`. A value is an
expression of `assessment.marking.formula` where `"variables": [{"name", "low", "high", "step"}, ...]` says what is generated. `units`
says how much of the first one each is; without any, the number is typed alone. The first answer that is met counts.
"""

import re
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessment.chance import Chance
from assessment.marking.formula import Formula, FormulaError
from assessment.marking.numbers import LONGEST_NUMBER, fold_unit, number_text, read_number
from assessment.marking.question import EVERYTHING, NOTHING, InvalidQuestion, clean_text, read_share

# Values of one variable.
MOST_STEPS = 10_000
# Draws of values until the formula has a result.
MOST_DRAWS = 100
_NAMED = re.compile(r"\{([A-Za-z_][A-Za-z_0-9]{0,30})\}")


@dataclass(frozen=True)
class Variable:
    """A number that is drawn for each attempt: one of `low`, `low + step` ... up to `high`."""

    name: str
    low: Fraction
    high: Fraction
    step: Fraction

    @property
    def steps(self) -> int:
        return (self.high - self.low) // self.step + 1

    def value(self, step: int) -> Fraction:
        return self.low + step * self.step


@dataclass(frozen=True)
class Answer:
    value: Formula
    tolerance: Fraction
    is_relative: bool
    share: Fraction

    def is_met(self, number: Fraction, values: Mapping[str, Fraction]) -> bool:
        value = self.value.result(values)
        return abs(number - value) <= (self.tolerance * abs(value) if self.is_relative else self.tolerance)


class Numeric:
    """A number that is typed. One with variables is marked by the `Numeric` that `with_values` makes of it."""

    def __init__(self, content: Mapping[str, Any], key: Mapping[str, Any]) -> None:
        self.variables = tuple(_variable(one) for one in key.get("variables", ()))
        self._values: Mapping[str, Fraction] = {}
        names = {variable.name for variable in self.variables}
        self._answers = tuple(_answer(one, names) for one in key["answers"])
        if all(answer.share != EVERYTHING for answer in self._answers):
            raise InvalidQuestion("no answer earns the whole mark")
        self._units = {fold_unit(unit): _exact(factor) for unit, factor in key.get("units", {}).items()}
        if any(factor <= 0 for factor in self._units.values()):
            raise InvalidQuestion("a unit is not above 0")
        self._needs_unit = bool(content.get("unit", {}).get("is_asked"))
        if self._needs_unit and not self._units:
            raise InvalidQuestion("a unit is asked for and none is right")

    def drawn(self, chance: Chance, *, draws: int = MOST_DRAWS) -> dict[str, Fraction]:
        """Values for one attempt, for which every answer has a result. Raises InvalidQuestion where so many draws find none."""
        for draw in range(draws):
            values = {one.name: one.value(chance.below(one.steps, one.name, draw)) for one in self.variables}
            if self.has_results(values):
                return values
        raise InvalidQuestion("the formula has no result for the values of its variables")

    def has_results(self, values: Mapping[str, Fraction]) -> bool:
        """Whether every answer has a result for values."""
        try:
            for answer in self._answers:
                answer.value.result(values)
        except FormulaError:
            return False
        return True

    def with_values(self, values: Mapping[str, Fraction]) -> "Numeric":
        # Formulas are not read again: a regrade asks for this often.
        other = copy(self)
        other._values = values
        return other

    def right_numbers(self) -> list[Fraction]:
        """What earns everything, in the first unit."""
        return [answer.value.result(self._values) for answer in self._answers if answer.share == EVERYTHING]

    def read(self, sent: Any) -> str | None:
        # What is not a number yet is kept, too: people are saved while they type.
        return None if sent is None else clean_text(sent, LONGEST_NUMBER) or None

    def mark(self, response: str | None) -> Fraction:
        meanings, behind = read_number(response or "")
        factor = self._factor(behind)
        if factor is None:
            return NOTHING
        return max((self._share_of(number * factor) for number in meanings), default=NOTHING)

    def _factor(self, behind: str) -> Fraction | None:
        """How much of the first unit the typed one is, or None where it is not one of the units."""
        unit = fold_unit(behind)
        if not unit:
            return None if self._needs_unit else EVERYTHING
        if unit not in self._units:
            same = [one for one in self._units if one.casefold() == unit.casefold()]
            unit = same[0] if len(same) == 1 else unit
        return self._units.get(unit)

    def _share_of(self, number: Fraction) -> Fraction:
        for answer in self._answers:
            if answer.is_met(number, self._values):
                return answer.share
        return NOTHING


def names_in(text: str) -> set[str]:
    """The names of the values that a text shows."""
    return set(_NAMED.findall(text))


def with_numbers(text: str, values: Mapping[str, Fraction]) -> str:
    """A text with the values in it. Braces around other names stay as they are."""
    return _NAMED.sub(lambda found: number_text(values[found[1]]) if found[1] in values else found[0], text)


def _answer(stored: Mapping[str, Any], names: set[str]) -> Answer:
    try:
        value = Formula(stored["value"])
    except FormulaError as error:
        raise InvalidQuestion(str(error)) from error
    if not value.names <= names:
        raise InvalidQuestion(f"{', '.join(sorted(value.names - names))} has no values")
    typed = stored.get("tolerance", "0")
    is_relative = typed.endswith("%")
    tolerance = _exact(typed.removesuffix("%")) / (100 if is_relative else 1)
    if tolerance < 0:
        raise InvalidQuestion("a tolerance is below 0")
    return Answer(value, tolerance, is_relative, max(read_share(stored.get("share", "1")), NOTHING))


def _variable(stored: Mapping[str, Any]) -> Variable:
    variable = Variable(stored["name"], *(_exact(stored[name]) for name in ("low", "high", "step")))
    if variable.step <= 0 or variable.high < variable.low or variable.steps > MOST_STEPS:
        raise InvalidQuestion(f"{variable.name} has no values, or more than {MOST_STEPS}")
    return variable


def _exact(text: str) -> Fraction:
    meanings, behind = read_number(text)
    if len(meanings) != 1 or behind:
        raise InvalidQuestion(f"{text!r} is no number")
    return next(iter(meanings))
