"""Tables that other apps read: opened, and refused, as lists of staff are."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from courses.imports.errors import BY_CODE, FileRefused, code_of
from courses.imports.tables import Cells, open_rows


class TableRefused(Exception):
    """The file is no table that can be read. `code` and `facts` are kept; `refusal_in_words` makes a sentence of them."""

    def __init__(self, code: str, facts: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.code, self.facts = code, dict(facts)


class TableFile(AbstractContextManager[Iterator[tuple[int, Cells]]]):
    """The rows of a CSV file or of the first sheet of a workbook, with their numbers. Raises `TableRefused` at the opening or at a row."""

    def __init__(self, path: Path) -> None:
        self._opened = open_rows(path)

    def __enter__(self) -> Iterator[tuple[int, Cells]]:
        try:
            rows = self._opened.__enter__()
        except FileRefused as refusal:
            raise TableRefused(code_of(refusal), refusal.facts) from refusal
        return _guarded_rows(rows)

    def __exit__(self, *raised: Any) -> None:
        self._opened.__exit__(*raised)


def _guarded_rows(rows: Iterator[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
    try:
        yield from rows
    except FileRefused as refusal:
        raise TableRefused(code_of(refusal), refusal.facts) from refusal


def refusal_in_words(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence of a refusal in the reader's language."""
    return str(BY_CODE[code](**facts))
