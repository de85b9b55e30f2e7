"""The Unicode bidirectional algorithm, from logical text to runs in visual order.

Source: UAX #9 (Unicode 16). python-bidi gives the rules W1-W7, N1-N2 and I1-I2; it predates the bracket rule N0, drops
the characters of rule X9 and reorders characters rather than runs. Those parts are here. Mirroring (L4) is left to
HarfBuzz, which mirrors the glyphs of right-to-left runs itself.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any

from bidi import algorithm
from bidi.mirror import MIRRORED

# Marks, embeddings, overrides and isolates (UAX #9, 2.1-2.4, 2.6), and the byte order mark that comes with pasted text.
_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_BRACKET_STACK_LIMIT = 63  # BD16
_CANONICAL_BRACKETS = {"\u2329": "\u3008", "\u232a": "\u3009"}


class Direction(StrEnum):
    """The direction a paragraph is read in."""

    LTR = "ltr"
    RTL = "rtl"

    @property
    def level(self) -> int:
        """The paragraph embedding level: 0 or 1."""
        return int(self is Direction.RTL)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of logical text, `text[start:end]`, of one embedding level."""

    start: int
    end: int
    level: int

    @property
    def is_rtl(self) -> bool:
        return self.level % 2 == 1


def strip_controls(text: str) -> str:
    """The text without bidi control characters.

    They come invisibly with pasted names, can make a name read as another one, and do not belong in a text layer. The
    joiners U+200C and U+200D stay: they are spelling.
    """
    return _CONTROLS.sub("", text)


def base_direction(text: str, *, default: Direction = Direction.RTL) -> Direction:
    """The direction of the first strong character (rules P2 and P3), else `default`."""
    for char in text:
        match unicodedata.bidirectional(char):
            case "L":
                return Direction.LTR
            case "R" | "AL":
                return Direction.RTL
    return default


@lru_cache(maxsize=8192)
def embedding_levels(text: str, direction: Direction) -> tuple[int, ...]:
    """The resolved embedding level of each character of a paragraph without bidi controls."""
    kept = [i for i, char in enumerate(text) if unicodedata.bidirectional(char) not in algorithm.X9_REMOVED]
    storage = algorithm.get_empty_storage()
    storage["base_level"] = direction.level
    storage["base_dir"] = "R" if direction is Direction.RTL else "L"
    algorithm.get_embedding_levels("".join(text[i] for i in kept), storage)
    for char in storage["chars"]:
        # Python has no type for code points that are not assigned yet; most are left to right.
        char["type"] = char["type"] or "L"
    algorithm.calc_level_runs(storage)
    algorithm.resolve_weak_types(storage)
    _resolve_brackets(storage["chars"], direction)
    algorithm.resolve_neutral_types(storage, debug=False)
    algorithm.resolve_implicit_levels(storage, debug=False)
    resolved = dict(zip(kept, (char["level"] for char in storage["chars"]), strict=True))
    levels: list[int] = []
    for i in range(len(text)):
        # 5.2: a character that X9 removes, such as ZWNJ, takes the level of the one before it.
        levels.append(resolved.get(i, levels[-1] if levels else direction.level))
    return tuple(levels)


def visual_runs(text: str, levels: tuple[int, ...], direction: Direction) -> list[Run]:
    """The runs of one line from left to right (rules L1 and L2); `levels` are those of the line's characters."""
    runs = _level_runs(_reset_whitespace(text, levels, direction))
    if not runs:
        return []
    highest = max(run.level for run in runs)
    lowest_odd = min((run.level for run in runs if run.is_rtl), default=highest + 1)
    for level in range(highest, lowest_odd - 1, -1):
        _reverse_sequences(runs, level)
    return runs


def _reset_whitespace(text: str, levels: tuple[int, ...], direction: Direction) -> list[int]:
    """Rule L1: separators and the white space before them or at the line's end take the paragraph level."""
    reset = list(levels)
    trailing = True
    for i in range(len(text) - 1, -1, -1):
        kind = unicodedata.bidirectional(text[i])
        trailing = kind in {"B", "S"} or (trailing and kind in {"WS", "BN"})
        if trailing:
            reset[i] = direction.level
    return reset


def _level_runs(levels: list[int]) -> list[Run]:
    edges = [i for i in range(len(levels)) if i == 0 or levels[i] != levels[i - 1]]
    return [Run(start, end, levels[start]) for start, end in pairwise([*edges, len(levels)])]


def _reverse_sequences(runs: list[Run], level: int) -> None:
    """One step of rule L2: reverse, in place, each contiguous sequence of runs at this level or higher."""
    start = 0
    while start < len(runs):
        end = start
        while end < len(runs) and runs[end].level >= level:
            end += 1
        runs[start:end] = reversed(runs[start:end])
        start = end + 1


def _resolve_brackets(chars: list[dict[str, Any]], direction: Direction) -> None:
    """Rule N0: a pair of brackets takes one direction, so that neither turns away from the other.

    Without explicit controls a paragraph is one level run, whose sor is the paragraph direction.
    """
    embedding, opposite = ("R", "L") if direction is Direction.RTL else ("L", "R")
    for opening, closing in _bracket_pairs(chars):
        inside = {_strong(char) for char in chars[opening + 1 : closing]}
        if embedding in inside:
            resolved = embedding
        elif opposite in inside:
            before = next((strong for char in chars[opening::-1] if (strong := _strong(char))), embedding)
            resolved = opposite if before == opposite else embedding
        else:
            continue
        for bracket in (opening, closing):
            _set_bracket(chars, bracket, resolved)


def _strong(char: dict[str, Any]) -> str | None:
    """L or R; numbers act as R in the bracket rule."""
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(char["type"])


def _set_bracket(chars: list[dict[str, Any]], position: int, resolved: str) -> None:
    chars[position]["type"] = resolved
    for follower in chars[position + 1 :]:
        if follower["orig"] != "NSM":
            return
        follower["type"] = resolved


def _bracket_pairs(chars: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Definition BD16, in the order of the opening brackets."""
    pairs: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    for i, char in enumerate(chars):
        bracket = char["ch"]
        if char["type"] != "ON" or bracket not in MIRRORED:
            continue
        category = unicodedata.category(bracket)
        if category == "Ps":
            if len(stack) == _BRACKET_STACK_LIMIT:
                return []
            closing = MIRRORED[bracket]
            stack.append((_CANONICAL_BRACKETS.get(closing, closing), i))
        elif category == "Pe":
            wanted = _CANONICAL_BRACKETS.get(bracket, bracket)
            for depth in range(len(stack) - 1, -1, -1):
                if stack[depth][0] == wanted:
                    pairs.append((stack[depth][1], i))
                    del stack[depth:]
                    break
    return sorted(pairs)
