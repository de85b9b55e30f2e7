"""One spelling for what people write differently in Arabic. Independent of Django."""

import re
import unicodedata

from accounts.digits import LATIN_DIGITS

# Harakat and Koranic marks, tatweel, zero-width and bidi controls: written or not, the name is the same.
SILENT = re.compile(
    "[\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
ONE_LETTER = str.maketrans("أإآٱىئؤةکی", "ااااييوهكي")
ABD_AL = re.compile(r"(?<!\w)عبد ال")


def fold_arabic(text: str) -> str:
    """Fold what people write differently into one spelling, for search and for duplicate *candidates*.

    The typed text is kept as well; a person decides whether two records are of one person. Idempotent: folding twice
    changes nothing.
    """
    folded = _fold_once(text)
    # Taking a mark away can bring two characters together that Unicode then composes.
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def _fold_once(text: str) -> str:
    text = SILENT.sub("", unicodedata.normalize("NFKC", text)).casefold()
    text = text.translate(ONE_LETTER).translate(LATIN_DIGITS)
    return ABD_AL.sub("عبدال", " ".join(text.split()))
