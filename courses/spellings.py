"""Words typed in the letters of another language: on a keyboard that was not switched, or by their sound. Independent of Django."""

import re

from courses.search_normalization import ARABIC

# Arabic (101): what a key gives while one believes to type Latin letters, and the reverse.
KEYS = dict(zip("qwertyuiop[]asdfghjkl;'zxcvnm,./`", "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظذ", strict=True)) | {
    "b": "لا"
}
TO_ARABIC = str.maketrans(KEYS)
TO_LATIN = str.maketrans({arabic: latin for latin, arabic in KEYS.items() if len(arabic) == 1})
LATIN = re.compile("[a-z]")
# What is heard of a word in either alphabet: its consonants, with those that Egyptians write with one Latin letter as one.
# "le7am" and "لحام" sound LHM. Digits are letters of Arabic chats.
SOUNDS = [
    (re.compile("sh|ch|ش"), "C"),
    (re.compile("kh|5|خ"), "X"),
    (re.compile("gh|غ"), "V"),
    (re.compile("ph|f|v|ف"), "F"),
    (re.compile("th|t|6|[تطث]"), "T"),
    (re.compile("b|p|ب"), "B"),
    (re.compile("g|j|ج"), "G"),
    (re.compile("ck|k|q|[كق]"), "K"),
    (re.compile("(?<=[aeiouy])h$|[هه]$"), ""),
    (re.compile("h|7|[حه]"), "H"),
    (re.compile("d|[دض]"), "D"),
    (re.compile("z|[زذظ]"), "Z"),
    (re.compile("s|c|9|[سص]"), "S"),
    (re.compile("r|ر"), "R"),
    (re.compile("l|ل"), "L"),
    (re.compile("m|م"), "M"),
    (re.compile("n|ن"), "N"),
    (re.compile("3|ع"), "E"),
]
SILENT = re.compile("[^A-Z]")
TWICE = re.compile(r"(.)\1+")


def retyped(query: str) -> str:
    """What the same keys give in the other language; empty where the query has letters of both or of none."""
    typed = query.lower()
    if ARABIC.search(typed):
        return "" if LATIN.search(typed) else typed.replace("لا", "b").translate(TO_LATIN)
    return typed.translate(TO_ARABIC) if LATIN.search(typed) else ""


def sound_of(word: str) -> str:
    """The consonants of a folded word.

    >>> sound_of("سباكه"), sound_of("sebaka") -> "SBK", "SBK"
    """
    for letters, sound in SOUNDS:
        word = letters.sub(sound, word)
    return TWICE.sub(r"\1", SILENT.sub("", word))
