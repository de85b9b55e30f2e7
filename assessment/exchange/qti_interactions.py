"""The interactions of a QTI item as one question of ours. Independent of Django."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any
from urllib.parse import unquote

from assessment.exchange.areas import area_in
from assessment.exchange.figures import decimal_in, number_in
from assessment.exchange.item import (
    FALSE,
    TRUE,
    FaultCode,
    FaultyQuestion,
    Item,
    Note,
    NoteCode,
    UnsupportedCode,
    UnsupportedQuestion,
)
from assessment.exchange.markup import Node
from assessment.exchange.qti_scoring import Declaration, Scoring, declarations_of
from assessment.exchange.qti_texts import language_said, read_passage
from assessment.exchange.texts import Passage, shortened, tidy_line
from assessment.marking.by_hand import MOST_FILES
from assessment.marking.choice import even_weights

# Kind, content and key.
type Parts = tuple[str, dict[str, Any], dict[str, Any]]

EXPLANATION = "EXPLANATION"
_INLINE = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
_FEEDBACK = frozenset({"feedbackInline", "feedbackBlock", "modalFeedback", "templateInline", "templateBlock"})
# Shares that other software rounded.
_LARGEST_DENOMINATOR = 60
_NEAR = Fraction(1, 100_000)


class Question:
    """One item, whose names are those of QTI 2. `notes`, `picture` and `most`, what it can earn, are known after `item`."""

    def __init__(self, root: Node, holds: Callable[[str], bool] = lambda _source: False) -> None:
        """`holds`: whether the package has a picture that questions show under this address."""
        self._holds = holds
        self.notes: list[Note] = []
        self.most = Fraction(1)
        # Where the picture of a hotspot is, seen from the document.
        self.picture = ""
        # That which its text shows, and its description.
        self.shown = ""
        self._alt: dict[str, str] = {}
        self._root = root
        self._body = root.first("itemBody") or Node("itemBody")
        self._interactions = [one for one in self._all(self._body) if one.name.endswith("Interaction")]
        self.type = " ".join(dict.fromkeys(one.name for one in self._interactions)) or "none"
        self._languages: tuple[str, ...] = ()
        self._gaps: dict[int, str] = {}
        # The picture of a hotspot is no part of the text.
        places = [
            one for one in self._interactions if one.name in {"hotspotInteraction", "selectPointInteraction"}
        ]
        self._picture_drawn = id(places[0].first("object", "img", "picture")) if places else None

    def item(self) -> Item:
        """Raises FaultyQuestion, UnsupportedQuestion."""
        if self._root.get("adaptive") == "true":
            raise UnsupportedQuestion(UnsupportedCode.ADAPTIVE)
        if self._root.first("templateDeclaration") is not None:
            raise UnsupportedQuestion(UnsupportedCode.GENERATED)
        read = self._reader()
        self._declarations = declarations_of(self._root)
        self._scoring = Scoring(self._root, self.notes)
        text = self._text()
        kind, content, key = read()
        explanation: dict[str, str] = {}
        for one in self._root.all("modalFeedback"):
            passage = read_passage(one.inside, self.notes)
            if one.get("outcomeIdentifier") == EXPLANATION:
                explanation = passage.texts(self._languages)
            elif passage.plain:
                self.notes.append(Note(NoteCode.FEEDBACK, shortened(passage.plain)))
        if kind == "fill_in" and len(self._gaps) == 1 and self._is_apart(self._interactions[0]):
            # A line to type in below the question is no gap in it.
            gap = content["gaps"][0]
            kind, content, key = gap["kind"], gap["content"], key["gaps"][gap["id"]]["key"]
            text = {one: said.replace("[[1]]", "").strip() for one, said in text.items()}
        if self.shown:
            content = {**content, "medium": {"picture": name_of_file(self.shown), "alt": self._alt}}
        return Item(kind, text, content, key, explanation)

    def _reader(self) -> Callable[[], Parts]:
        names = [one.name for one in self._interactions]
        if not names:
            raise UnsupportedQuestion(UnsupportedCode.DESCRIPTION)
        if set(names) <= _INLINE:
            self._gaps = {id(one): str(number) for number, one in enumerate(self._interactions, start=1)}
            return self._fill_in
        if set(names) == {"uploadInteraction"}:
            return self._files
        if len(names) > 1:
            raise UnsupportedQuestion(UnsupportedCode.SEVERAL, " ".join(names)[:200])
        readers: Mapping[str, Callable[[], Parts]] = {
            "choiceInteraction": self._choice,
            "orderInteraction": self._order,
            "matchInteraction": self._match,
            "gapMatchInteraction": self._gap_match,
            "hotspotInteraction": self._hotspot,
            "selectPointInteraction": self._points,
            "extendedTextInteraction": self._essay,
        }
        if names[0] not in readers:
            raise UnsupportedQuestion(UnsupportedCode.TYPE)
        if names[0] == "gapMatchInteraction":
            self._gaps = {
                id(one): str(number) for number, one in enumerate(self._interactions[0].every("gap"), start=1)
            }
        return readers[names[0]]

    # Texts.

    def _all(self, node: Node) -> list[Node]:
        return [one for child in node.children for one in [child, *self._all(child)]]

    def _text(self) -> dict[str, str]:
        before = list(self.notes)
        passage = read_passage(self._body.inside, self.notes, self._drawn)
        self.shown = next((one.source for one in passage.images if self._holds(one.source)), "")
        if self.shown:
            # Again, with the first picture that is kept besides the text.
            self.notes = before
            passage = read_passage(self._body.inside, self.notes, self._drawn, taken=self.shown)
        root = language_said(self._body) or language_said(self._root)
        says_one = any(language for language, _text in passage.parts)
        self._languages = passage.languages if says_one or not root else (root,)
        self._alt = passage.alt_of(self.shown, self._languages)
        return passage.texts(self._languages)

    def _drawn(self, node: Node) -> str | None:
        """What of an element is the text of the question."""
        if id(node) in self._gaps:
            return f"[[{self._gaps[id(node)]}]]"
        if node.name == "rubricBlock" and "candidate" not in node.get("view", "candidate").split():
            self._note(NoteCode.RUBRIC, node)
            return ""
        if node.name in _FEEDBACK:
            self._note(NoteCode.FEEDBACK, node)
            return ""
        if node.name in {
            "printedVariable",
            "stylesheet",
            "simpleChoice",
            "gapText",
            "gapImg",
            "simpleMatchSet",
        }:
            if node.name == "gapImg":
                self.notes.append(Note(NoteCode.MEDIA, "gapImg"))
            return ""
        return "" if id(node) == self._picture_drawn else None

    def _note(self, code: NoteCode, node: Node) -> None:
        if said := tidy_line(node.text):
            self.notes.append(Note(code, shortened(said)))

    def _passage(self, node: Node) -> Passage:
        def drawn(one: Node) -> str | None:
            if one.name not in _FEEDBACK:
                return None
            self._note(NoteCode.ANSWER_FEEDBACK, one)
            return ""

        return read_passage(node.inside, self.notes, drawn)

    def _options(self, nodes: list[Node]) -> list[dict[str, Any]]:
        if any(one.get("fixed") == "true" for one in nodes):
            self.notes.append(Note(NoteCode.FIXED_ORDER))
        return [
            {"id": one.get("identifier"), "text": self._passage(one).texts(self._languages)} for one in nodes
        ]

    def _is_apart(self, interaction: Node) -> bool:
        """Whether nothing is said on the line of an interaction."""
        for parent in self._all(self._body):
            if interaction in parent.inside:
                return not "".join(
                    one if isinstance(one, str) else one.text
                    for one in parent.inside
                    if one is not interaction
                ).strip()
        return False

    # Responses.

    def _declared(self, interaction: Node) -> Declaration:
        identifier = interaction.get("responseIdentifier")
        if identifier not in self._declarations:
            raise FaultyQuestion(FaultCode.ANSWER_MISSING, identifier)
        return self._declarations[identifier]

    def _weights(self, declared: Declaration, ids: list[str], *, takes_one: bool) -> dict[str, str]:
        """The weights of options, from a mapping or from what is correct."""
        if self._scoring.is_mapped(declared):
            most = declared.most
            if most <= 0:
                raise UnsupportedQuestion(UnsupportedCode.SCORING)
            self.most = most
            values = {one: declared.mapping.get(one, declared.default) / most for one in ids}
            return {
                one: str(_simple(min(max(value, Fraction(-1)), Fraction(1)))) for one, value in values.items()
            }
        right = [one for one in ids if one in declared.correct]
        if not right:
            raise UnsupportedQuestion(UnsupportedCode.SCORING)
        if not takes_one:
            self.notes.append(Note(NoteCode.GRADING, "all or nothing"))
        return even_weights(right, [one for one in ids if one not in right], takes_one=takes_one)

    def _choice(self) -> Parts:
        node = self._interactions[0]
        declared = self._declared(node)
        takes_one = declared.cardinality == "single"
        if node.get("shuffle") != "true":
            self.notes.append(Note(NoteCode.FIXED_ORDER))
        options = self._options(node.all("simpleChoice"))
        ids = [one["id"] for one in options]
        weights = self._weights(declared, ids, takes_one=takes_one)
        if takes_one and sorted(one.lower() for one in ids) == ["false", "true"]:
            shown = [{"id": "true", "text": TRUE}, {"id": "false", "text": FALSE}]
            return (
                "true_false",
                {"options": shown},
                {"weights": {one.lower(): share for one, share in weights.items()}},
            )
        return "single" if takes_one else "multiple", {"options": options}, {"weights": weights}

    def _order(self) -> Parts:
        node = self._interactions[0]
        declared = self._declared(node)
        items = self._options(node.all("simpleChoice"))
        if sorted(declared.correct) != sorted(one["id"] for one in items):
            raise UnsupportedQuestion(UnsupportedCode.SCORING)
        by_place = self._scoring.is_by_place(declared)
        if not by_place:
            self._scoring.is_mapped(declared)
        return (
            "ordering",
            {"items": items},
            {"order": declared.correct, "credit": "places" if by_place else "all"},
        )

    def _match(self) -> Parts:
        node = self._interactions[0]
        declared = self._declared(node)
        sets = [self._options(one.all("simpleAssociableChoice")) for one in node.all("simpleMatchSet")]
        if len(sets) != 2:
            raise FaultyQuestion(FaultCode.FORM, "simpleMatchSet")
        said = [one.split(" ") for one in self._pairs(declared)]
        for first, second in ((0, 1), (1, 0)):
            pairs = {one[first]: one[second] for one in said if len(one) == 2}
            if len(pairs) == len(said) and set(pairs) == {one["id"] for one in sets[first]}:
                return "matching", {"stems": sets[first], "choices": sets[second]}, {"pairs": pairs}
        raise UnsupportedQuestion(UnsupportedCode.MANY_TO_MANY)

    def _pairs(self, declared: Declaration) -> list[str]:
        """The pairs that are right; each earns the same with us."""
        if self._scoring.is_mapped(declared):
            gains = {pair: value for pair, value in declared.mapping.items() if value > 0}
            self.most = declared.most
            if (
                len(set(gains.values())) > 1
                or any(value < 0 for value in declared.mapping.values())
                or declared.default
            ):
                self.notes.append(Note(NoteCode.GRADING, "mapping"))
            return list(gains)
        if not declared.correct:
            raise UnsupportedQuestion(UnsupportedCode.SCORING)
        self.notes.append(Note(NoteCode.GRADING, "all or nothing"))
        return declared.correct

    def _gap_match(self) -> Parts:
        node = self._interactions[0]
        declared = self._declared(node)
        options = self._options(node.all("gapText"))
        if not options:
            raise UnsupportedQuestion(UnsupportedCode.TYPE, "gapImg")
        right = {pair.split(" ")[-1]: pair.split(" ")[0] for pair in self._pairs(declared)}
        gaps, keys = [], {}
        for gap in node.every("gap"):
            number = self._gaps[id(gap)]
            if gap.get("identifier") not in right:
                raise UnsupportedQuestion(UnsupportedCode.SCORING, gap.get("identifier"))
            gaps.append({"id": number, "kind": "single", "content": {"options": options}})
            keys[number] = {"key": {"weights": {right[gap.get("identifier")]: "1"}}, "points": 1}
        return "fill_in", {"gaps": gaps}, {"gaps": keys}

    def _fill_in(self) -> Parts:
        points = self._scoring.points_of(self._declarations)
        gaps: list[dict[str, Any]] = []
        keys: dict[str, dict[str, Any]] = {}
        for node in self._interactions:
            number = self._gaps[id(node)]
            declared = self._declared(node)
            kind, content, key = self._gap(node, declared)
            gaps.append({"id": number, "kind": kind, "content": content})
            keys[number] = {"key": key, "points": points.get(declared.identifier, 1)}
        self.most = Fraction(sum(one["points"] for one in keys.values()))
        return "fill_in", {"gaps": gaps}, {"gaps": keys}

    def _gap(self, node: Node, declared: Declaration) -> Parts:
        if node.name == "inlineChoiceInteraction":
            options = self._options(node.all("inlineChoice"))
            weights = self._weights(declared, [one["id"] for one in options], takes_one=True)
            return "single", {"options": options}, {"weights": weights}
        if declared.base_type in {"float", "integer"}:
            return "numeric", {}, {"answers": self._numbers(declared)}
        if self._scoring.is_mapped(declared):
            most = declared.most
            if most <= 0:
                raise UnsupportedQuestion(UnsupportedCode.SCORING)
            accepted = [
                {"text": text.replace("*", r"\*"), "share": str(_simple(value / most))}
                for text, value in declared.mapping.items()
            ]
            return "short_text", {}, {"accepted": accepted, "is_exact": declared.is_case_sensitive}
        if not declared.correct:
            raise UnsupportedQuestion(UnsupportedCode.SCORING)
        accepted = [{"text": text.replace("*", r"\*")} for text in declared.correct]
        return "short_text", {}, {"accepted": accepted, "is_exact": True}

    def _numbers(self, declared: Declaration) -> list[dict[str, str]]:
        branches = self._scoring.branches(declared)
        if branches:
            most = max(one.earns for one in branches)
            return [
                {
                    "value": decimal_in(one.value),
                    "tolerance": one.tolerance if one.tolerance.endswith("%") else decimal_in(one.tolerance),
                    "share": str(_simple(one.earns / most)),
                }
                for one in branches
            ]
        if self._scoring.is_mapped(declared) and declared.most > 0:
            return [
                {"value": decimal_in(value), "share": str(_simple(earned / declared.most))}
                for value, earned in declared.mapping.items()
            ]
        if not declared.correct:
            raise UnsupportedQuestion(UnsupportedCode.SCORING)
        return [{"value": decimal_in(value)} for value in declared.correct]

    def _picture(self, node: Node) -> tuple[dict[str, Any], int, int]:
        picture = node.first("object", "img", "picture")
        width, height = (
            number_in(picture.get(side) or "0") if picture else 0 for side in ("width", "height")
        )
        if picture is None or width < 1 or height < 1:
            raise FaultyQuestion(FaultCode.PICTURE)
        self.picture = name = picture.get("data") or picture.get("src")
        return (
            {"picture": name_of_file(name), "ratio": str(Fraction(height, width))},
            int(width),
            int(height),
        )

    def _hotspot(self) -> Parts:
        """Places to choose of which one or more are right: our points have to be in those."""
        node = self._interactions[0]
        declared = self._declared(node)
        content, width, height = self._picture(node)
        ids = [one.get("identifier") for one in node.all("hotspotChoice")]
        weights = self._weights(declared, ids, takes_one=declared.cardinality == "single")
        right = [
            one for one in node.all("hotspotChoice") if Fraction(weights.get(one.get("identifier"), "0")) > 0
        ]
        areas = [area_in(one.get("shape"), one.get("coords"), width, height) for one in right]
        return "hotspot", {**content, "most": len(areas)}, {"areas": areas}

    def _points(self) -> Parts:
        node = self._interactions[0]
        declared = self._declared(node)
        content, width, height = self._picture(node)
        if not declared.areas:
            raise UnsupportedQuestion(UnsupportedCode.SCORING)
        areas = [area_in(shape, places, width, height) for shape, places in declared.areas]
        return "hotspot", {**content, "most": len(areas)}, {"areas": areas}

    def _essay(self) -> Parts:
        return "essay", {}, {}

    def _files(self) -> Parts:
        return "files", {"most": min(len(self._interactions), MOST_FILES)}, {}


def name_of_file(href: str) -> str:
    """The name of a file without its folders."""
    return tidy_line(unquote(href).rsplit("/", 1)[-1])


def _simple(share: Fraction) -> Fraction:
    simple = share.limit_denominator(_LARGEST_DENOMINATOR)
    return simple if simple and share.denominator > 1000 and abs(simple - share) < _NEAR else share
