"""Cleans file names and titles for display. They are never used as paths."""

import unicodedata
from pathlib import Path

# Control characters, direction overrides, surrogates.
_UNSEEN = {"Cc", "Cf", "Cs"}


def last_name(name: str) -> str:
    """The last part of a file name, of any system, without controls and direction overrides. It may be empty."""
    return _visible(name.replace("\\", "/").rsplit("/", 1)[-1])


def clean_file_name(name: str) -> str:
    """The same with at most 255 characters, the extension kept; never empty."""
    visible = last_name(name)
    stem, extension = Path(visible).stem, Path(visible).suffix[:10]
    return f"{stem[: 255 - len(extension)]}{extension}" if visible else "video"


def clean_title(title: str) -> str:
    """A title in one line without controls and direction overrides, at most 200 characters."""
    return _visible(title).strip()[:200]


def _visible(text: str) -> str:
    return "".join(letter for letter in text if unicodedata.category(letter) not in _UNSEEN)
