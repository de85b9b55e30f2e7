"""Reads Moodle's XML: `<quiz>` with a `<question type="...">` for each. Independent of Django.

What is no question type of ours is listed, and what an item loses is noted. `moodle_xml_writer` writes the same form.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from assessment.exchange.areas import area_in
from assessment.exchange.calculated import read_calculated
from assessment.exchange.canonical import checked, tidy_category, with_difficulty
from assessment.exchange.cloze import read_gaps, without_gaps
from assessment.exchange.figures import decimal_in, number_in
from assessment.exchange.gift import CREDIT_OF_GRADING
from assessment.exchange.item import (
    FALSE,
    TRUE,
    Fault,
    FaultCode,
    FaultyQuestion,
    Item,
    Note,
    NoteCode,
    Picture,
    Reading,
    UnreadableFile,
    Unsupported,
    UnsupportedCode,
    UnsupportedQuestion,
)
from assessment.exchange.markup import Node, parse
from assessment.exchange.moodle_xml_element import QuestionElement, is_true
from assessment.exchange.pictures import picture_of_base64, size_of
from assessment.exchange.texts import read_string, read_text, shortened, tidy_line
from assessment.marking.by_hand import MOST_FILES

# Content and key.
type Parts = tuple[str, dict[str, Any], dict[str, Any]]

_GAP_OF_WORD = re.compile(r"\[\[([0-9]{1,3})\]\]")


def read(data: bytes) -> Reading:
    """The questions of a file. Raises UnreadableFile."""
    root = parse(data)
    reading = Reading()
    category = ""
    if root.name != "quiz":
        raise UnreadableFile(FaultCode.FORM, line=root.line, detail=root.name)
    for node in root.children:
        if node.name != "question":
            reading.notes.append(Note(NoteCode.ELEMENT, node.name))
        elif node.get("type") == "category":
            said = node.first("category")
            category = tidy_category(said.text if said else "")
            if info := node.text_of("info"):
                reading.notes.append(Note(NoteCode.CATEGORY_TEXT, shortened(info)))
        else:
            reading.add(_found(node, category))
    return reading


def _found(node: Node, category: str) -> Item | Unsupported | Fault:
    type_, title = node.get("type", "?"), tidy_line(node.text_of("name"))
    try:
        return checked(replace(_Question(node).item(), category=category, title=title, line=node.line))
    except UnsupportedQuestion as error:
        return Unsupported(node.line, type_, error.code, error.detail, title)
    except FaultyQuestion as error:
        return Fault(node.line, error.code, error.detail, title)


class _Question(QuestionElement):
    def item(self) -> Item:
        kind, content, key = self.parts()
        if self.medium:
            content = {**content, "medium": self.medium}
        explanation = self._texts(self.node.first("generalfeedback"))
        self._note_the_rest()
        tags = self.node.first("tags")
        names, difficulty = with_difficulty([tidy_line(one.text) for one in tags.all("tag")] if tags else [])
        return Item(
            kind,
            self.text,
            content,
            key,
            explanation,
            points=self._points(),
            tags=names,
            difficulty=difficulty,
            name=self.node.text_of("idnumber"),
            notes=tuple(self.notes),
            pictures=tuple(self.pictures),
        )

    def parts(self) -> Parts:
        """Kind, content and key; the text is kept."""
        read = _READERS.get(self.node.get("type"))
        if read is None:
            code = (
                UnsupportedCode.DESCRIPTION
                if self.node.get("type") == "description"
                else UnsupportedCode.TYPE
            )
            raise UnsupportedQuestion(code)
        if self.node.get("type") not in _WITH_GAPS:
            self._read_text(self.node.first("questiontext"))
        return read(self)

    def multichoice(self) -> Parts:
        kind = "single" if is_true(self.node.text_of("single", "true")) else "multiple"
        answers = self._answers()
        options = [
            {"id": str(number), "text": self._texts(one)}
            for number, (one, _share) in enumerate(answers, start=1)
        ]
        weights = {str(number): share for number, (_one, share) in enumerate(answers, start=1)}
        return kind, {"options": options}, {"weights": weights}

    def true_false(self) -> Parts:
        weights = {one.text_of("text").lower(): share for one, share in self._answers()}
        if not set(weights) <= {"true", "false"}:
            raise FaultyQuestion(FaultCode.FORM, ", ".join(weights))
        options = [{"id": "true", "text": TRUE}, {"id": "false", "text": FALSE}]
        return "true_false", {"options": options}, {"weights": weights}

    def short_text(self) -> Parts:
        accepted = [
            {"text": tidy_line(one.text_of("text")), "share": share} for one, share in self._answers()
        ]
        return "short_text", {}, {"accepted": accepted, "is_exact": is_true(self.node.text_of("usecase"))}

    def numeric(self) -> Parts:
        answers = []
        for one, share in self._answers():
            value = one.text_of("text")
            # Any number at all, with a share of nothing: what is said of a wrong one.
            if value == "*" and share == "0":
                continue
            tolerance = decimal_in(one.text_of("tolerance") or "0")
            answers.append({"value": decimal_in(value), "tolerance": tolerance, "share": share})
        content, units = self.units()
        return "numeric", content, {"answers": answers, "units": units}

    def units(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Whether a unit is asked for, and how much of the first one each is: Moodle says how many of each are one of the first."""
        given = self.node.first("units")
        units: dict[str, str] = {}
        for one in given.all("unit") if given else ():
            many = number_in(one.text_of("multiplier") or "1")
            if many <= 0:
                raise FaultyQuestion(FaultCode.NUMBER, str(many))
            units[one.text_of("unit_name")] = str(1 / many)
        is_asked = bool(units) and self.node.text_of("unitgradingtype", "0") not in {"", "0"}
        if is_asked and number_in(self.node.text_of("unitpenalty") or "1") < 1:
            self.notes.append(Note(NoteCode.UNIT, self.node.text_of("unitpenalty")))
        if units and is_true(self.node.text_of("unitsleft")):
            self.notes.append(Note(NoteCode.UNIT, "left"))
        return {"unit": {"is_asked": is_asked}}, units

    def calculated(self) -> Parts:
        content, units = self.units()
        texts = "".join(self.text.values())
        shown, key = read_calculated(self.node, self._answers(), texts, self.notes)
        return "numeric", {**content, **shown}, {**key, "units": units}

    def matching(self) -> Parts:
        stems: list[dict[str, Any]] = []
        choices: list[dict[str, Any]] = []
        pairs = {}
        for number, one in enumerate(self.node.all("subquestion"), start=1):
            answer = one.first("answer")
            if answer is None:
                raise FaultyQuestion(FaultCode.ANSWER_MISSING, shortened(one.text))
            if "format" in answer.attributes:
                said = self._passage(answer)
            else:
                said = read_string(answer.text_of("text"))
                self.notes += said.notes
            choices.append({"id": str(number), "text": said.texts(self.languages)})
            if text := self._texts(one):
                stems.append({"id": str(number), "text": text})
                pairs[str(number)] = str(number)
        return "matching", {"stems": stems, "choices": choices}, {"pairs": pairs}

    def ordering(self) -> Parts:
        if self.node.text_of("selecttype", "ALL").upper() not in {"ALL", "0"}:
            self.notes.append(Note(NoteCode.SUBSET, self.node.text_of("selecttype")))
        grading = self.node.text_of("gradingtype", "ABSOLUTE_POSITION").upper()
        grading = {"-1": "ALL_OR_NOTHING", "0": "ABSOLUTE_POSITION", "2": "RELATIVE_NEXT_INCLUDE_LAST"}.get(
            grading, grading
        )
        if grading not in CREDIT_OF_GRADING:
            self.notes.append(Note(NoteCode.GRADING, grading))
        # `fraction` is the place in the order here.
        answers = sorted(self.node.all("answer"), key=lambda one: number_in(one.get("fraction", "0")))
        for one in answers:
            self._note(NoteCode.ANSWER_FEEDBACK, one.first("feedback"))
        items = [{"id": str(number), "text": self._texts(one)} for number, one in enumerate(answers, start=1)]
        order = [str(number) for number in range(1, len(items) + 1)]
        credit = CREDIT_OF_GRADING.get(grading, "places")
        return "ordering", {"items": items}, {"order": order, "credit": credit}

    def cloze(self) -> Parts:
        node = self.node.first("questiontext") or Node("questiontext")
        source = node.first("text")
        written = source.text if source else ""
        self.languages = read_text(without_gaps(written), node.get("format")).languages
        gaps = read_gaps(written, self.languages)
        replaced = replace(node, inside=[*node.all("file"), Node("text", inside=[gaps.source])])
        self.notes += gaps.notes
        self._read_text(replaced)
        return "fill_in", gaps.content, gaps.key

    def words_to_choose(self) -> Parts:
        """`[[2]]` in the text is the second word, and all words of its group may be chosen there."""
        self._read_text(self.node.first("questiontext"))
        words = self.node.all("selectoption", "dragbox")
        groups = [one.text_of("group", "1") for one in words]
        texts = [self._word(one) for one in words]
        found: list[int] = []
        shown: dict[str, str] = {}
        for language, text in self.text.items():
            shown[language] = _GAP_OF_WORD.sub(lambda match: self._taken(match, found, len(words)), text)
        self.text = shown
        gaps, keys = [], {}
        for number, word in enumerate(found, start=1):
            members = [place for place, group in enumerate(groups) if group == groups[word]]
            options = [{"id": str(place + 1), "text": texts[place]} for place in members]
            gaps.append({"id": str(number), "kind": "single", "content": {"options": options}})
            keys[str(number)] = {"key": {"weights": {str(word + 1): "1"}}, "points": 1}
        if not gaps:
            raise FaultyQuestion(FaultCode.ANSWER_MISSING)
        return "fill_in", {"gaps": gaps}, {"gaps": keys}

    def _taken(self, match: Any, found: list[int], most: int) -> str:
        word = int(match[1]) - 1
        if not 0 <= word < most:
            raise FaultyQuestion(FaultCode.FORM, match[0])
        found.append(word)
        return f"[[{len(found)}]]"

    def _word(self, node: Node) -> dict[str, str]:
        passage = read_string(node.text_of("text"))
        if "<" in node.text_of("text"):
            passage = read_text(node.text_of("text"), "html")
        self.notes += passage.notes
        return passage.texts(self.languages)

    def essay(self) -> Parts:
        most = int(number_in(self.node.text_of("attachments") or "0"))
        most = MOST_FILES if most < 0 else min(most, MOST_FILES)
        if self.node.text_of("responseformat") == "noinline":
            return "files", {"most": most or 1}, {}
        if most:
            self.notes.append(Note(NoteCode.ATTACHMENTS, str(most)))
        return "essay", {}, {}

    def hotspot(self) -> Parts:
        """Markers that are all alike, as our points are."""
        markers = self.node.all("drag")
        if len(markers) != 1:
            raise UnsupportedQuestion(UnsupportedCode.MARKERS, str(len(markers)))
        picture = self.node.first("file")
        if picture is None:
            raise FaultyQuestion(FaultCode.PICTURE)
        data = picture_of_base64(picture.text)
        width, height = size_of(data)
        name = tidy_line(picture.get("name").rsplit("/", 1)[-1]) or "picture"
        self.pictures.append(Picture(name, data))
        areas = []
        for one in self.node.all("drop"):
            exact = one.text_of("area")
            areas.append(
                area_in(one.text_of("shape"), exact, 1000, 1000)
                if exact
                else area_in(one.text_of("shape"), one.text_of("coords"), width, height)
            )
        content: dict[str, Any] = {"picture": name, "ratio": str(Fraction(height, width)), "most": len(areas)}
        key: dict[str, Any] = {"areas": areas}
        equivalent = self.node.first("equivalent")
        inner = equivalent.first("question") if equivalent else None
        if inner is not None:
            instead = _Question(inner, languages=self.languages)
            kind, inner_content, inner_key = instead.parts()
            text = {"text": instead.text} if instead.text else {}
            content["instead"] = {"kind": kind, "content": {**text, **inner_content}}
            key["instead"] = inner_key
        return "hotspot", content, key


_WITH_GAPS = frozenset({"cloze", "multianswer", "gapselect", "ddwtos"})
_READERS: Mapping[str, Any] = {
    "multichoice": _Question.multichoice,
    "truefalse": _Question.true_false,
    "shortanswer": _Question.short_text,
    "numerical": _Question.numeric,
    "calculated": _Question.calculated,
    "calculatedsimple": _Question.calculated,
    "matching": _Question.matching,
    "ddmatch": _Question.matching,
    "ordering": _Question.ordering,
    "cloze": _Question.cloze,
    "multianswer": _Question.cloze,
    "gapselect": _Question.words_to_choose,
    "ddwtos": _Question.words_to_choose,
    "essay": _Question.essay,
    "ddmarker": _Question.hotspot,
}
