"""A word or a line that is typed.

Content: nothing but the text. Key: `{"accepted": [{"text": "قاطع", "share": "1"}, ...], "is_exact": false}`. `*` in an accepted text is
any run of characters, as in GIFT and Moodle; `\\*` is an asterisk. The first one that fits counts.

Unless `is_exact`, texts are compared as `fold_arabic` writes them and without marks at their ends: with or without hamza, vowel signs, or
capital letters, in any digits. The conjunction و is one with the word behind it, with a space between them or without.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from accounts.folding import fold_arabic
from assessment.marking.question import (
    EVERYTHING,
    LONGEST_LINE,
    NOTHING,
    InvalidQuestion,
    clean_text,
    read_share,
)

_MOST_RUNS = 5
_ENDS = " .,;:!?،؛؟…\"'«»()"
_PARTS = re.compile(r"\\\*|\*")
_AND = re.compile(r"(?<!\w)و ")
# As `fold_arabic` writes it where no conjunction is before it.
_AND_ABD_AL = re.compile(r"(?<!\w)وعبد ال")


class ShortText:
    def __init__(self, _content: Mapping[str, Any], key: Mapping[str, Any]) -> None:
        self._fold: Callable[[str], str] = _exactly if key.get("is_exact") else _folded
        self._whole: dict[str, Fraction] = {}
        self._patterns: list[tuple[list[str], Fraction]] = []
        for one in key["accepted"]:
            share = max(read_share(one.get("share", "1")), NOTHING)
            self._accept(one["text"], share)
        if EVERYTHING not in {*self._whole.values(), *(share for _pieces, share in self._patterns)}:
            raise InvalidQuestion("no text earns the whole mark")

    def read(self, sent: Any) -> str | None:
        return None if sent is None else clean_text(sent, LONGEST_LINE) or None

    def mark(self, response: str | None) -> Fraction:
        if not response:
            return NOTHING
        folded = self._fold(response)
        if folded in self._whole:
            return self._whole[folded]
        return next((share for pieces, share in self._patterns if _fits(pieces, folded)), NOTHING)

    def _accept(self, text: str, share: Fraction) -> None:
        parts = _PARTS.split(text)
        runs = _PARTS.findall(text)
        if runs.count("*") > _MOST_RUNS:
            raise InvalidQuestion(f"{text!r} has more than {_MOST_RUNS} asterisks")
        if "*" not in runs:
            folded = self._fold(text.replace(r"\*", "*"))
            if not folded:
                raise InvalidQuestion("an accepted text is empty")
            self._whole.setdefault(folded, share)
            return
        # Placeholders that folding leaves as they are; private-use characters are in no text that people type.
        held = self._fold("".join(_joined(parts, runs)))
        self._patterns.append((held.replace(_ASTERISK, "*").split(_RUN), share))


_RUN, _ASTERISK = "\ue000", "\ue001"


def _joined(parts: list[str], runs: list[str]) -> list[str]:
    signs = [_RUN if run == "*" else _ASTERISK for run in runs]
    return [piece for pair in zip(parts, [*signs, ""], strict=True) for piece in pair]


def _fits(pieces: list[str], text: str) -> bool:
    """Whether these are in the text, one after another, from its beginning to its end. Each is looked for once: an expression
    tries again for every asterisk before it."""
    first, *between, last = pieces
    if not text.startswith(first):
        return False
    at = len(first)
    for piece in between:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return text.endswith(last) and at <= len(text) - len(last)


# One word is typed by many of those who are asked.
@lru_cache(maxsize=10_000)
def _folded(text: str) -> str:
    return _AND_ABD_AL.sub("وعبدال", _AND.sub("و", fold_arabic(text))).strip(_ENDS)


def _exactly(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
