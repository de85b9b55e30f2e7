"""Remarks on a plan: codes with parameters, which an application turns into sentences."""

from enum import StrEnum
from typing import Any


class NoteCode(StrEnum):
    """The closed list of remarks about a plan."""

    CAMERA = "camera"
    SCREENCAST = "screencast"
    SLIDES = "slides"
    AUDIO_ONLY = "audio_only"
    NO_SOUND = "no_sound"
    SILENT = "silent"
    SOUND_LEVELED = "sound_leveled"
    SOUNDS_KEPT = "sounds_kept"
    SOUNDS_LEFT_OUT = "sounds_left_out"
    SURROUND_MIXED = "surround_mixed"
    PORTRAIT = "portrait"
    KEPT_SMALL = "kept_small"
    NEVER_LARGER = "never_larger"
    BITS_CAPPED = "bits_capped"
    FRAME_RATE_LOWERED = "frame_rate_lowered"
    FRAME_RATE_EVENED = "frame_rate_evened"
    DEINTERLACED = "deinterlaced"
    TONE_MAPPED = "tone_mapped"
    DEPTH_LOWERED = "depth_lowered"
    PICTURE_ENDS_FIRST = "picture_ends_first"
    FEW_KEY_FRAMES = "few_key_frames"
    CHUNKED = "chunked"
    DAMAGED = "damaged"
    TWO_PHASES = "two_phases"
    AV1_ADDED = "av1_added"
    AV1_MISSING = "av1_missing"


# `code` and `facts`, as `note` makes them.
Note = dict[str, Any]


def note(code: NoteCode, **facts: float | str) -> Note:
    """One remark; plain data, as it is stored."""
    return {"code": code.value, "facts": facts}
