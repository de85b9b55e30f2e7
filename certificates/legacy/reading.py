"""Parses the typed text of a paper certificate, and finds its faults."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from accounts.digits import is_decimal, latin_digits
from accounts.folding import fold_arabic
from accounts.services.names import tidy_name
from certificates.enums import Fault

# In the order of the form. `national_number` is stored separately, encrypted.
FIELDS = (
    "number", "name_ar", "name_en", "program_ar", "program_en", "level", "hours", "completed_on", "issued_on",
    "valid_until", "scan",
)  # fmt: skip
LONGEST = {"number": 20, "scan": 120, "level": 60, "hours": 10}
LONGEST_TEXT = 160
# The ministry's centers are not older than this.
FIRST_YEAR = 1930
MOST_HOURS = 10_000

_DAY_FIRST = re.compile(r"(\d{1,2})\s*([/.\-])\s*(\d{1,2})\s*\2\s*(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})\s*([/.\-])\s*(\d{1,2})\s*\2\s*(\d{1,2})", re.ASCII)
# How spreadsheets keep 0012 a text.
_SPREADSHEET_TEXT = re.compile(r'="([^"]*)"')
_FORMULA_SIGNS = "=+-@\t\r"
_LATIN = re.compile(r"[A-Za-z]")
_ARABIC = re.compile(r"[\u0621-\u064a]")

type Faults = list[dict[str, str]]


def fault(about: str, code: Fault, detail: str = "") -> dict[str, str]:
    """A fault as stored with a row: the field, the code, and a detail that needs no translation, such as a number."""
    return {"field": about, "code": code, "detail": detail}


@dataclass(frozen=True)
class Reading:
    """The claims of a paper certificate. `number` is written in 0-9 for comparing; dates are None where not typed."""

    number: str = ""
    name_ar: str = ""
    name_en: str = ""
    program_ar: str = ""
    program_en: str = ""
    level: str | None = None
    hours: int | None = None
    completed_on: dt.date | None = None
    issued_on: dt.date | None = None
    valid_until: dt.date | None = None
    faults: Faults = field(default_factory=list)


def clean_cell(value: str) -> tuple[str, bool]:
    """A typed cell on one line without invisible characters, and whether it began like a formula.

    Such signs are removed, so that no export passes a formula on to a spreadsheet (CWE-1236).
    """
    text = tidy_name(value)
    quoted = _SPREADSHEET_TEXT.fullmatch(text)
    text = quoted[1].strip() if quoted else text
    bare = text.lstrip(_FORMULA_SIGNS + " ")
    return bare, bare != text


def plain_number(text: str) -> str:
    """A printed number for comparing: digits as 0-9, Latin letters in capitals, no space."""
    return "".join(latin_digits(text).upper().split())


def read_date(text: str) -> dt.date | None:
    """The day of `13/5/1998`, `13-05-1998`, `١٩٩٨/٥/١٣` or `1998-05-13`; None where it is none.

    The day comes before the month, as is usual in Egypt. Two-digit years are refused.
    """
    text = latin_digits(text).strip()
    if match := _DAY_FIRST.fullmatch(text):
        day, _sign, month, year = match.groups()
    elif match := _YEAR_FIRST.fullmatch(text):
        year, _sign, month, day = match.groups()
    else:
        return None
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_paper(typed: Mapping[str, str], *, levels: Mapping[str, str], today: dt.date) -> Reading:
    """Read the cleaned cells of one paper. `levels` are the codes of levels by folded name."""
    faults = list(_faults_of_texts(typed))
    dates = {name: read_date(typed.get(name, "")) for name in ("completed_on", "issued_on", "valid_until")}
    faults += _faults_of_dates(typed, dates, today)
    hours = latin_digits(typed.get("hours", ""))
    has_hours = is_decimal(hours) and len(hours) <= 5 and 0 < int(hours) <= MOST_HOURS
    if hours and not has_hours:
        faults.append(fault("hours", Fault.NOT_A_NUMBER))
    level = levels.get(fold_arabic(typed.get("level", "")))
    if typed.get("level") and level is None:
        faults.append(fault("level", Fault.NO_SUCH_LEVEL))
    return Reading(
        number=plain_number(typed.get("number", "")),
        name_ar=typed.get("name_ar", ""),
        name_en=typed.get("name_en", ""),
        program_ar=typed.get("program_ar", ""),
        program_en=typed.get("program_en", ""),
        level=level,
        hours=int(hours) if has_hours else None,
        faults=faults,
        **dates,
    )


def _faults_of_texts(typed: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for name in ("number", "name_ar", "program_ar", "issued_on"):
        if not typed.get(name):
            yield fault(name, Fault.MISSING)
    for name, text in typed.items():
        longest = LONGEST.get(name, LONGEST_TEXT)
        if len(text) > longest:
            yield fault(name, Fault.TOO_LONG, str(longest))
        if "\ufffd" in text:
            yield fault(name, Fault.BROKEN_LETTERS)
    number = latin_digits(typed.get("number", ""))
    if (number and not (number.isascii() or _ARABIC.search(number))) or not _has_digit(number):
        yield fault("number", Fault.NOT_A_NUMBER)
    if typed.get("name_ar") and not _ARABIC.search(typed["name_ar"]):
        yield fault("name_ar", Fault.NOT_ARABIC)
    if typed.get("name_en") and (not _LATIN.search(typed["name_en"]) or _ARABIC.search(typed["name_en"])):
        yield fault("name_en", Fault.NOT_LATIN)


def _has_digit(number: str) -> bool:
    # Not str.isdigit(): it takes "²" for a digit.
    return not number or any("0" <= char <= "9" for char in number)


def _faults_of_dates(
    typed: Mapping[str, str], dates: Mapping[str, dt.date | None], today: dt.date
) -> Iterator[dict[str, str]]:
    for name, day in dates.items():
        if typed.get(name) and day is None:
            yield fault(name, Fault.NO_DATE)
        elif day and (day.year < FIRST_YEAR or (name != "valid_until" and day > today)):
            yield fault(name, Fault.DATE_OUT_OF_RANGE)
    issued, completed, ends = dates["issued_on"], dates["completed_on"], dates["valid_until"]
    if issued and completed and completed > issued:
        yield fault("completed_on", Fault.AFTER_ISSUE)
    if issued and ends and ends < issued:
        yield fault("valid_until", Fault.BEFORE_ISSUE)
