"""Where files of live classes lie under PRIVATE_ROOT."""

import uuid
from pathlib import Path

from django.conf import settings


def live_folder() -> Path:
    return Path(settings.PRIVATE_ROOT) / "live"


def slides_folder(meeting: uuid.UUID) -> Path:
    """The pictures of a class's slides: what nginx serves, `<random>-<width>.<ending>`."""
    return live_folder() / "slides" / meeting.hex


def voices_folder(session_id: int) -> Path:
    """What the trainees who were let to speak said, until their class is over."""
    return live_folder() / "voices" / str(session_id)


def incoming_folder(deck: uuid.UUID) -> Path:
    """The uploaded files of a deck until its pages are drawn: `1.pdf`, or `1.png`, `2.jpg` ..."""
    return live_folder() / "incoming" / deck.hex


def joining_folder() -> Path:
    """Films of recordings while they are made, one folder an attempt; nothing is served from here."""
    return live_folder() / "joining"
