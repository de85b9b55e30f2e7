"""The columns of a table of questions, and what people call them in Arabic and English. Independent of Django."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from accounts.folding import fold_arabic
from assessment.exchange.item import ARABIC, ENGLISH, FaultCode, UnreadableFile

_ARABIC_LETTER = re.compile("[\u0621-\u064a]")
# Options of one question, so that a line has no more columns than a sheet of ours.
MOST_OPTIONS = 10

# By name in code: what is written, then what else is read.
SINGLE: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": ("kind", "type", "النوع", "نوع السؤال"),
    "title": ("title", "name", "العنوان"),
    "answer": ("answer", "right", "correct", "key", "الإجابة", "الإجابة الصحيحة", "الصحيح"),
    "units": ("units", "الوحدات", "وحدات القياس"),
    "unit_asked": ("unit asked", "الوحدة مطلوبة"),
    "variables": ("variables", "المتغيرات"),
    "exact": ("exact spelling", "exact", "الهجاء مهم", "بالحرف"),
    "points": ("points", "marks", "النقاط", "الدرجة"),
    "difficulty": ("difficulty", "الصعوبة"),
    "tags": ("tags", "الوسوم"),
    "category": ("category", "التصنيف"),
    "id": ("id", "code", "الرمز"),
}
# With a language: "question (Arabic)", "السؤال بالعربية"; without one, the letters say.
SPOKEN: Final[Mapping[str, tuple[str, ...]]] = {
    "question": ("question", "text", "السؤال", "نص السؤال"),
    "explanation": ("explanation", "feedback", "الشرح", "التعليق"),
}
# With a number, from 1, and a language.
NUMBERED: Final[Mapping[str, tuple[str, ...]]] = {
    "option": ("option", "choice", "الاختيار", "اختيار", "الخيار"),
    "match": ("match", "المقابل", "يقابله"),
}
_LANGUAGES = {
    ARABIC: ("arabic", "ar", "بالعربية", "العربية", "عربي"),
    ENGLISH: ("english", "en", "بالإنجليزية", "الإنجليزية", "إنجليزي"),
}
# Every kind by what people call it; the first word is written.
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "single": (
        "single choice",
        "single",
        "multiple choice",
        "one answer",
        "اختيار من متعدد",
        "اختيار واحد",
        "إجابة واحدة",
    ),
    "multiple": (
        "several answers",
        "multiple",
        "multiple answers",
        "multiple response",
        "متعدد الإجابات",
        "عدة إجابات",
    ),
    "true_false": (
        "true/false",
        "true or false",
        "true false",
        "صواب/خطأ",
        "صواب أو خطأ",
        "صح أو خطأ",
        "صح/خطأ",
        "صواب وخطأ",
    ),
    "numeric": ("number", "numeric", "numerical", "رقم", "عدد", "رقمي"),
    "short_text": ("short text", "short answer", "word", "كلمة", "إجابة قصيرة"),
    "matching": ("matching", "pairs", "مطابقة", "توصيل", "أزواج"),
    "ordering": ("ordering", "order", "ترتيب"),
    "fill_in": ("fill in", "gaps", "cloze", "fill in the blanks", "أكمل", "فراغات", "ملء الفراغات"),
    "hotspot": ("hotspot", "places on a picture", "نقاط على صورة"),
    "essay": ("essay", "مقال", "مقالي"),
    "files": ("files", "file", "ملفات", "ملف"),
}
CREDITS: Final[Mapping[str, tuple[str, ...]]] = {
    "all": ("all", "all or nothing", "الكل", "كله أو لا شيء"),
    "places": ("places", "الأماكن"),
    "neighbors": ("neighbors", "الجيران", "المتجاورات"),
}
YES: Final = ("true", "yes", "t", "y", "1", "صواب", "صح", "نعم", "صحيح")
NO: Final = ("false", "no", "f", "n", "0", "خطأ", "خطا", "غلط", "لا")

# A column: its name, its number or 0, and its language or nothing.
type Column = tuple[str, int, str]


def folded(text: str) -> str:
    return " ".join(re.sub(r"[()\[\]_:]", " ", fold_arabic(text)).split())


def by_word(words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {folded(word): name for name, those in words.items() for word in those}


_SINGLE, _SPOKEN, _NUMBERED = by_word(SINGLE), by_word(SPOKEN), by_word(NUMBERED)
_LANGUAGE = by_word(_LANGUAGES)
KIND_OF, CREDIT_OF = by_word(KINDS), by_word(CREDITS)
IS_YES = {**dict.fromkeys(map(folded, YES), True), **dict.fromkeys(map(folded, NO), False)}


def columns_of(headings: Sequence[str], line: int) -> list[Column | None]:
    """The columns under headings, None under an empty one. Raises UnreadableFile where one is unknown, missing or there twice."""
    found = [_column(heading, line) if heading.strip() else None for heading in headings]
    named = [one for one in found if one]
    for one, heading in zip(found, headings, strict=True):
        if one and named.count(one) > 1:
            raise UnreadableFile(FaultCode.HEADING_TWICE, line=line, detail=heading[:60])
    for name in ("kind", "question"):
        if all(one[0] != name for one in named):
            raise UnreadableFile(FaultCode.HEADING_MISSING, line=line, detail=name)
    return found


def has_headings(line: str) -> bool:
    """Whether a line of text names columns: two at least, set apart as in CSV files."""
    return any(
        sum(_is_heading(cell.strip().strip('"')) for cell in line.split(mark)) > 1
        for mark in (",", ";", "\t")
    )


def _is_heading(text: str) -> bool:
    try:
        return bool(text) and bool(_column(text, 1))
    except UnreadableFile:
        return False


def _column(heading: str, line: int) -> Column:
    words = folded(heading)
    if words in _SINGLE:
        return _SINGLE[words], 0, ""
    language = ""
    for said, name in _LANGUAGE.items():
        if words.endswith(f" {said}"):
            language, words = name, words.removesuffix(f" {said}")
            break
    if words in _SPOKEN:
        return _SPOKEN[words], 0, language
    word, _space, number = words.rpartition(" ")
    if word in _NUMBERED and number.isdecimal() and 1 <= int(number) <= MOST_OPTIONS:
        return _NUMBERED[word], int(number), language
    raise UnreadableFile(FaultCode.HEADING_UNKNOWN, line=line, detail=heading[:60])


def word_in(words: Sequence[str], language: str) -> str:
    """The first of these words in a language: the first of all where there is none in it."""
    is_arabic = language == ARABIC
    return next((word for word in words if bool(_ARABIC_LETTER.search(word)) == is_arabic), words[0])


def heading_of(column: Column, reader: str = ENGLISH) -> str:
    """The heading that is written over a column, in the language of `reader`."""
    name, number, language = column
    word = word_in({**SINGLE, **SPOKEN, **NUMBERED}[name], reader)
    said = f" ({word_in(_LANGUAGES[language], reader).capitalize()})" if language else ""
    return f"{word}{f' {number}' if number else ''}{said}"
