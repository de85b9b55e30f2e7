"""Reads the output of recognizers. It is untrusted, since it comes from a sandbox."""

import json
import re
from pathlib import Path
from typing import Any

from media_pipeline.transcoding.cues import Cue
from media_pipeline.transcoding.srt import is_srt, webvtt_from_srt
from media_pipeline.transcoding.webvtt import TIMING, BadCaptions, milliseconds, read_captions
from media_pipeline.transcription.adapter import RESULT_BYTES, TranscriptionFailed

MOST_CUES = 100_000
LONGEST_MS = 100 * 3600 * 1000


def read_result(path: Path) -> list[Cue]:
    """The cues of a JSON, WebVTT or SubRip file. Raises TranscriptionFailed.

    JSON is a list of `{"start_ms", "end_ms", "text"}`, or of `{"start", "end", "text"}` in seconds, or an object
    that holds such a list as `segments`, as the programs around Whisper write it.
    """
    if path.is_symlink() or not path.is_file() or path.stat().st_size > RESULT_BYTES:
        raise TranscriptionFailed(f"{path.name} is not a file of words")
    data = path.read_bytes()
    try:
        if data.lstrip()[:1] in {b"{", b"["}:
            return _from_json(json.loads(data))
        return _from_webvtt(webvtt_from_srt(data) if is_srt(data) else read_captions(data))
    except (BadCaptions, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise TranscriptionFailed(f"{path.name} cannot be read: {error}") from error


def _from_json(found: Any) -> list[Cue]:
    rows = found["segments"] if isinstance(found, dict) else found
    if not isinstance(rows, list) or len(rows) > MOST_CUES:
        raise TypeError("no list of segments")
    return [_cue(row) for row in rows]


def _cue(row: Any) -> Cue:
    scale = 1 if "start_ms" in row else 1000
    unit = "_ms" if "start_ms" in row else ""
    start, end = (round(float(row[f"{name}{unit}"]) * scale) for name in ("start", "end"))
    if not 0 <= start <= end <= LONGEST_MS or not isinstance(row["text"], str):
        raise ValueError(f"no times: {start} to {end}")
    return Cue(start, end, row["text"].strip())


def _from_webvtt(text: str) -> list[Cue]:
    cues = []
    for block in re.split(r"\n[ \t]*\n", text):
        lines = block.strip("\n").split("\n")
        at = next((number for number, line in enumerate(lines) if "-->" in line), None)
        timing = TIMING.fullmatch(lines[at].strip()) if at is not None else None
        if at is None or timing is None:
            continue
        words = re.sub(r"<[^<>]*>", "", "\n".join(lines[at + 1 :]))
        cues.append(Cue(milliseconds(timing.groups()[:4]), milliseconds(timing.groups()[4:8]), words))
    return cues
