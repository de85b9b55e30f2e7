"""Folders of slides under PRIVATE_ROOT."""

import uuid
from pathlib import Path

from live.broadcast.folders import live_folder


def slides_folder(meeting: uuid.UUID) -> Path:
    """The pictures of a class's slides: what nginx serves, `<random>-<width>.<ending>`."""
    return live_folder() / "slides" / meeting.hex


def incoming_folder(deck: uuid.UUID) -> Path:
    """The uploaded files of a deck until its pages are rendered: `1.pdf`, or `1.png`, `2.jpg` ..."""
    return live_folder() / "incoming" / deck.hex
