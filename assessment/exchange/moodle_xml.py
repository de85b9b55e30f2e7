"""Reads Moodle's XML: `<quiz>` with a `<question type="...">` for each. Independent of Django.

What is no question type of ours is listed, and what an item loses is noted. `moodle_xml_writer` writes the same form.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any
from urllib.parse import unquote

from assessment.exchange.areas import area_in
from assessment.exchange.calculated import read_calculated
from assessment.exchange.canonical import checked, tidy_category, with_difficulty
from assessment.exchange.cloze import read_gaps, without_gaps
from assessment.exchange.figures import decimal_in, number_in, share_of_percent
from assessment.exchange.gift import CREDIT_OF_GRADING
from assessment.exchange.item import (
    FALSE,
    MOST_POINTS,
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
from assessment.exchange.pictures import is_taken, picture_of_base64, size_of
from assessment.exchange.texts import Passage, read_plain, read_string, read_text, shortened, tidy_line, words
from assessment.marking.by_hand import MOST_FILES

# Content and key.
type Parts = tuple[str, dict[str, Any], dict[str, Any]]

_KNOWN = words(
    "name questiontext generalfeedback defaultgrade penalty hidden idnumber tags answer single shuffleanswers shuffle answernumbering "
    "correctfeedback partiallycorrectfeedback incorrectfeedback shownumcorrect showstandardinstruction usecase units unitgradingtype "
    "unitpenalty showunits unitsleft subquestion layouttype selecttype selectcount gradingtype showgrading numberingstyle selectoption "
    "dragbox responseformat responserequired responsefieldlines minwordlimit maxwordlimit attachments attachmentsrequired maxbytes "
    "filetypeslist graderinfo responsetemplate file drag drop hint equivalent dataset_definitions synchronize instructions image "
    "image_base64 area"
)
# Before the names of files in texts.
_FILES = "@@PLUGINFILE@@/"
_GAP_OF_WORD = re.compile(r"\[\[([0-9]{1,3})\]\]")
_NOTED = {
    "hint": NoteCode.HINT,
    "graderinfo": NoteCode.RUBRIC,
    "responsetemplate": NoteCode.TEMPLATE,
    "correctfeedback": NoteCode.FEEDBACK,
    "partiallycorrectfeedback": NoteCode.FEEDBACK,
    "incorrectfeedback": NoteCode.FEEDBACK,
    "image": NoteCode.MEDIA,
    "image_base64": NoteCode.MEDIA,
}
# What Moodle itself fills in, in English.
_USUAL_FEEDBACK = frozenset(
    {"Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect."}
)


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


@dataclass
class _Question:
    node: Node
    # Those of the question around it, for one inside another.
    languages: Sequence[str] = ()
    notes: list[Note] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    text: dict[str, str] = field(default_factory=dict)
    # What the text shows, with its description.
    medium: dict[str, Any] = field(default_factory=dict)

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

    def _read_text(self, node: Node | None) -> None:
        """The text of the question, and the first picture in it that it comes with."""
        taken = self._named_in(node)
        said = self._passage(node, taken=taken)
        self.languages = self.languages or said.languages
        self.text = said.texts(self.languages)
        if taken:
            name = self.pictures[-1].name
            self.medium = {"picture": name, "alt": said.alt_of(taken, self.languages)}

    def _named_in(self, node: Node | None) -> str:
        """How the text names the picture that is kept with the question; others are noted."""
        said = node.first("text") if node else None
        if node is None or said is None:
            return ""
        files = {f"{one.get('path', '/')}{one.get('name')}".lstrip("/"): one for one in node.all("file")}
        for image in read_text(said.text, node.get("format")).images if files else ():
            file = files.get(unquote(image.source.removeprefix(_FILES)))
            if file is None or not image.source.startswith(_FILES):
                continue
            data = picture_of_base64(file.text)
            if is_taken(data):
                name = tidy_line(file.get("name").rsplit("/", 1)[-1]) or "picture"
                self.pictures.append(
                    Picture(f"text-{name}" if _is_another(self.node, name, file) else name, data)
                )
                return image.source
        return ""

    def _passage(self, node: Node | None, *, taken: str = "") -> Passage:
        """The text in an element, with what it loses noted. `taken`: how it names the picture that is kept."""
        if node is None:
            return Passage()
        said = node.first("text")
        passage = (
            read_text(said.text, node.get("format"), taken=taken) if said else read_plain(node.text[:200])
        )
        self.notes += passage.notes
        # A file that the text shows is noted already.
        shown = {unquote(note.detail.rsplit("/", 1)[-1]) for note in passage.notes}
        shown.add(unquote(taken.rsplit("/", 1)[-1]))
        self.notes += [
            Note(NoteCode.MEDIA, shortened(one.get("name")))
            for one in node.all("file")
            if one.get("name") not in shown
        ]
        return passage

    def _texts(self, node: Node | None) -> dict[str, str]:
        return self._passage(node).texts(self.languages)

    def _points(self) -> int:
        said = self.node.text_of("defaultgrade") or "1"
        points = number_in(said)
        kept = min(max(round(points), 1), MOST_POINTS)
        if kept != points:
            self.notes.append(Note(NoteCode.POINTS, said))
        return kept

    def _note_the_rest(self) -> None:
        for node in self.node.children:
            said = node.text.strip()
            if node.name in _NOTED:
                self._note(_NOTED[node.name], node)
            elif node.name == "penalty" and said and number_in(said) > 0:
                self.notes.append(Note(NoteCode.PENALTY, said))
            elif node.name == "hidden" and _is_true(said):
                self.notes.append(Note(NoteCode.HIDDEN))
            elif node.name == "shuffleanswers" and said and not _is_true(said):
                self.notes.append(Note(NoteCode.FIXED_ORDER))
            elif node.name not in _KNOWN:
                self.notes.append(Note(NoteCode.ELEMENT, node.name))

    def _note(self, code: NoteCode, node: Node | None) -> None:
        said = self._passage(node).plain
        if said and said not in _USUAL_FEEDBACK:
            self.notes.append(Note(code, shortened(said)))

    def _answers(self) -> list[tuple[Node, str]]:
        """The answers with their shares; feedback is noted."""
        answers = self.node.all("answer")
        if not answers:
            raise FaultyQuestion(FaultCode.ANSWER_MISSING)
        for one in answers:
            self._note(NoteCode.ANSWER_FEEDBACK, one.first("feedback"))
        return [(one, share_of_percent(one.get("fraction", "0"))) for one in answers]

    def multichoice(self) -> Parts:
        kind = "single" if _is_true(self.node.text_of("single", "true")) else "multiple"
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
        return "short_text", {}, {"accepted": accepted, "is_exact": _is_true(self.node.text_of("usecase"))}

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
        if units and _is_true(self.node.text_of("unitsleft")):
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


def _is_another(node: Node, name: str, file: Node) -> bool:
    """Whether the picture of a hotspot has this name and is another one than that of its text."""
    said = file.text.strip()
    return any(
        tidy_line(one.get("name").rsplit("/", 1)[-1]) == name and one.text.strip() != said
        for one in node.all("file")
    )


def _is_true(text: str) -> bool:
    return text.strip().lower() in {"1", "true"}


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
