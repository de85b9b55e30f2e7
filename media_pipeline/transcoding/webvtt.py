"""Checks WebVTT captions by the grammar authors must keep (W3C WebVTT, section 4), line by line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

MAX_BYTES = 2_000_000
TIMESTAMP = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"{TIMESTAMP}[ \t]+-->[ \t]+{TIMESTAMP}(?:[ \t]++(.*))?", re.ASCII)
HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
ARROW = "-->"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in a line. `line` counts from 1; `code` is one of those below."""

    line: int
    code: str


class BadCaptions(Exception):
    """The text is not WebVTT; holds the first problem."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem


NOT_TEXT = "not_text"
TOO_LARGE = "too_large"
NO_HEADER = "no_header"
NO_TIMING = "no_timing"
ENDS_BEFORE_START = "ends_before_start"
OUT_OF_ORDER = "out_of_order"
NO_TEXT = "no_text"
NO_CUES = "no_cues"
NO_BLANK_LINE = "no_blank_line"


def read_captions(data: bytes) -> str:
    """The text of a WebVTT file with plain line ends. Raises BadCaptions."""
    text = decode(data)
    problems = problems_in(text)
    if problems:
        raise BadCaptions(problems[0].line, problems[0].code)
    return text


def decode(data: bytes) -> str:
    """Text with plain line ends, from UTF-8, or UTF-16 with a byte order mark. Raises BadCaptions."""
    if len(data) > MAX_BYTES:
        raise BadCaptions(1, TOO_LARGE)
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadCaptions(data[: error.start].count(b"\n") + 1, NOT_TEXT) from error
    return plain_lines(text)


def plain_lines(text: str) -> str:
    """`text` as WebVTT reads it: LF line ends, no NUL, a line end after the last line."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return text if text.endswith("\n") else text + "\n"


def problems_in(text: str) -> list[Problem]:
    """All problems that prevent publishing `text`, which has plain line ends, in the order of lines."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return [Problem(1, TOO_LARGE)]
    lines = text.removesuffix("\n").split("\n")
    found = [] if HEADER.fullmatch(lines[0]) else [Problem(1, NO_HEADER)]
    blocks = list(_cue_blocks(lines))
    latest = -1
    for block in blocks:
        problems, start = _problems_of_cue(block, latest)
        found += problems
        latest = max(latest, start)
    if not found and not blocks:
        found.append(Problem(len(lines), NO_CUES))
    return found


def _cue_blocks(lines: Sequence[str]) -> Iterator[list[tuple[int, str]]]:
    """The lines of each cue with their numbers; header, notes, styles and regions left out."""
    numbered = list(enumerate(lines, 1))[1:]
    for has_text, group in groupby(numbered, key=lambda pair: bool(pair[1].strip(" \t"))):
        block = list(group)
        is_header = block[0][0] == 2 and ARROW not in block[0][1]
        if has_text and not is_header and not re.match(r"(NOTE|STYLE|REGION)(?=[ \t]|$)", block[0][1]):
            yield block


def _problems_of_cue(block: list[tuple[int, str]], latest: int) -> tuple[list[Problem], int]:
    """What is wrong with one cue, and its start in milliseconds (-1 where unknown)."""
    # A cue may begin with an identifier line.
    at = 0 if ARROW in block[0][1] or len(block) == 1 else 1
    line, text = block[at]
    timing = TIMING.fullmatch(text.strip(" \t"))
    if timing is None:
        return [Problem(line, NO_TIMING)], -1
    start, end = milliseconds(timing.groups()[:4]), milliseconds(timing.groups()[4:8])
    found = []
    if end <= start:
        found.append(Problem(line, ENDS_BEFORE_START))
    if start < latest:
        found.append(Problem(line, OUT_OF_ORDER))
    if at + 1 == len(block):
        found.append(Problem(line, NO_TEXT))
    found += [Problem(number, NO_BLANK_LINE) for number, words in block[at + 1 :] if ARROW in words]
    return found, start


def milliseconds(parts: Sequence[str | None]) -> int:
    """Milliseconds from the hours, minutes, seconds and thousandths that `TIMING` matches."""
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
