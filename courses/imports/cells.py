"""What a cell says: texts, numbers and dates as clerks and spreadsheets write them."""

import datetime as dt
import re
from typing import Any

from accounts.digits import latin_digits
from accounts.services.names import tidy_name
from courses.imports.errors import LettersBroken, NotADate, NumberRounded, ValueTooLong

_DAY_FIRST = re.compile(r"(\d{1,2})\s*([/.\-])\s*(\d{1,2})\s*\2\s*(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})\s*([/.\-])\s*(\d{1,2})\s*\2\s*(\d{1,2})(?:[T ]00:00(?::00)?)?", re.ASCII)
_SERIAL = re.compile(r"\d{1,6}", re.ASCII)
# What Excel shows of a long number, and writes into a CSV file.
_ROUNDED = re.compile(r"\d([.,]\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)
_SPREADSHEET_TEXT = re.compile(r'="([^"]*)"')
# Day 0 of workbooks. Serial numbers from 1910 on, since a year alone is none, to 2099.
_DAY_ZERO = dt.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 3_654, 73_050
# A float holds whole numbers up to here exactly.
_EXACT = 2**53


def text_of(cell: Any, *, longest: int) -> str:
    """The cell on one line, without what is not seen. Raises `ValueTooLong`, `LettersBroken`, `NumberRounded`."""
    text = tidy_name(_written(cell))
    if quoted := _SPREADSHEET_TEXT.fullmatch(text):
        text = quoted[1].strip()
    # How Excel marks a text, and how our own exports do.
    text = text.removeprefix("'")
    if len(text) > longest:
        raise ValueTooLong(longest=longest)
    if "\N{REPLACEMENT CHARACTER}" in text:
        raise LettersBroken
    return text


def number_of(cell: Any, *, longest: int) -> str:
    """The digits of a number that identifies, from a text or a number. Raises what `text_of` raises."""
    text = latin_digits(text_of(cell, longest=longest))
    if _ROUNDED.fullmatch(text):
        raise NumberRounded
    return text


def date_of(cell: Any) -> dt.date | None:
    """A date of a workbook, or one written as ISO 8601, day/month/year or a serial number of Excel. None where empty.

    Raises `NotADate`.
    """
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    try:
        text = latin_digits(text_of(cell, longest=40))
    except ValueTooLong as error:
        raise NotADate from error
    if not text:
        return None
    if match := _DAY_FIRST.fullmatch(text):
        day, _sign, month, year = match.groups()
    elif match := _YEAR_FIRST.fullmatch(text):
        year, _sign, month, day = match.groups()
    elif _SERIAL.fullmatch(text) and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return _DAY_ZERO + dt.timedelta(days=int(text))
    else:
        raise NotADate
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError as error:
        raise NotADate from error


def _written(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case float() if cell.is_integer() and abs(cell) < _EXACT:
            return str(int(cell))
        case dt.datetime():
            return cell.date().isoformat()
        case _:
            return str(cell)
