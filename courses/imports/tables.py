"""Opens a file as a table: headings, then numbered lines, one at a time."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courses.enums import ImportKind
from courses.imports.columns import names_of
from courses.imports.errors import (
    FileTooLarge,
    FormulaInside,
    LineBroken,
    NoLines,
    NotATable,
    OldOrLockedWorkbook,
    TooManyLines,
)
from courses.imports.spreadsheets import rows_of_workbook

MEGABYTE = 1_000_000
MOST_BYTES = 25 * MEGABYTE
MOST_LINES = 50_000
# In characters; a line of our longest cells has some 1,500.
LONGEST_LINE = 20_000
# Empty lines at the end of a sheet are usual; a million of them is a mistake.
MOST_EMPTY_LINES = 100_000
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BLOCK = 1 << 16

# What a cell holds: text of a CSV file; also numbers and dates of a workbook.
type Cells = list[Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file, counted from 1 with the headings; its cells by the names of their columns."""

    number: int
    cells: dict[str, Any]
    has_cell_without_heading: bool = False


@contextmanager
def open_table(path: Path, kind: ImportKind) -> Iterator[Iterator[Line]]:
    """The lines of a list of `kind` that are not empty. Raises a `FileRefused`, at the opening or at the line."""
    with open_rows(path) as rows:
        yield _lines(rows, kind)


@contextmanager
def open_rows(path: Path) -> Iterator[Iterator[tuple[int, Cells]]]:
    """The rows of a CSV file or of the first sheet of a workbook, with their numbers. Raises a `FileRefused`, at the opening or at the row."""
    if path.stat().st_size > MOST_BYTES:
        raise FileTooLarge(megabytes=MOST_BYTES // MEGABYTE)
    with path.open("rb") as file:
        begin = file.read(8)
    if begin.startswith(OLE):
        raise OldOrLockedWorkbook
    opened = rows_of_workbook if begin.startswith(ZIP) and zipfile.is_zipfile(path) else _rows_of_csv
    with opened(path) as rows:
        yield rows


def _lines(rows: Iterator[tuple[int, Cells]], kind: ImportKind) -> Iterator[Line]:
    names: list[str] | None = None
    count = empty = 0
    for number, cells in rows:
        if not any(_has_text(cell) for cell in cells):
            empty += 1
            if empty > MOST_EMPTY_LINES:
                raise TooManyLines(lines=MOST_LINES)
            continue
        _refuse_formulas(number, cells)
        if names is None:
            names = names_of(kind, [str(cell or "") for cell in _without_empty_end(cells)])
            continue
        count += 1
        if count > MOST_LINES:
            raise TooManyLines(lines=MOST_LINES)
        named = {name: cell for name, cell in zip(names, cells, strict=False) if name}
        beyond = any(_has_text(cell) for cell in cells[len(names) :])
        unnamed = any(_has_text(cell) for name, cell in zip(names, cells, strict=False) if not name)
        yield Line(number, named, beyond or unnamed)
    if not count:
        raise NoLines


def _has_text(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _without_empty_end(cells: Cells) -> Cells:
    while cells and not _has_text(cells[-1]):
        cells = cells[:-1]
    return cells


def _refuse_formulas(number: int, cells: Cells) -> None:
    """`="0012"` keeps a text a text in a CSV file, and is one."""
    for place, cell in enumerate(cells, start=1):
        if isinstance(cell, str) and cell.lstrip().startswith("="):
            bare = cell.strip()
            if not (bare.startswith('="') and bare.endswith('"') and '"' not in bare[2:-1]):
                raise FormulaInside(line=number, column=place)


@contextmanager
def _rows_of_csv(path: Path) -> Iterator[Iterator[tuple[int, Cells]]]:
    encoding = _encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(LONGEST_LINE)
        file.seek(0)
        yield _parsed(file, max(",;\t", key=first.count))


def _parsed(file: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[int, Cells]]:
    reader = csv.reader(_short_lines(file), delimiter=delimiter, strict=True)
    while True:
        # A cell may have line breaks: the line is the one on which its record begins.
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise LineBroken(line=number) from error
        if cells is None:
            return
        yield number, cells


def _short_lines(file: io.TextIOWrapper) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise csv.Error("line too long")
        yield line


def _encoding_of(path: Path) -> str:
    """UTF-8, else Windows-1256, which Excel writes on a machine in Arabic. Raises `NotATable`."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    is_utf8 = True
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if b"\0" in block:
                raise NotATable
            if is_utf8:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    is_utf8 = False
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False
    return "utf-8-sig" if is_utf8 else "cp1256"
