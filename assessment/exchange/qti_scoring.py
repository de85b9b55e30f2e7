"""How a QTI item says what is right: declarations of responses, and response processing. Independent of Django."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from assessment.exchange.figures import number_in
from assessment.exchange.item import FaultCode, FaultyQuestion, Note, NoteCode
from assessment.exchange.markup import Node

# Where processing consists of these only, it says no more than correct responses and mappings do.
_UNDERSTOOD = frozenset(
    {
        *(
            "responseCondition",
            "responseIf",
            "responseElseIf",
            "responseElse",
            "setOutcomeValue",
            "match",
            "variable",
        ),
        *(
            "correct",
            "baseValue",
            "mapResponse",
            "mapResponsePoint",
            "sum",
            "isNull",
            "not",
            "and",
            "equal",
            "null",
        ),
        *("product", "divide", "index", "or"),
    }
)


@dataclass
class Declaration:
    """What is known of one response."""

    identifier: str
    cardinality: str
    base_type: str
    correct: list[str] = field(default_factory=list)
    mapping: dict[str, Fraction] = field(default_factory=dict)
    default: Fraction = Fraction(0)
    is_case_sensitive: bool = False
    areas: list[tuple[str, str]] = field(default_factory=list)

    @property
    def most(self) -> Fraction:
        """What can be earned by its mapping."""
        gains = [value for value in self.mapping.values() if value > 0]
        return max(gains, default=Fraction(0)) if self.cardinality == "single" else sum(gains, Fraction(0))


@dataclass(frozen=True)
class Branch:
    """A number that earns something: value, tolerance, and what it earns."""

    value: str
    tolerance: str
    earns: Fraction


def declarations_of(item: Node) -> dict[str, Declaration]:
    """The responses of an item by identifier."""
    found = {}
    for node in item.all("responseDeclaration"):
        correct = node.first("correctResponse")
        mapping = node.first("mapping")
        areas = node.first("areaMapping")
        entries = mapping.all("mapEntry") if mapping else []
        found[node.get("identifier")] = Declaration(
            node.get("identifier"),
            node.get("cardinality", "single"),
            node.get("baseType", "identifier"),
            [" ".join(one.text.split()) for one in correct.all("value")] if correct else [],
            {" ".join(one.get("mapKey").split()): number_in(one.get("mappedValue", "0")) for one in entries},
            number_in(mapping.get("defaultValue") or "0") if mapping else Fraction(0),
            any(one.get("caseSensitive", "true") == "true" for one in entries),
            [(one.get("shape"), one.get("coords")) for one in areas.all("areaMapEntry")] if areas else [],
        )
    return found


class Scoring:
    """What the processing of an item's responses does."""

    def __init__(self, item: Node, notes: list[Note]) -> None:
        self._node = item.first("responseProcessing")
        self._notes = notes
        template = self._node.get("template") if self._node else ""
        self._template = re.sub(r"^CC2_|\.xml$", "", template.rsplit("/", 1)[-1])
        names = {one.name for one in _descendants(self._node)} if self._node else set()
        if strange := sorted(names - _UNDERSTOOD):
            notes.append(Note(NoteCode.GRADING, " ".join(strange)[:200]))

    def is_mapped(self, declaration: Declaration) -> bool:
        """Whether its mapping counts; otherwise its correct response does, and a note says so where nothing in the file does."""
        identifier = declaration.identifier
        if self._template in {"map_response", "map_response_point"} or self._has("mapResponse", identifier):
            return bool(declaration.mapping)
        is_said = self._template.startswith("match") or self._has("correct", identifier)
        if not is_said and not self._node:
            self._notes.append(Note(NoteCode.GRADING, "none"))
            return bool(declaration.mapping)
        if not is_said and declaration.correct:
            self._notes.append(Note(NoteCode.GRADING, identifier))
        return False

    def branches(self, declaration: Declaration) -> list[Branch]:
        """The numbers that a response is compared with."""
        found = []
        for node in _descendants(self._node) if self._node else ():
            if node.name not in {"responseIf", "responseElseIf"}:
                continue
            equal, outcome = node.first("equal"), node.first("setOutcomeValue")
            if equal is None or outcome is None:
                continue
            variables = [one.get("identifier") for one in equal.every("variable")]
            if variables != [declaration.identifier]:
                continue
            value = equal.first("baseValue")
            if value is None and equal.first("correct") is None:
                continue
            said = value.text.strip() if value else (declaration.correct or [""])[0]
            earned = next(iter(outcome.every("baseValue")), None)
            earns = number_in(earned.text.strip()) if earned else Fraction(0)
            if earns > 0:
                found.append(Branch(said, _tolerance(equal), earns))
        return found

    def is_by_place(self, declaration: Declaration) -> bool:
        """Whether each place of an order is compared on its own."""
        return any(
            [one.get("identifier") for one in node.every("variable")] == [declaration.identifier]
            for node in (_descendants(self._node) if self._node else ())
            if node.name == "index"
        )

    def points_of(self, identifiers: Mapping[str, Declaration]) -> dict[str, int]:
        """How much each gap weighs, where the processing says so in whole numbers."""
        found = {}
        for node in _descendants(self._node) if self._node else ():
            value = node.first("baseValue")
            variables = [one.get("identifier") for one in node.all("variable")]
            if node.name == "product" and value and len(variables) == 1 and value.text.strip().isdecimal():
                found[variables[0].removesuffix("_SCORE")] = int(value.text)
        for identifier, declaration in identifiers.items():
            if identifier not in found and declaration.mapping and declaration.most.denominator == 1:
                found[identifier] = max(int(declaration.most), 1)
        return found

    def _has(self, name: str, identifier: str) -> bool:
        return any(
            one.name == name and one.get("identifier") == identifier
            for one in (_descendants(self._node) if self._node else ())
        )


def _descendants(node: Node) -> list[Node]:
    return [one for child in node.children for one in [child, *_descendants(child)]]


def _tolerance(equal: Node) -> str:
    widths = equal.get("tolerance", "0").split()
    if len(set(widths)) > 1:
        raise FaultyQuestion(FaultCode.NUMBER, equal.get("tolerance"))
    match equal.get("toleranceMode", "exact"):
        case "absolute":
            return widths[0]
        case "relative":
            return f"{widths[0]}%"
    return "0"
