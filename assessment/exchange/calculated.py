"""Numbers with generated values, as Moodle's calculated questions write them. Independent of Django.

Moodle draws from a list of values that was generated once from a range and a number of decimals. We draw from the range, in steps of its last
decimal, or in those that `<step>` says, which is ours.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from assessment.exchange.figures import decimal_in, decimal_of, number_in
from assessment.exchange.item import (
    FaultCode,
    FaultyQuestion,
    Note,
    NoteCode,
    UnsupportedCode,
    UnsupportedQuestion,
)
from assessment.exchange.markup import Node, element, text
from assessment.marking.formula import Formula, FormulaError
from assessment.marking.numeric import MOST_STEPS

_RELATIVE, _ABSOLUTE = "1", "2"
# Their names for functions of ours.
_FUNCTIONS = {"log": "ln", "deg2rad": "rad"}
_VALUES = 20
# Each variable takes the values in an order of its own; none of the numbers shares a factor with twenty.
_STRIDES = (1, 3, 7, 9, 11, 13, 17, 19)


def read_calculated(
    node: Node, answers: Sequence[tuple[Node, str]], shown: str, notes: list[Note]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Content and key of a question. Raises FaultyQuestion, UnsupportedQuestion."""
    if re.search(r"\{\s*=", shown):
        raise UnsupportedQuestion(UnsupportedCode.GENERATED, "{=}")
    definitions = node.first("dataset_definitions")
    variables = (
        [_variable(one, notes) for one in definitions.all("dataset_definition")] if definitions else []
    )
    kept = []
    for one, share in answers:
        tolerance = number_in(one.text_of("tolerance") or "0")
        match one.text_of("tolerancetype", _RELATIVE):
            case "1":
                width = f"{decimal_of(tolerance * 100) or tolerance * 100}%"
            case "2":
                width = decimal_of(tolerance) or str(tolerance)
            case other:
                raise UnsupportedQuestion(UnsupportedCode.FORMULA, f"tolerancetype {other}")
        kept.append({"value": _formula(one.text_of("text")), "tolerance": width, "share": share})
    names = [one["name"] for one in variables]
    return ({"variables": names} if names else {}), {"answers": kept, "variables": variables}


def _formula(given: str) -> str:
    formula = re.sub(
        r"\b([a-z][a-z0-9]*)\s*\(", lambda found: f"{_FUNCTIONS.get(found[1], found[1])}(", given.strip()
    )
    try:
        Formula(formula)
    except FormulaError as error:
        raise UnsupportedQuestion(UnsupportedCode.FORMULA, given[:80]) from error
    return formula


def _variable(node: Node, notes: list[Note]) -> dict[str, str]:
    name = node.text_of("name")
    if not re.fullmatch(r"[A-Za-z_][A-Za-z_0-9]{0,30}", name):
        raise UnsupportedQuestion(UnsupportedCode.GENERATED, name[:40])
    low, high = number_in(node.text_of("minimum")), number_in(node.text_of("maximum"))
    if step_said := node.text_of("step"):
        step = number_in(step_said)
    else:
        decimals = number_in(node.text_of("decimals") or "0")
        if not 0 <= decimals <= 10:
            raise FaultyQuestion(FaultCode.NUMBER, str(decimals))
        step = Fraction(1, 10 ** int(decimals))
        while step > 0 and (high - low) / step >= MOST_STEPS:
            step *= 10
        notes.append(Note(NoteCode.VALUES, name))
    return {
        "name": name,
        **{
            one: decimal_of(value) or str(value)
            for one, value in (("low", low), ("high", high), ("step", step))
        },
    }


def write_answers(key: Mapping[str, Any], percents: Sequence[str]) -> str:
    """The answers of a question with variables, as XML."""
    written = []
    for one, share in zip(key["answers"], percents, strict=True):
        is_relative = one["tolerance"].endswith("%")
        tolerance = one["tolerance"].removesuffix("%")
        if is_relative:
            tolerance = decimal_of(Fraction(decimal_in(tolerance)) / 100) or tolerance
        written.append(
            element(
                "answer",
                element("text", text(_moodle_formula(one["value"]))),
                element("tolerance", text(tolerance)),
                element("tolerancetype", _RELATIVE if is_relative else _ABSOLUTE),
                element("correctanswerformat", "1"),
                element("correctanswerlength", "2"),
                fraction=share,
            )
        )
    return "".join(written)


def write_variables(variables: Sequence[Mapping[str, str]]) -> str:
    """The ranges of the values, with some values of each for Moodle, as XML."""
    written = []
    for number, one in enumerate(variables):
        low, high, step = (Fraction(one[part]) for part in ("low", "high", "step"))
        steps = (high - low) // step
        stride = _STRIDES[number % len(_STRIDES)]
        values = [
            low + step * (steps * (place * stride % _VALUES) // (_VALUES - 1)) for place in range(_VALUES)
        ]
        items = "".join(
            element(
                "dataset_item",
                element("number", str(place)),
                element("value", decimal_of(value) or str(value)),
            )
            for place, value in enumerate(values, start=1)
        )
        decimals = len((decimal_of(step) or "0").partition(".")[2])
        written.append(
            element(
                "dataset_definition",
                element("status", element("text", "private")),
                element("name", element("text", one["name"])),
                element("type", "calculated"),
                element("distribution", element("text", "uniform")),
                element("minimum", element("text", one["low"])),
                element("maximum", element("text", one["high"])),
                element("decimals", element("text", str(decimals))),
                element("step", element("text", one["step"])),
                element("itemcount", str(_VALUES)),
                element("dataset_items", items),
                element("number_of_items", str(_VALUES)),
            )
        )
    return element("dataset_definitions", *written)


def _moodle_formula(formula: str) -> str:
    theirs = {ours: name for name, ours in _FUNCTIONS.items()}
    return re.sub(r"\b([a-z][a-z0-9]*)\s*\(", lambda found: f"{theirs.get(found[1], found[1])}(", formula)
