"""Short plain texts that people type."""

import unicodedata

from accounts.services.names import BIDI_CONTROLS


def tidy_line(text: str, *, longest: int) -> str:
    """One line of plain text, without control characters and marks that turn the direction of writing; at most `longest` letters."""
    plain = "".join(
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char
        for char in unicodedata.normalize("NFC", text).translate(BIDI_CONTROLS)
        if unicodedata.category(char) not in {"Cs", "Co"}
    )
    return " ".join(plain.split())[:longest]
