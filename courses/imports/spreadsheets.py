"""Rows of an XLSX workbook (ECMA-376) as openpyxl streams them; what a hostile file may do is refused before or bounded."""

import tempfile
import warnings
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from courses.imports.columns import MOST_COLUMNS
from courses.imports.errors import FormulaInside, MacrosInside, NotATable, WorkbookBroken, WorkbookTooLarge

MEGABYTE = 1_000_000
# All parts together. 50,000 lines of twelve columns are 40 MB.
MOST_UNPACKED = 300 * MEGABYTE
MOST_PARTS = 2_000
# Any of these come out of openpyxl for a file that is no workbook.
BROKEN = (
    AttributeError, DefusedXmlException, EOFError, IndexError, InvalidFileException, KeyError, OSError, OverflowError,
    ParseError, TypeError, UnicodeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@contextmanager
def rows_of_workbook(path: Path) -> Iterator[Iterator[tuple[int, list[Any]]]]:
    """The rows of the first sheet with their numbers. Raises a `FileRefused`, here or at the row."""
    _refuse_hostile(path)
    # An opened file: openpyxl goes by the ending of a name.
    with path.open("rb") as file, tempfile.TemporaryFile() as texts:
        try:
            with warnings.catch_warnings(action="ignore"):
                reader = _Reader(file, texts)
                reader.read()
                sheet = reader.wb.worksheets[0]
        except BROKEN as error:
            raise WorkbookBroken from error
        try:
            yield _rows(sheet)
        finally:
            reader.wb.close()


def _refuse_hostile(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except BROKEN as error:
        raise WorkbookBroken from error
    # What a part unpacks to is read no further than it declares.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise WorkbookTooLarge(megabytes=MOST_UNPACKED // MEGABYTE)
    names = {part.filename.lower() for part in parts}
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise MacrosInside
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise NotATable


def _rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    # What the file says about its size may be wrong.
    sheet.reset_dimensions()
    # One column more than is allowed, so that it is noticed; a row may claim 16,384.
    rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1)
    number = 0
    while True:
        try:
            with warnings.catch_warnings(action="ignore"):
                row = next(rows, None)
        except BROKEN as error:
            raise WorkbookBroken from error
        if row is None:
            return
        number += 1
        for place, cell in enumerate(row, start=1):
            if cell.data_type == "f":
                raise FormulaInside(line=number, column=place)
        yield number, [_value(cell) for cell in row]


def _value(cell: Any) -> Any:
    """The value; of a percentage what the cell shows, since 85 % is kept as 0.85."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in (cell.number_format or ""):
        return f"{value * 100:.10g}%"
    return value


class _Reader(ExcelReader):  # type: ignore[misc]
    """openpyxl keeps all texts of a workbook in memory; here they lie in a temporary file."""

    def __init__(self, file: BinaryIO, texts: Any) -> None:
        super().__init__(file, read_only=True, data_only=False, keep_links=False)
        self.texts = texts

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            self.shared_strings = _TextsOnDisk(source, self.texts)


class _TextsOnDisk:
    """The shared texts of a workbook by their number: eight bytes each in memory."""

    def __init__(self, source: Any, file: Any) -> None:
        self.file = file
        self.ends = array("Q", [0])
        end = 0
        for _event, node in iterparse(source):
            if node.tag != f"{{{SHEET_MAIN_NS}}}si":
                continue
            text = Text.from_tree(node).content.encode("utf-8", "surrogatepass")
            node.clear()
            end += file.write(text)
            self.ends.append(end)
        self._read = lru_cache(maxsize=1_000)(self._read_from_file)

    def __getitem__(self, number: int) -> str:
        return self._read(number)

    def __len__(self) -> int:
        return len(self.ends) - 1

    def _read_from_file(self, number: int) -> str:
        if not 0 <= number < len(self):
            raise IndexError(number)
        self.file.seek(self.ends[number])
        text: bytes = self.file.read(self.ends[number + 1] - self.ends[number])
        return text.decode("utf-8", "surrogatepass")
