"""Gaps as Moodle's cloze questions write them in a text: `{2:SHORTANSWER:=right~%50%half right#feedback}`. Independent of Django.

The number is the points of the gap. `\\` keeps `} ~ # = \\` from meaning anything.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessment.exchange.figures import decimal_in, share_of_percent
from assessment.exchange.item import (
    FaultCode,
    FaultyQuestion,
    Note,
    NoteCode,
    UnsupportedCode,
    UnsupportedQuestion,
    UnwritableCode,
    UnwritableQuestion,
)
from assessment.exchange.texts import read_html, shortened, write_html
from assessment.exchange.writing import percent

_KINDS = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW"), "short_text"),
    **dict.fromkeys(("SHORTANSWER_C", "SAC", "MWC"), "exact"),
    **dict.fromkeys(("NUMERICAL", "NM"), "numeric"),
    **dict.fromkeys(("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"), "single"),
    **dict.fromkeys(("MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"), "single"),
    **dict.fromkeys(("MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH"), "multiple"),
    **dict.fromkeys(("MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS"), "multiple"),
}
_BEGIN = re.compile(r"\{([0-9]{0,4}):(" + "|".join(sorted(_KINDS, key=len, reverse=True)) + "):")
_INSIDE = re.compile(r"((?:[^\\}]|\\.)*+)\}", re.DOTALL)
_ENTITY = re.compile(r"&#(x?[0-9a-fA-F]{1,6});")
_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]*)?)%")


@dataclass
class Gaps:
    """A text with `[[1]]` for its first gap, and the gaps."""

    source: str
    gaps: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    @property
    def content(self) -> dict[str, Any]:
        return {"gaps": self.gaps}

    @property
    def key(self) -> dict[str, Any]:
        return {"gaps": self.keys}


def read_gaps(source: str, languages: Sequence[str]) -> Gaps:
    """The gaps of a text in HTML. Raises FaultyQuestion, UnsupportedQuestion."""
    found = Gaps("")
    for said, begin, inside in _pieces(source):
        found.source += said
        if begin is None:
            continue
        if inside is None:
            raise FaultyQuestion(FaultCode.BRACES, shortened(source))
        number = str(len(found.gaps) + 1)
        kind, content, key = _gap(_KINDS[begin[2]], inside, languages, found.notes)
        found.gaps.append({"id": number, "kind": kind, "content": content})
        found.keys[number] = {"key": key, "points": max(int(begin[1] or 1), 1)}
        found.source += f"[[{number}]]"
    if not found.gaps:
        raise FaultyQuestion(FaultCode.ANSWER_MISSING, shortened(source))
    return found


def has_gaps(source: str) -> bool:
    return bool(_BEGIN.search(source))


def without_gaps(source: str) -> str:
    """What is said around the gaps."""
    return " ".join(said for said, _begin, _inside in _pieces(source))


def _pieces(source: str) -> Iterator[tuple[str, re.Match[str] | None, str | None]]:
    """The text before each gap, how the gap begins, and what is in it, None where it does not end; then the text after the last."""
    at = 0
    while begin := _BEGIN.search(source, at):
        inside = _INSIDE.match(source, begin.end())
        yield source[at : begin.start()], begin, inside[1] if inside else None
        if inside is None:
            return
        at = inside.end()
    yield source[at:], None, None


def _gap(
    kind: str, inside: str, languages: Sequence[str], notes: list[Note]
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    if kind == "multiple":
        raise UnsupportedQuestion(UnsupportedCode.SEVERAL_ANSWERS_IN_GAP, shortened(inside))
    # `&#160;` is a letter, no feedback.
    inside = _ENTITY.sub(_letter, inside)
    answers = []
    for piece in _held(inside).split("~"):
        text, mark, feedback = piece.partition("#")
        if mark and feedback.strip():
            notes.append(Note(NoteCode.ANSWER_FEEDBACK, shortened(read_html(_released(feedback)).plain)))
        answers.append(_answer(text.strip()))
    if kind == "single":
        options = []
        for number, (_share, text) in enumerate(answers, start=1):
            passage = read_html(text)
            notes += passage.notes
            options.append({"id": str(number), "text": passage.texts(languages)})
        weights = {str(number): share for number, (share, _text) in enumerate(answers, start=1)}
        return "single", {"options": options}, {"weights": weights}
    # No one types a lowered 2.
    plain = [(share, read_html(re.sub("</?sub>", "", text)).plain) for share, text in answers]
    if kind == "numeric":
        numbers = []
        for share, text in plain:
            if text == "*" and share == "0":
                continue
            value, _colon, tolerance = text.partition(":")
            numbers.append(
                {"value": decimal_in(value), "tolerance": decimal_in(tolerance or "0"), "share": share}
            )
        return "numeric", {}, {"answers": numbers}
    accepted = [{"text": text, "share": share} for share, text in plain]
    return "short_text", {}, {"accepted": accepted, "is_exact": kind == "exact"}


def _letter(entity: re.Match[str]) -> str:
    number = int(entity[1].lstrip("x"), 16 if entity[1].startswith("x") else 10)
    letter = html.unescape(f"&#{number};")
    return html.escape(letter) if letter in "<>&" else f"\\{letter}" if letter in "}~#=\\" else letter


def _answer(piece: str) -> tuple[str, str]:
    """The share and the text of one alternative."""
    weight = _WEIGHT.match(piece)
    if weight:
        return share_of_percent(weight[1]), _released(piece[weight.end() :].removeprefix("="))
    return ("1", _released(piece[1:])) if piece.startswith("=") else ("0", _released(piece))


# Halves of surrogate pairs stand for signs that mean nothing, but for an asterisk: accepted texts have an escape of their own for it.
def _held(text: str) -> str:
    return re.sub(
        r"\\(.)",
        lambda found: (
            found[0] if found[1] == "*" else chr(0xDC00 + ord(found[1])) if ord(found[1]) < 256 else found[1]
        ),
        text,
        flags=re.DOTALL,
    )


def _released(text: str) -> str:
    return re.sub("[\udc00-\udcff]", lambda found: chr(ord(found[0]) - 0xDC00), text)


def write_gap(gap: Mapping[str, Any], key: Mapping[str, Any], points: int, languages: Sequence[str]) -> str:
    """One gap as a piece of HTML. Raises UnwritableQuestion."""
    match gap["kind"]:
        case "single":
            options = [
                (key["weights"].get(one["id"], "0"), write_html(one["text"], languages))
                for one in gap["content"]["options"]
            ]
            name = "MULTICHOICE"
        case "numeric":
            if key["units"]:
                raise UnwritableQuestion(UnwritableCode.UNITS)
            options = [
                (one.get("share", "1"), f"{one['value']}:{one['tolerance']}") for one in key["answers"]
            ]
            name = "NUMERICAL"
        case _:
            options = [
                (one.get("share", "1"), write_html({"en": one["text"]}, ("en",))) for one in key["accepted"]
            ]
            name = "SHORTANSWER_C" if key["is_exact"] else "SHORTANSWER"
    pieces = [_share(share) + _escaped(text) for share, text in options]
    return f"{{{points}:{name}:{'~'.join(pieces)}}}"


def _share(share: str) -> str:
    if share == "1":
        return "="
    return f"%{percent(share)}%"


def _escaped(text: str) -> str:
    return re.sub(r"\\(?!\*)|[}~#=]", lambda found: f"\\{found[0]}", text)
