"""GIFT, Moodle's format of plain text: one question after another, set apart by empty lines. Independent of Django.

    // a comment; [id:name] and [tag:word] in it say how the question is called
    $CATEGORY: path of the category

    ::Title::[html]Question {
        =right ~wrong ~%50%half right #feedback
        ####explanation
    }

`=` and `~` are options; `=` alone are accepted texts; `=stem -> choice` are pairs; `#` begins numbers (`3.14:0.01`, `3.1..3.2`); `{T}` and
`{F}` are statements; `{}` is an essay; `{>3 ALL` begins steps to put in order, one a line; text after the braces makes them a gap.
`\\` keeps the signs `~ = # { } :` from meaning anything, and `\\n` is a line end. The points and the difficulty, which GIFT has no place for,
are in the comment: `[points:2]`, `[tag:difficulty:3]`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from accounts.folding import fold_arabic
from assessment.exchange.canonical import checked, tidy_category, with_difficulty
from assessment.exchange.decoding import lines_of
from assessment.exchange.figures import decimal_in, decimal_of, number_in, share_of_percent
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
    Reading,
    Unsupported,
    UnsupportedCode,
)
from assessment.exchange.texts import (
    Passage,
    read_string,
    read_text,
    shortened,
    tidy_line,
)

_ESCAPE = re.compile(r"\\([\\:#={}~n])")
# Halves of surrogate pairs, which no file can hold, stand for signs that mean nothing.
_HELD = {sign: chr(0xDC80 + number) for number, sign in enumerate("\\:#={}~n")}
_RELEASED = {ord(held): "\n" if sign == "n" else sign for sign, held in _HELD.items()}
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]*)?)%")
_CATEGORY = re.compile(r"\$CATEGORY:")
_ID, _TAG = re.compile(r"\[id:([^\[\]\n]+)\]"), re.compile(r"\[tag:((?:\\\]|[^\[\]\n])+)\]")
_POINTS = re.compile(r"\[points:([0-9]{1,3})\]")
_ORDERING = re.compile(
    r">{b}([0-9]*+){b}(ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG)?{b}(HORIZONTAL|HORI|H|VERTICAL|VERT|V|0|1)?{b}"
    r"([A-Z_]+?)?{b}(SHOW|TRUE|YES|1|HIDE|FALSE|NO|0)?{b}(?:\n|$)".replace("{b}", r"[^\S\n]*+")
)
CREDIT_OF_GRADING = {
    "ALL_OR_NOTHING": "all",
    "ABSOLUTE_POSITION": "places",
    "ABSOLUTE": "places",
    "ABS": "places",
    "RELATIVE_NEXT_INCLUDE_LAST": "neighbors",
}
_GAP = "\udcff"
# As GIFT says it, and as people type it in its place.
_TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_TRUTHS_AS_TYPED = {
    **{fold_arabic(word): True for word in ("صواب", "صح", "صحيح", "صحيحة", "true")},
    **{fold_arabic(word): False for word in ("خطأ", "خاطئ", "خاطئة", "غلط", "false")},
}


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines without an empty one between them."""

    line: int
    text: str
    comment: str


def read(data: bytes) -> Reading:
    """The questions of a file. Raises UnreadableFile."""
    reading = Reading()
    lines, notes = lines_of(data)
    reading.notes += notes
    category = ""
    for block in _blocks(lines):
        text = _ESCAPE.sub(lambda found: _HELD[found[1]], block.text)
        line = block.line
        while _CATEGORY.match(text):
            first, _end, text = text.partition("\n")
            category = tidy_category(first.partition(":")[2].translate(_RELEASED))
            line += 1
        if text.strip():
            reading.add(_question(replace(block, line=line, text=text.strip()), category))
    return reading


def _blocks(lines: Sequence[str]) -> Iterable[_Block]:
    begin = 0
    kept: list[str] = []
    comments: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        bare = line.strip()
        if bare.startswith("//"):
            comments.append(bare)
            if kept:
                kept.append("")
        elif bare:
            begin = begin if kept else number
            kept.append(line)
        else:
            if kept:
                yield _Block(begin, "\n".join(kept), "\n".join(comments))
            kept, comments = [], []


def _question(block: _Block, category: str) -> Item | Unsupported | Fault:
    title, text = "", block.text
    if text.startswith("::") and (end := text.find("::", 2)) > 0:
        title, text = tidy_line(text[2:end].translate(_RELEASED)), text[end + 2 :].strip()
    try:
        if "{" not in text and "}" not in text:
            return Unsupported(block.line, "description", UnsupportedCode.DESCRIPTION, title=title)
        item = _Answers(text, title).item()
        tags, difficulty = with_difficulty(
            [found.replace("\\]", "]") for found in _TAG.findall(block.comment)]
        )
        name, points = _ID.search(block.comment), _POINTS.search(block.comment)
        return checked(
            replace(
                item,
                title=title,
                tags=tags,
                difficulty=difficulty,
                name=name[1] if name else "",
                points=min(max(int(points[1]), 1), MOST_POINTS) if points else 1,
                category=category,
                line=block.line,
            )
        )
    except FaultyQuestion as error:
        return Fault(block.line, error.code, error.detail, title)


def _truth(inside: str) -> bool | None:
    """What braces with one bare word say of a statement; None where they say something else. A word to type has a sign: {=صواب}."""
    word = inside.partition("#")[0].strip()
    if word in _TRUTHS:
        return _TRUTHS[word]
    return _TRUTHS_AS_TYPED.get(fold_arabic(word))


@dataclass(slots=True)
class _Answer:
    """An option, an accepted text or a number: its sign, its share, its text and the feedback for it."""

    sign: str
    share: str | None
    text: str


class _Answers:
    """One question: the text with the braces in it."""

    def __init__(self, text: str, title: str) -> None:
        start, end = text.find("{"), text.find("}")
        if (
            start < 0
            or end < start
            or "{" in text[start + 1 : end]
            or "{" in text[end:]
            or "}" in text[end + 1 :]
        ):
            raise FaultyQuestion(FaultCode.BRACES, shortened(text.translate(_RELEASED)))
        self._notes: list[Note] = []
        inside, _mark, explanation = text[start + 1 : end].rpartition("####")
        if not _mark:
            inside, explanation = explanation, ""
        self._inside = inside.strip()
        self._before, self._after = text[:start], text[end + 1 :].rstrip()
        self._title = title
        found = _FORMAT.match(self._before)
        self._form = found[1] if found else "moodle"
        self._has_gap = any(sign.isalnum() for sign in self._after.translate(_RELEASED))
        passage = self._passage(self._asked())
        self._languages = passage.languages
        self.text = passage.texts(self._languages) or {one: title for one in self._languages if title}
        self._explanation = self._passage(explanation).texts(self._languages)

    def _asked(self) -> str:
        if self._has_gap:
            return f"{self._before}{_GAP}{self._after}"
        if self._after:
            self._notes.append(Note(NoteCode.TAIL, shortened(self._after.translate(_RELEASED))))
        return self._before

    def item(self) -> Item:
        inside = self._inside
        kind: str
        content: dict[str, Any]
        key: dict[str, Any]
        if not inside:
            kind, content, key = "essay", {}, {}
        elif inside.startswith(">"):
            kind, content, key = self._ordering()
        elif inside.startswith("#"):
            kind, content, key = self._numeric()
        elif "~" in inside:
            kind, content, key = self._choice()
        elif "=" in inside and "->" in inside:
            kind, content, key = self._matching()
        elif _truth(inside) is not None:
            kind, content, key = self._true_false()
        else:
            kind, content, key = self._short_text()
        text = dict(self.text)
        if self._has_gap and kind in {"single", "short_text", "numeric"}:
            text = {one: said.replace(_GAP_SHOWN, "[[1]]") for one, said in text.items()}
            content = {"gaps": [{"id": "1", "kind": kind, "content": content}]}
            key = {"gaps": {"1": {"key": key, "points": 1}}}
            kind = "fill_in"
        else:
            text = {one: said.replace(_GAP_SHOWN, "_____") for one, said in text.items()}
        return Item(kind, text, content, key, self._explanation, notes=tuple(self._notes))

    def _passage(self, source: str) -> Passage:
        """A text of this question, in its own form where it says none."""
        source = source.strip()
        found = _FORMAT.match(source)
        form = found[1] if found else self._form
        source = (source[found.end() :] if found else source).translate(_RELEASED).replace(_GAP, _GAP_SHOWN)
        passage = read_text(source.strip(), form)
        self._notes += passage.notes
        return passage

    def _texts(self, source: str) -> dict[str, str]:
        return self._passage(source).texts(self._languages)

    def _line(self, source: str) -> str:
        """A text that is compared with what is typed: as it is, whatever the form."""
        source = source.strip()
        found = _FORMAT.match(source)
        source = (source[found.end() :] if found else source).translate(_RELEASED)
        return read_text(source, "html").plain if found and found[1] == "html" else tidy_line(source)

    def _split(self, inside: str, signs: str) -> list[_Answer]:
        """The answers in the braces with their feedback noted."""
        answers = []
        pieces = re.split(f"([{signs}])", inside)
        if pieces[0].strip():
            # The first may come without its sign.
            pieces = [pieces[0], *pieces[1:]]
            pieces.insert(0, signs[0])
        else:
            pieces = pieces[1:]
        for sign, piece in zip(pieces[::2], pieces[1::2], strict=True):
            text, mark, feedback = piece.strip().partition("#")
            weight = _WEIGHT.match(text)
            if mark and feedback.strip():
                self._note(NoteCode.ANSWER_FEEDBACK, feedback)
            answers.append(
                _Answer(
                    sign,
                    share_of_percent(weight[1]) if weight else None,
                    text[weight.end() :] if weight else text,
                )
            )
        return answers

    def _note(self, code: NoteCode, source: str) -> None:
        self._notes.append(Note(code, shortened(self._passage(source).plain)))

    def _choice(self) -> tuple[str, dict[str, Any], dict[str, Any]]:
        answers = self._split(self._inside, "~=")
        kind = "single" if any(one.sign == "=" for one in answers) else "multiple"
        options = [
            {"id": str(number), "text": self._texts(one.text)} for number, one in enumerate(answers, start=1)
        ]
        weights = {
            str(number): one.share or ("1" if one.sign == "=" else "0")
            for number, one in enumerate(answers, start=1)
        }
        return kind, {"options": options}, {"weights": weights}

    def _true_false(self) -> tuple[str, dict[str, Any], dict[str, Any]]:
        said, *feedback = self._inside.split("#", 2)
        for one in feedback:
            if one.strip():
                self._note(NoteCode.ANSWER_FEEDBACK, one)
        if said.strip() not in _TRUTHS:
            self._note(NoteCode.TRUTH, said)
        right = "true" if _truth(said) else "false"
        return (
            "true_false",
            {"options": [{"id": "true", "text": TRUE}, {"id": "false", "text": FALSE}]},
            {"weights": {right: "1"}},
        )

    def _short_text(self) -> tuple[str, dict[str, Any], dict[str, Any]]:
        answers = self._split(self._inside, "=")
        accepted = [{"text": self._line(one.text), "share": one.share or "1"} for one in answers]
        return "short_text", {}, {"accepted": accepted, "is_exact": False}

    def _numeric(self) -> tuple[str, dict[str, Any], dict[str, Any]]:
        inside, mark, wrong = self._inside[1:].partition("~")
        if mark and wrong.partition("#")[2].strip():
            self._note(NoteCode.ANSWER_FEEDBACK, wrong.partition("#")[2])
        answers = []
        for one in self._split(inside, "="):
            text = self._line(one.text)
            # Any number at all, with a share of nothing: what is said of a wrong one.
            if text == "*" and one.share == "0":
                continue
            value, tolerance = _range(text)
            answers.append({"value": value, "tolerance": tolerance, "share": one.share or "1"})
        return "numeric", {}, {"answers": answers}

    def _matching(self) -> tuple[str, dict[str, Any], dict[str, Any]]:
        stems: list[dict[str, Any]] = []
        choices: list[dict[str, Any]] = []
        pairs = {}
        for number, piece in enumerate(self._inside.lstrip().removeprefix("=").split("="), start=1):
            left, arrow, right = piece.partition("->")
            if not arrow:
                raise FaultyQuestion(FaultCode.FORM, shortened(piece.translate(_RELEASED)))
            choice = read_string(right.translate(_RELEASED).strip())
            self._notes += choice.notes
            choices.append({"id": str(number), "text": choice.texts(self._languages)})
            if stem := self._texts(left):
                stems.append({"id": str(number), "text": stem})
                pairs[str(number)] = str(number)
        return "matching", {"stems": stems, "choices": choices}, {"pairs": pairs}

    def _ordering(self) -> tuple[str, dict[str, Any], dict[str, Any]]:
        found = _ORDERING.match(self._inside)
        if not found:
            raise FaultyQuestion(FaultCode.FORM, shortened(self._inside.translate(_RELEASED)))
        if found[2] not in {None, "ALL", "EXACT"}:
            self._notes.append(Note(NoteCode.SUBSET, found[2]))
        credit = CREDIT_OF_GRADING.get(found[4] or "ABSOLUTE_POSITION", "")
        if not credit:
            self._notes.append(Note(NoteCode.GRADING, found[4]))
        lines = [line for line in self._inside[found.end() :].split("\n") if line.strip()]
        items = [{"id": str(number), "text": self._texts(line)} for number, line in enumerate(lines, start=1)]
        order = [str(number) for number in range(1, len(items) + 1)]
        return "ordering", {"items": items}, {"order": order, "credit": credit or "places"}


# In the place of the gap while the text is read: a text that no one types.
_GAP_SHOWN = "\u2983gap\u2984"


def _range(text: str) -> tuple[str, str]:
    """`3.1..3.2`, `3.15:0.05` or `3.15` as a number and its tolerance."""
    low, dots, high = text.partition("..")
    if dots:
        least, most = number_in(low), number_in(high)
        if most < least:
            raise FaultyQuestion(FaultCode.NUMBER, text)
        return decimal_of((least + most) / 2) or "", decimal_of((most - least) / 2) or ""
    value, _colon, tolerance = text.partition(":")
    return decimal_in(value), decimal_in(tolerance) if tolerance.strip() else "0"
