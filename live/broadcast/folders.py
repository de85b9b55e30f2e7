"""Where broadcasts, voices and recordings of classes lie under PRIVATE_ROOT."""

from pathlib import Path

from django.conf import settings


def live_folder() -> Path:
    return Path(settings.PRIVATE_ROOT) / "live"


def voices_folder(session_id: int) -> Path:
    """The recorded voices of trainees who were allowed to speak; deleted after their class."""
    return live_folder() / "voices" / str(session_id)


def recording_work_folder() -> Path:
    """MP4 files of recordings while they are made, one folder an attempt; nothing is served from here."""
    return live_folder() / "joining"
