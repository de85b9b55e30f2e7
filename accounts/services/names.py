"""Names: kept as typed, folded for search."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.folding import fold_arabic

# Letters of the Arabic script and the marks above and below them, words apart by spaces or hyphens.
ARABIC_NAME = re.compile("[\u0621-\u064a\u064b-\u0655\u0670\u0671\u06a9\u06cc -]+")
LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
# Marks, embeddings, overrides and isolates (UAX #9), for `str.translate` to take out.
BIDI_CONTROLS = dict.fromkeys(
    map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
# Columns of `Person`.
LONGEST_NAME = 160
# Own, father's and grandfather's name.
FEWEST_NAMES = 3


class NameNotArabic(DomainError):
    message = _("Write your name in Arabic letters, as in your document.")


class NameWithSigns(DomainError):
    message = _("Write the name without digits or signs.")


class NameOfLetters(DomainError):
    message = _("Write whole names, not letters.")


class NameTooShort(DomainError):
    message = _("Write at least three names: your own, your father's and your grandfather's.")


def fold_names(*names: str) -> str:
    """Fold the spellings of one name (Arabic, Latin) into one searchable text."""
    return fold_arabic(" ".join(names))


def is_same_name(typed: str, recorded: str) -> bool:
    """Whether a typed name is the recorded one, whole: who knows only how it begins is told nothing about the person."""
    return bool(typed.strip()) and fold_arabic(typed) == fold_arabic(recorded)


def check_arabic_name(name: str, *, is_exact: bool) -> None:
    """Refuse what is no full name in Arabic. With `is_exact` the holder confirms that the document has no more parts.

    Raises `NameNotArabic`, `NameWithSigns`, `NameOfLetters`, `NameTooShort`.
    """
    tidy = tidy_name(name)
    if LATIN_LETTER.search(tidy):
        raise NameNotArabic
    if not ARABIC_NAME.fullmatch(tidy):
        raise NameWithSigns
    # "عبد الرحمن" is one name: folding joins it.
    names = fold_arabic(tidy).replace("-", "").split()
    if any(len(word) == 1 for word in names) or not names:
        raise NameOfLetters
    if len(names) < FEWEST_NAMES and not is_exact:
        raise NameTooShort


def tidy_name(name: str) -> str:
    """Bring a typed name onto one line and take out the invisible; the letters stay as typed."""
    visible = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in name)
    return " ".join(visible.translate(BIDI_CONTROLS).split())
