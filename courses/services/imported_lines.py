"""What the imports of all kinds share: reading the cells of a line, and what became of a unit of lines."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils import timezone

from accounts.digits import latin_digits
from accounts.enums import DocumentKind
from accounts.errors import DomainError
from accounts.folding import fold_arabic
from accounts.models import Governorate
from accounts.services.identity_documents import Identity, normalize_country, normalize_passport_number
from accounts.services.national_number import parse_national_number
from courses.enums import ImportKind
from courses.governorate_aliases import OTHER_NAMES
from courses.imports.cells import number_of, text_of
from courses.imports.columns import COLUMNS, SAMPLE_NUMBER
from courses.imports.errors import CellWithoutHeading, LineOfSample, NumberMissing, NumberTwice, ValueMissing
from courses.imports.tables import Line
from courses.imports.words import Vocabulary

HOME = "EG"


@dataclass(frozen=True)
class Remark:
    """A fault of a line, or a notice; `column` is "" where it is about the whole line."""

    line: int
    column: str
    error: DomainError
    is_fault: bool = True


@dataclass
class Outcome:
    """What became of the lines of a unit, or would."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    faulty: int = 0
    remarks: list[Remark] = field(default_factory=list)


class Importer(Protocol):
    """Decides about lines of one kind. One lives as long as a worker reads one file, and knows the lines before."""

    def remember(self, lines: list[Line]) -> None:
        """Take note of lines that are done."""

    def do(self, lines: list[Line], *, writes: bool) -> Outcome:
        """Decide about the lines of a unit; `writes` carries out what was decided, in the transaction of the caller."""


class LineReader:
    """Reads the cells of a line and collects its faults."""

    def __init__(self, line: Line, kind: ImportKind) -> None:
        self.line = line
        self.faults: list[Remark] = []
        self._longest = {column.name: column.longest for column in COLUMNS[kind]}
        if line.has_cell_without_heading:
            self.fault("", CellWithoutHeading())

    def fault(self, column: str, error: DomainError) -> None:
        self.faults.append(Remark(self.line.number, column, error))

    def read[Value](self, column: str, parse: Callable[[Any], Value], empty: Value) -> Value:
        """What `parse` makes of a cell; its `DomainError` is a fault, and what is read then is `empty`."""
        try:
            return parse(self.line.cells.get(column))
        except DomainError as error:
            self.fault(column, error)
            return empty

    def text(self, column: str, *, is_needed: bool = False) -> str:
        before = len(self.faults)
        text = self.read(column, lambda cell: text_of(cell, longest=self._longest[column]), "")
        if is_needed and not text and len(self.faults) == before:
            self.fault(column, ValueMissing())
        return text

    def needed[Value](self, column: str, parse: Callable[[Any], Value | None]) -> Value | None:
        """What `parse` makes of a cell that may not be empty."""
        before = len(self.faults)
        value = self.read(column, parse, None)
        if value is None and len(self.faults) == before:
            self.fault(column, ValueMissing())
        return value

    def choice(self, column: str, words: Vocabulary, unknown: DomainError, *, is_needed: bool = False) -> Any:
        """The value that the cell names, None where it is empty; another word is the fault `unknown`."""
        text = self.text(column, is_needed=is_needed)
        choice = words.choice_of(text) if text else None
        if text and choice is None:
            self.fault(column, unknown)
        return choice.value if choice else None

    def parsed(self, column: str, parse: Callable[[str], str]) -> str:
        """A number or address in its plain form, "" where the cell is empty."""

        def read(cell: Any) -> str:
            text = number_of(cell, longest=self._longest[column])
            return parse(text) if text else ""

        return self.read(column, read, "")

    def identity(self) -> Identity | None:
        """The document of the line; None with a fault where there is none that can be read."""
        before = len(self.faults)
        number = self.parsed("national_number", _plain_national_number)
        passport = self.parsed("passport", normalize_passport_number)
        country = self.parsed("country", normalize_country)
        if len(self.faults) > before:
            return None
        if number and passport:
            self.fault("passport", NumberTwice())
        elif number:
            return Identity(DocumentKind.NATIONAL_ID, HOME, number)
        elif passport and country:
            return Identity(DocumentKind.PASSPORT, country, passport)
        elif passport:
            self.fault("country", ValueMissing())
        else:
            self.fault("national_number", NumberMissing())
        return None


def _plain_national_number(text: str) -> str:
    if text == SAMPLE_NUMBER:
        raise LineOfSample
    return parse_national_number(text, today=timezone.localdate()).number


def born_of(identity: Identity) -> dt.date | None:
    """The date of birth that the number states, None for a passport."""
    if identity.kind != DocumentKind.NATIONAL_ID:
        return None
    return parse_national_number(identity.number, today=timezone.localdate()).birth_date


def is_unfit(identity: Identity) -> bool:
    """Whether it is a national number whose check digit does not fit."""
    if identity.kind != DocumentKind.NATIONAL_ID:
        return False
    return not parse_national_number(identity.number, today=timezone.localdate()).check_digit_fits


def governorates() -> dict[str, Governorate]:
    """Governorates by what they are called, folded."""
    names: dict[str, Governorate] = {}
    for governorate in Governorate.objects.all():
        for name in (
            governorate.name_ar,
            governorate.name_en,
            governorate.iso_code,
            *OTHER_NAMES.get(governorate.nid_code, ()),
        ):
            names.setdefault(fold_arabic(latin_digits(name)), governorate)
    return names


def code_key(code: str) -> str:
    """The same for codes that differ in capitals and spaces only."""
    return "".join(code.split()).casefold()


def key_of(identity: Identity) -> int:
    """Half the fingerprint: what an importer keeps of each line of a file, so that its memory stays small."""
    return int(identity.fingerprint[:16], 16)
