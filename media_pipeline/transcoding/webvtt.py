"""Checks WebVTT captions by the grammar authors must keep (W3C WebVTT, section 4), line by line."""

import re
from itertools import groupby

MAX_BYTES = 2_000_000
TIMESTAMP = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"{TIMESTAMP}[ \t]+-->[ \t]+{TIMESTAMP}(?:[ \t]+(.*))?")


class BadCaptions(Exception):
    """The text is not WebVTT. `line` counts from 1; `problem` is one of the codes below."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem


NOT_UTF8 = "not_utf8"
TOO_LARGE = "too_large"
NO_HEADER = "no_header"
NO_TIMING = "no_timing"
ENDS_BEFORE_START = "ends_before_start"
OUT_OF_ORDER = "out_of_order"
NO_TEXT = "no_text"
NO_CUES = "no_cues"


def read_captions(data: bytes) -> str:
    """The text of a WebVTT file with plain line ends. Raises BadCaptions."""
    if len(data) > MAX_BYTES:
        raise BadCaptions(1, TOO_LARGE)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadCaptions(data[: error.start].count(b"\n") + 1, NOT_UTF8) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    lines = text.split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise BadCaptions(1, NO_HEADER)
    _check_cues(lines)
    return text if text.endswith("\n") else text + "\n"


def _check_cues(lines: list[str]) -> None:
    latest, count = -1, 0
    numbered = list(enumerate(lines, 1))[1:]
    for has_text, group in groupby(numbered, key=lambda pair: bool(pair[1].strip())):
        block = list(group)
        if not has_text or re.match(r"(NOTE|STYLE|REGION)\b", block[0][1]) or block[0][0] == 2:
            continue
        # A cue may begin with a line that names it.
        at = 0 if "-->" in block[0][1] else 1
        start = _check_timing(block[at] if at < len(block) else block[0])
        if start < latest:
            raise BadCaptions(block[at][0], OUT_OF_ORDER)
        if at + 1 == len(block):
            raise BadCaptions(block[at][0], NO_TEXT)
        latest, count = start, count + 1
    if count == 0:
        raise BadCaptions(len(lines), NO_CUES)


def _check_timing(numbered: tuple[int, str]) -> int:
    line, text = numbered
    timing = TIMING.fullmatch(text.strip())
    if timing is None:
        raise BadCaptions(line, NO_TIMING)
    start, end = _milliseconds(timing.groups()[:4]), _milliseconds(timing.groups()[4:8])
    if end <= start:
        raise BadCaptions(line, ENDS_BEFORE_START)
    return start


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
