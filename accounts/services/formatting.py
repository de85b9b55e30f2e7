"""How numbers, times, sizes and lists are written for a reader: on pages, in mails and in short messages.

Everything is in the language that is active. The order of a date is Django's named format (`lms/formats/`), the table of
digits is `typesetting`'s, which certificates use without Django. Nothing here is markup: templates escape as ever.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from accounts.enums import Digits
from typesetting import arabic_digits

# Wagtail writes Latin digits, in its scripts too, and so do spreadsheets and fields of numbers: so does the workplace.
in_workplace: ContextVar[bool] = ContextVar("in_workplace", default=False)

# The choice of the reader, "" for none (`accounts.models.User.digits`): asked for only where digits are written.
chosen_digits: ContextVar[Callable[[], str]] = ContextVar("chosen_digits", default=lambda: "")

# What keeps its digits: a number that was isolated as a code (U+2068 to U+2069), a word with Latin letters (Cat6,
# ISCO-08, ELE-H2/CAI-03/1, an address), and a telephone number as it is dialed abroad. A word is read from its beginning only:
# read again from each of its characters, a long word without Latin letters would take seconds.
_KEPT = re.compile(
    r"(\u2068[^\u2068\u2069]*\u2069"
    r"|(?<![^\s<>&\u2069])[^\s<>&\u2069]*[A-Za-z][^\s<>&]*"
    r"|\+[0-9][0-9 ]*[0-9])"
)
_POINT = re.compile(r"(?<=[0-9])\.(?=[0-9])")
_KILO, _MEGA, _GIGA = 10**3, 10**6, 10**9


def is_arabic() -> bool:
    return (get_language() or "").startswith("ar")


def uses_arabic_digits() -> bool:
    """Whether the page, mail or message that is being written has Arabic-Indic digits: as its reader chose, else `DIGITS_STYLE`."""
    if not is_arabic() or in_workplace.get():
        return False
    return (chosen_digits.get()() or settings.DIGITS_STYLE) == Digits.ARABIC


def numbering() -> str:
    """Say the same to scripts: Unicode's name of the numbering system (`Intl.NumberFormat`)."""
    return str(Digits.ARABIC if uses_arabic_digits() else Digits.LATIN)


@contextmanager
def written_in(digits: str) -> Iterator[None]:
    """Write in the digits that a reader chose."""
    token = chosen_digits.set(lambda: digits)
    try:
        yield
    finally:
        chosen_digits.reset(token)


def localize_digits(value: object) -> str:
    """A text in the digits of the reader; codes, addresses and telephone numbers keep theirs.

    >>> "1.25 of Cat6" -> "١٫٢٥ of Cat6" in Arabic, but in the workplace and where DIGITS_STYLE is "latn".
    """
    text = str(value)
    if not uses_arabic_digits():
        return text
    parts = _KEPT.split(text)
    parts[::2] = [arabic_digits(_POINT.sub("٫", part)) for part in parts[::2]]
    return "".join(parts)


def format_number(value: float | Decimal) -> str:
    """62.0 -> "62" and 61.84 -> "61.8", in Arabic "٦٢" and "٦١٫٨"."""
    tenths = f"{value:.1f}"
    return localize_digits(tenths.removesuffix(".0"))


def format_exactly(value: Decimal) -> str:
    """All places that count: 7.50 -> "7.5" and 0.75 -> "0.75", in Arabic "٧٫٥" and "٠٫٧٥"."""
    return localize_digits(f"{value.normalize():f}")


def whole_percent(value: float | str | Decimal) -> int:
    """The whole percent in which a score, or a share, is shown. What binary fractions add or take is not counted."""
    return int(round(Decimal(value), 6))


def format_percent(value: float | str | Decimal) -> str:
    """62, 62.9 or "62.90" (as JSON keeps a decimal) -> "62%", in Arabic "٦٢٪". Rounded down: 59.9 must not read as a pass mark of 60."""
    whole = whole_percent(value)
    return f"{localize_digits(whole)}٪" if uses_arabic_digits() else f"{whole}%"


def format_date(day: dt.date, form: str = "DATE_FORMAT") -> str:
    """A day by a named format: "29 November 2026", in Arabic "٢٩ نوفمبر ٢٠٢٦". Of a moment, the day in the ministry's time zone."""
    if isinstance(day, dt.datetime):
        day = timezone.localdate(day)
    return localize_digits(date_format(day, form))


def format_near_date(day: dt.date) -> str:
    """A day for a narrow column: "29 November", and with its year where that is not this one."""
    if isinstance(day, dt.datetime):
        day = timezone.localdate(day)
    is_this_year = day.year == timezone.localdate().year
    return format_date(day, "MONTH_DAY_FORMAT" if is_this_year else "DATE_FORMAT")


def format_datetime(moment: dt.datetime, form: str = "DATETIME_FORMAT") -> str:
    """A moment by a named format, by the clock of the ministry: "29 November, 4:30pm", in Arabic "٢٩ نوفمبر، ٤:٣٠ م"."""
    return localize_digits(date_format(timezone.localtime(moment), form))


def format_since(day: dt.date) -> str:
    """Since when something waits: "since 29 November 2026"."""
    return gettext("since %(date)s") % {"date": format_date(day)}


def format_size(size: float) -> str:
    """Bytes, counted as data plans count them: "71.4 KB", in Arabic "٧١٫٤ كيلوبايت"; never less than 0.1 of one."""
    if size < _MEGA:
        said, unit = gettext("%(number)s KB"), _KILO
    elif size < _GIGA:
        said, unit = gettext("%(number)s MB"), _MEGA
    else:
        said, unit = gettext("%(number)s GB"), _GIGA
    return said % {"number": format_number(max(size / unit, 0.1) if size else 0)}


def format_pounds(amount: Decimal) -> str:
    """120.00 -> "120 pounds" and 75.50 -> "75.50 pounds", in Arabic "١٢٠ جنيهًا"."""
    whole = int(amount)
    written = str(whole) if amount == whole else f"{amount:.2f}"
    said = ngettext("%(amount)s pound", "%(amount)s pounds", whole)
    return localize_digits(said % {"amount": written})


def format_list(words: Iterable[object]) -> str:
    """Words with the comma of the language between them."""
    return ("، " if is_arabic() else ", ").join(map(str, words))
