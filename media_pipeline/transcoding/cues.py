"""Spoken words with their times, and WebVTT made of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

EMPTY = "WEBVTT\n"


@dataclass(frozen=True, slots=True)
class Cue:
    """Words from `start_ms` to `end_ms`, in milliseconds from the beginning of the video."""

    start_ms: int
    end_ms: int
    text: str


def webvtt_text(cues: Iterable[Cue]) -> str:
    """A WebVTT file of the cues in the order of their starts. Cues without text or length are left out."""
    parts = [EMPTY]
    for cue in sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms)):
        words = payload(cue.text)
        if words and 0 <= cue.start_ms < cue.end_ms:
            parts.append(f"{timestamp(cue.start_ms)} --> {timestamp(cue.end_ms)}\n{words}\n")
    return "\n".join(parts)


def payload(text: str) -> str:
    """Plain words as the text of a cue: markup escaped, lines that are blank left out."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\0", "\ufffd")
    lines = (line.strip(" \t\f\v") for line in re.split(r"\r\n|\r|\n", escaped))
    return "\n".join(line for line in lines if line)


def timestamp(milliseconds: int) -> str:
    """`HH:MM:SS.mmm`."""
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}"
