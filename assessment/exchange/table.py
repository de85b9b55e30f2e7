"""Questions in a table, one a line: the rows of a CSV file or a sheet that another module opened. Independent of Django.

`table_columns` lists the headings. The cell of the answer holds, by kind:

    single choice, several answers   numbers of options, with shares where they are not even: `2`, `1; 3`, `1; 2=50%`
    true/false                       true or false
    number                           `3.14 ± 0.01; 3 ± 5% = 50%`; `a * b` with variables `a=1..10/0.5; b=2..9/1`
    short text                       accepted texts, `|` between them, or shares of those that the options are: `2=50%`
    ordering                         all, places or neighbors: what earns a share; the options are in the right order
    files                            how many

An option and the match of its number are a pair. Gaps are in the question as Moodle writes them: `{1:SHORTANSWER:=right~%50%half right}`.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from assessment.exchange.canonical import checked
from assessment.exchange.cloze import has_gaps, read_gaps, without_gaps
from assessment.exchange.figures import decimal_in, number_in, share_of_percent
from assessment.exchange.item import (
    FALSE,
    LANGUAGES,
    MOST_POINTS,
    TRUE,
    Fault,
    FaultCode,
    FaultyQuestion,
    Item,
    Note,
    Reading,
    UnreadableFile,
    Unsupported,
    UnsupportedCode,
    UnsupportedQuestion,
)
from assessment.exchange.table_columns import (
    CREDIT_OF,
    IS_YES,
    KIND_OF,
    MOST_OPTIONS,
    Column,
    columns_of,
    folded,
)
from assessment.exchange.texts import language_meant, read_html, shortened, tidy, tidy_line
from assessment.marking.choice import even_weights

# Empty lines at the end of a sheet are usual; a million of them is a mistake.
_MOST_EMPTY_LINES = 100_000
# A cell that a spreadsheet program would compute has an apostrophe before it.
GUARDED = re.compile(r"'+\s*[=+\-@\t\r＝＋－＠]")
_SEPARATOR = re.compile(r"[;؛,،]")
_LETTERS = {
    **{letter: number for number, letter in enumerate("abcdefghij", start=1)},
    **{letter: number for number, letter in enumerate("ابجدهوزحطي", start=1)},
}

# Content and key.
type Parts = tuple[dict[str, Any], dict[str, Any]]
type Row = tuple[int, Sequence[Any]]


def read_rows(rows: Iterable[Row]) -> Reading:
    """The questions of a table: its rows with their numbers, the headings first. Raises UnreadableFile."""
    reading = Reading()
    columns: list[Column | None] | None = None
    empty = 0
    for number, cells in rows:
        texts = [_text(cell) for cell in cells]
        if not any(text.strip() for text in texts):
            empty += 1
            if empty > _MOST_EMPTY_LINES:
                raise UnreadableFile(FaultCode.TOO_MANY, line=number)
        elif columns is None:
            while texts and not texts[-1].strip():
                texts.pop()
            columns = columns_of(texts, number)
        else:
            reading.add(_question(number, columns, texts))
    if not reading.count:
        raise UnreadableFile(FaultCode.NO_QUESTIONS)
    return reading


def _text(cell: Any) -> str:
    """What a cell says; a program makes numbers, dates and truths of what is typed."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case dt.date() | dt.time():
            return cell.isoformat()
    text = str(cell)
    return text[1:] if GUARDED.match(text) else text


def _question(
    line: int, columns: Sequence[Column | None], texts: Sequence[str]
) -> Item | Unsupported | Fault:
    cells = {column: text for column, text in zip(columns, texts, strict=False) if column and text.strip()}
    row = _Row(cells)
    title = tidy_line(row.cell("title"))
    try:
        _refuse_beyond(columns, texts)
        return checked(row.item(line, title))
    except UnsupportedQuestion as error:
        return Unsupported(line, row.cell("kind"), error.code, error.detail, title)
    except FaultyQuestion as error:
        return Fault(line, error.code, error.detail, title)


def _refuse_beyond(columns: Sequence[Column | None], texts: Sequence[str]) -> None:
    """Raises FaultyQuestion where a text has no heading."""
    for place, text in enumerate(texts):
        if text.strip() and (place >= len(columns) or columns[place] is None):
            raise FaultyQuestion(FaultCode.HEADING_MISSING, shortened(text))


class _Row:
    """One line by its columns."""

    def __init__(self, cells: Mapping[Column, str]) -> None:
        self._cells = cells
        self._languages: tuple[str, ...] = ()
        self._notes: list[Note] = []

    def cell(self, name: str) -> str:
        return self._cells.get((name, 0, ""), "").strip()

    def item(self, line: int, title: str) -> Item:
        kind = KIND_OF.get(folded(self.cell("kind")))
        if kind is None:
            raise FaultyQuestion(FaultCode.KIND_UNKNOWN, shortened(self.cell("kind")))
        if kind not in _READERS:
            raise UnsupportedQuestion(UnsupportedCode.TYPE)
        said = self._spoken("question", 0)
        self._text = {language or language_meant(without_gaps(text)): text for language, text in said.items()}
        self._languages = tuple(one for one in LANGUAGES if one in self._text)
        content, key = _READERS[kind](self)
        difficulty = self.cell("difficulty")
        return Item(
            kind,
            self._text,
            content,
            key,
            self._texts("explanation", 0),
            points=self._points(),
            tags=tuple(tag.strip() for tag in _SEPARATOR.split(self.cell("tags")) if tag.strip()),
            difficulty=self._number(difficulty, 1, 5) if difficulty else None,
            title=title,
            name=self.cell("id"),
            category=self.cell("category"),
            notes=tuple(self._notes),
            line=line,
        )

    def _points(self) -> int:
        return self._number(self.cell("points") or "1", 1, MOST_POINTS)

    def _number(self, text: str, least: int, most: int) -> int:
        number = number_in(text)
        if number.denominator != 1 or not least <= number <= most:
            raise FaultyQuestion(FaultCode.NUMBER, text[:40])
        return int(number)

    def _spoken(self, name: str, number: int) -> dict[str, str]:
        """What the cells of a name say, by language, "" where the heading says none."""
        return {
            one: self._cells[name, number, one]
            for one in ("", *LANGUAGES)
            if (name, number, one) in self._cells
        }

    def _texts(self, name: str, number: int) -> dict[str, str]:
        said = self._spoken(name, number)
        for_all = tidy(said.pop("", ""))
        return {one: for_all for one in self._languages if for_all} | {
            one: tidy(text) for one, text in said.items()
        }

    def _options(self, name: str = "option") -> list[dict[str, Any]]:
        return [
            {"id": str(number), "text": text}
            for number in range(1, MOST_OPTIONS + 1)
            if (text := self._texts(name, number))
        ]

    def _shares(self) -> dict[str, str]:
        """The options that the answer names, with their shares, `` where it says none."""
        shares = {}
        for piece in _SEPARATOR.split(self.cell("answer")):
            name, _mark, share = piece.partition("=")
            if name := folded(name):
                number = _LETTERS.get(name) or self._number(name, 1, MOST_OPTIONS)
                shares[str(number)] = (
                    share_of_percent(share.strip().removesuffix("%")) if share.strip() else ""
                )
        return shares

    def single(self) -> Parts:
        shares = {option: share or "1" for option, share in self._shares().items()}
        return {"options": self._options()}, {"weights": shares}

    def multiple(self) -> Parts:
        options, shares = self._options(), self._shares()
        if any(shares.values()):
            return {"options": options}, {"weights": {one: share or "1" for one, share in shares.items()}}
        if not shares:
            raise FaultyQuestion(FaultCode.ANSWER_MISSING)
        wrong = [one["id"] for one in options if one["id"] not in shares]
        return {"options": options}, {"weights": even_weights(list(shares), wrong, takes_one=False)}

    def true_false(self) -> Parts:
        said = IS_YES.get(folded(self.cell("answer")))
        if said is None:
            raise FaultyQuestion(FaultCode.ANSWER_MISSING, shortened(self.cell("answer")))
        options = [{"id": "true", "text": TRUE}, {"id": "false", "text": FALSE}]
        return {"options": options}, {"weights": {"true" if said else "false": "1"}}

    def numeric(self) -> Parts:
        variables = [self._variable(piece) for piece in self._pieces("variables")]
        answers = []
        for piece in self._pieces("answer"):
            said, _mark, share = piece.partition("=")
            value, _sign, width = re.sub(r"\+/?-", "±", said).partition("±")
            width = width.strip()
            tolerance = f"{decimal_in(width[:-1])}%" if width.endswith("%") else decimal_in(width or "0")
            value = value.strip() if variables else decimal_in(value.strip())
            answer = {"value": value, "tolerance": tolerance}
            if share.strip():
                answer["share"] = share_of_percent(share.strip().removesuffix("%"))
            answers.append(answer)
        if not answers:
            raise FaultyQuestion(FaultCode.ANSWER_MISSING)
        units = {}
        for piece in self._pieces("units"):
            name, _mark, factor = piece.rpartition("=") if "=" in piece else (piece, "", "1")
            units[name.strip()] = str(number_in(factor.strip()))
        asked = IS_YES.get(folded(self.cell("unit_asked")), False)
        content: dict[str, Any] = {"unit": {"is_asked": asked}}
        if variables:
            content["variables"] = [one["name"] for one in variables]
        return content, {"answers": answers, "units": units, "variables": variables}

    def _pieces(self, name: str) -> list[str]:
        return [piece.strip() for piece in re.split("[;؛]", self.cell(name)) if piece.strip()]

    def _variable(self, piece: str) -> dict[str, str]:
        name, _equals, values = piece.partition("=")
        lowest, _dots, rest = values.partition("..")
        highest, _slash, by = rest.partition("/")
        if not (re.fullmatch(r"[A-Za-z_]\w*", name.rstrip()) and lowest.strip() and highest.strip()):
            raise FaultyQuestion(FaultCode.FORM, shortened(piece))
        low, high, step = (decimal_in(one.strip() or "1") for one in (lowest, highest, by))
        return {"name": name.rstrip(), "low": low, "high": high, "step": step}

    def short_text(self) -> Parts:
        texts = {
            str(number): text
            for number in range(1, MOST_OPTIONS + 1)
            for text in dict.fromkeys(map(tidy_line, self._spoken("option", number).values()))
        }
        if texts:
            shares = self._shares()
            accepted = [{"text": text, "share": shares.get(number) or "1"} for number, text in texts.items()]
        else:
            accepted = [{"text": text} for text in map(tidy_line, self.cell("answer").split("|")) if text]
        if not accepted:
            raise FaultyQuestion(FaultCode.ANSWER_MISSING)
        return {}, {"accepted": accepted, "is_exact": IS_YES.get(folded(self.cell("exact")), False)}

    def matching(self) -> Parts:
        stems, choices = self._options(), self._options("match")
        pairs = {stem["id"]: stem["id"] for stem in stems}
        return {"stems": stems, "choices": choices}, {"pairs": pairs}

    def ordering(self) -> Parts:
        items = self._options()
        said = self.cell("answer")
        credit = CREDIT_OF.get(folded(said)) if said else "all"
        if credit is None:
            raise FaultyQuestion(FaultCode.FORM, shortened(said))
        return {"items": items}, {"order": [one["id"] for one in items], "credit": credit}

    def fill_in(self) -> Parts:
        gaps = None
        for language, said in self._text.items():
            source = said
            if gaps is None and has_gaps(said):
                gaps = read_gaps(said, self._languages)
                source = gaps.source
            self._text[language] = read_html(source, keeps_lines=True).plain
        if gaps is None:
            raise FaultyQuestion(FaultCode.ANSWER_MISSING)
        self._notes += gaps.notes
        return gaps.content, gaps.key

    def essay(self) -> Parts:
        return {}, {}

    def files(self) -> Parts:
        return {"most": self._number(self.cell("answer") or "1", 1, MOST_OPTIONS)}, {}


_READERS: Mapping[str, Callable[[_Row], Parts]] = {
    "single": _Row.single,
    "multiple": _Row.multiple,
    "true_false": _Row.true_false,
    "numeric": _Row.numeric,
    "short_text": _Row.short_text,
    "matching": _Row.matching,
    "ordering": _Row.ordering,
    "fill_in": _Row.fill_in,
    "essay": _Row.essay,
    "files": _Row.files,
}
