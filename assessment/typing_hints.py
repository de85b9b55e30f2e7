"""What in a typed text may be a slip of the keyboard. Independent of Django; hints for the author, nothing is refused.

Most of it does not matter to marking, which folds spellings (`accounts.folding`). It does where the spelling has to be exact, and for who reads it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from accounts.digits import LATIN_DIGITS
from accounts.folding import SILENT

TATWEEL = "\u0640"
_ARABIC_DIGITS = re.compile("[\u0660-\u0669\u06f0-\u06f9]")
_LATIN_DIGITS = re.compile("[0-9]")
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# Letters of Persian and Urdu keyboards that look as Arabic ones do.
_OTHER_KEYBOARD = str.maketrans({"ی": "ي", "ک": "ك", "ہ": "ه", "ۀ": "ه", "ے": "ي"})
# A gap, also with what is joined to the word that is filled in: "بـ [[2]]", "الـ[[١]]".
_GAP = re.compile(r"(?:(?<!\w)[بكفلوا]{1,3}\u0640+\s*)?\[\[\s*\d{1,2}\s*\]\]")
_WORD = re.compile(r"[^\W\d_]+")
# Words of workshops and of everyday language that begin with a hamza which is often left out.
_WITH_HAMZA = """
أحمر أخضر أزرق أسود أبيض أصفر أرضي أرض أمبير أوم أول أكبر أقل أعلى أسفل أمان أداة أدوات أسلاك أجهزة أحمال
أو أن أي أين إلى إذا إن إنارة إشارة إصلاح إيقاف إعادة إجهاد
"""
_HAMZA = {bare: word for word in _WITH_HAMZA.split() for bare in (word.replace("أ", "ا").replace("إ", "ا"),)}
_ARTICLES = ("ال", "وال", "بال")
# Endings that are typed with the wrong one of two letters: of adjectives, and of prepositions and pronouns.
_WITHOUT_DOTS = re.compile("(?:ئى|[اي]تى|فى|التى|الذى)$")
_HEH = re.compile("..يه$|ائره$|(?:مقاوم|لوح|شبك|قدر|طاق|حرار|سلام)ه$")
# A hamza where none is: nouns of the longer forms of verbs, and a few others.
_NO_HAMZA = re.compile("^(?:ال)?إ(?=ست|خت|نت|تص|جت|عت|رت|سم$)")


class Slip(StrEnum):
    MIXED_DIGITS = "mixed_digits"
    TATWEEL = "tatweel"
    INVISIBLE = "invisible"
    OTHER_KEYBOARD = "other_keyboard"
    MIXED_ALPHABETS = "mixed_alphabets"
    HAMZA = "hamza"
    ENDING = "ending"
    COMMA = "comma"


@dataclass(frozen=True)
class Hint:
    """`typed` is the word or number in question, `better` what may be meant: empty where no one can say."""

    slip: Slip
    typed: str
    better: str = ""


def hints_on_text(text: str) -> list[Hint]:
    """Slips in a text in any language, in the order in which they are there. Marks of gaps, and the short word that is written into one, are none."""
    text = _GAP.sub(" ", text)
    hints = [*_digits(text)]
    if _INVISIBLE.search(text):
        hints.append(Hint(Slip.INVISIBLE, _INVISIBLE.sub("", text)))
    for word in dict.fromkeys(text.split()):
        hints += _word(word)
    return hints


def hints_on_number(text: str) -> list[Hint]:
    """Slips in a number: digits of two keyboards, and a comma that some read as the decimal point and others between thousands."""
    hints = [*_digits(text)]
    if re.search(r"\d[,،٬]\d", text):
        hints.append(Hint(Slip.COMMA, text, re.sub("[,،٬]", ".", text)))
    return hints


def _digits(text: str) -> Iterator[Hint]:
    if _ARABIC_DIGITS.search(text) and _LATIN_DIGITS.search(text):
        yield Hint(Slip.MIXED_DIGITS, text, text.translate(LATIN_DIGITS))


def _word(typed: str) -> Iterator[Hint]:
    if TATWEEL in typed:
        yield Hint(Slip.TATWEEL, typed, typed.replace(TATWEEL, ""))
    word = SILENT.sub("", unicodedata.normalize("NFC", typed))
    if (arabic := word.translate(_OTHER_KEYBOARD)) != word:
        yield Hint(Slip.OTHER_KEYBOARD, typed, arabic)
    for letters in _WORD.findall(word):
        if len({_alphabet(letter) for letter in letters if letter.isalpha()}) > 1:
            yield Hint(Slip.MIXED_ALPHABETS, letters)
        yield from _spelling(letters)


def _spelling(word: str) -> Iterator[Hint]:
    article = next(
        (one for one in reversed(_ARTICLES) if word.startswith(one) and word[len(one) :] in _HAMZA), ""
    )
    bare = word.removeprefix(article)
    if bare in _HAMZA and _HAMZA[bare] != bare:
        yield Hint(Slip.HAMZA, word, article + _HAMZA[bare])
    if _NO_HAMZA.search(word):
        yield Hint(Slip.HAMZA, word, word.replace("إ", "ا", 1))
    if _WITHOUT_DOTS.search(word):
        yield Hint(Slip.ENDING, word, f"{word[:-1]}ي")
    if len(word) > 4 and _HEH.search(word):
        yield Hint(Slip.ENDING, word, f"{word[:-1]}ة")


def _alphabet(letter: str) -> str:
    """The first word of the letter's name: ARABIC, LATIN, GREEK, CYRILLIC."""
    return unicodedata.name(letter, "OTHER").split()[0]
