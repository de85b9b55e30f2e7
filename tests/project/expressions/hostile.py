"""Inputs on which an expression takes longest, made from its own structure, and how long it takes."""

import re
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import combinations, islice
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
from typing import Any

# What people, phones and attackers send: letters of both scripts, digits of three, spaces, signs of markup, quotes, controls of direction.
PALETTE = "aZ0_ض٣۳é \t\n\u00a0<>&\"'\u202e\u2066\u2068\u2069-+./:;,=*(){}[]\\#%@!\x00²"
SHORT, LONG = 16 * 1024, 128 * 1024
# As many characters show which input is the worst one.
TRIED = 1024
WORST = 3
MOST_TIMES = 16
# Below this the clock says nothing; an expression that is not linear needs a hundred times as long for SHORT.
LEAST_SECONDS = 0.002
MOST_SECONDS_OF_SHORT = 0.06

Text = Any
METHODS: dict[str, Callable[[re.Pattern[Any], Text], object]] = {
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
    "search": lambda pattern, text: pattern.search(text),
    "sub": lambda pattern, text: pattern.sub(text[:0], text),
}
SAME_AS_SUB = {"subn", "split", "findall", "finditer"}


class TooSlow(Exception):
    pass


def seconds_for(pattern: re.Pattern[Any], method: str, text: Text, most: float = 5.0) -> float:
    """Of this thread, without the time that others took of it. While a timer of the process runs, its own clock moves by ticks of 4 ms."""
    with _at_most(most):
        before = time.thread_time()
        METHODS[method](pattern, text)
        return time.thread_time() - before


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """`re` looks for signals while it works."""

    def stop(*_: object) -> None:
        raise TooSlow

    former = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)


def faults_of(pattern: re.Pattern[Any], methods: Iterable[str]) -> list[str]:
    """In words, one for each method that is not linear. What repeats nothing needs the same time for each character."""
    if not any(True for _ in repeats(_parser.parse(pattern.pattern, pattern.flags))):
        return []
    makers = list(inputs(pattern))
    return [fault for method in sorted(_known(methods)) if (fault := _fault(pattern, method, makers))]


def faults_within(pattern: re.Pattern[Any], methods: Iterable[str], bound: int) -> list[str]:
    """Those of an expression whose texts have at most `bound` characters when they come to it."""
    try:
        for method in _known(methods):
            for make in inputs(pattern):
                _best(pattern, method, make(bound), MOST_SECONDS_OF_SHORT)
    except TooSlow:
        return [f"{method} takes too long on {make(TRIED)[:30]!r}... of {bound} characters"]
    return []


def _known(methods: Iterable[str]) -> set[str]:
    return {"sub" if one in SAME_AS_SUB else one for one in methods} or set(METHODS)


def _fault(pattern: re.Pattern[Any], method: str, makers: list[Callable[[int], Text]]) -> str:
    tried = []
    for make in makers:
        text = make(TRIED)
        try:
            tried.append((seconds_for(pattern, method, text, 0.5), make))
        except TooSlow:
            return f"{method} does not end on {text[:30]!r}... of {TRIED} characters"
    tried.sort(key=lambda one: one[0], reverse=True)
    for _seconds, make in tried[:WORST]:
        try:
            short = max(LEAST_SECONDS, _best(pattern, method, make(SHORT), MOST_SECONDS_OF_SHORT))
            _best(pattern, method, make(LONG), MOST_TIMES * short)
        except TooSlow:
            return f"{method} is not linear on {make(TRIED)[:30]!r}..."
    return ""


def _best(pattern: re.Pattern[Any], method: str, text: Text, most: float) -> float:
    """The time of the first of three runs that is short enough: the same work takes twice as long on a busy core."""
    for attempt in range(3):
        try:
            return seconds_for(pattern, method, text, most)
        except TooSlow:
            if attempt == 2:
                raise
    raise AssertionError


def inputs(pattern: re.Pattern[Any]) -> Iterator[Callable[[int], Text]]:
    """Each makes a text of a length: a beginning, something repeated, an end on which the expression fails."""
    parsed = _parser.parse(pattern.pattern, pattern.flags)
    letters = representatives(parsed, pattern)
    pumps = [*letters, *("".join(pair) for pair in combinations(letters[:12], 2))]
    openings = _unique(before for before, _body in repeats(parsed))
    bodies = _unique(body for _before, body in repeats(parsed))
    ends = ["", "\x00", "\n"]
    seen = set()
    for before, pump in [
        *(("", pump) for pump in [*pumps, *openings, *bodies]),
        *((before, letter) for before in openings[:8] for letter in [*letters[:12], *bodies[:6]]),
        *(("", before + letter) for before in openings[:8] for letter in letters[:12]),
    ]:
        for end in ends:
            if pump and (before, pump, end) not in seen:
                seen.add((before, pump, end))
                yield _maker(before, pump, end, pattern)


def _maker(before: str, pump: str, end: str, pattern: re.Pattern[Any]) -> Callable[[int], Text]:
    def make(length: int) -> Text:
        text = before + pump * ((length - len(before) - len(end)) // len(pump) + 1) + end
        return text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")

    return make


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def representatives(parsed: Any, pattern: re.Pattern[Any]) -> list[str]:
    """One character of each class that the expression tells apart."""
    atoms = list(islice(_unique_atoms(parsed), 60))
    is_text = isinstance(pattern.pattern, str)
    matchers = [_compiled(parsed, [atom], pattern) for atom in atoms]
    classes: dict[tuple[bool, ...], str] = {}
    for character in [*_literals(atoms), *PALETTE]:
        if is_text or ord(character) < 256:
            given = character if is_text else character.encode("latin-1")
            classes.setdefault(tuple(bool(one.fullmatch(given)) for one in matchers), character)
    return list(classes.values())


def _compiled(parsed: Any, nodes: list[Any], pattern: re.Pattern[Any]) -> re.Pattern[Any]:
    return _compiler.compile(_parser.SubPattern(parsed.state, nodes), pattern.flags)


SINGLE = {_constants.LITERAL, _constants.NOT_LITERAL, _constants.IN, _constants.ANY}


def _unique_atoms(nodes: Any) -> Iterator[Any]:
    seen = set()
    for atom in _atoms(nodes):
        if repr(atom) not in seen:
            seen.add(repr(atom))
            yield atom


def _atoms(nodes: Any) -> Iterator[Any]:
    for op, value in nodes:
        if op in SINGLE:
            yield (op, value)
        else:
            for part in _parts(op, value):
                yield from _atoms(part)


def _parts(op: Any, value: Any) -> list[Any]:
    """The expressions inside a node."""
    if op is _constants.BRANCH:
        return list(value[1])
    if op in {_constants.ASSERT, _constants.ASSERT_NOT}:
        return [value[1]]
    if op is _constants.GROUPREF_EXISTS:
        return [part for part in value[1:] if part]
    if op is _constants.SUBPATTERN:
        return [value[-1]]
    if op in REPEATS:
        return [value[2]]
    return [value] if op is _constants.ATOMIC_GROUP else []


REPEATS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT}


def _literals(atoms: list[Any]) -> Iterator[str]:
    for op, value in atoms:
        if op in {_constants.LITERAL, _constants.NOT_LITERAL}:
            yield chr(value)
        elif op is _constants.IN:
            for kind, one in value:
                if kind is _constants.LITERAL:
                    yield chr(one)
                elif kind is _constants.RANGE:
                    yield chr(one[0])


def repeats(nodes: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Each repetition: the shortest text that leads to it, and one of what it repeats."""
    for op, value in nodes:
        if op in REPEATS:
            if value[1] > 1:
                yield before, example(value[2])
            yield from repeats(value[2], before)
        else:
            for part in _parts(op, value):
                yield from repeats(part, before)
        before += example([(op, value)])


def example(nodes: Any) -> str:
    """A short text that these match, but for what they look at around it."""
    return "".join(_example(op, value) for op, value in nodes)


def _example(op: Any, value: Any) -> str:
    if op is _constants.LITERAL:
        return chr(value)
    if op in SINGLE:
        matcher = _compiler.compile(_parser.SubPattern(_parser.State(), [(op, value)]), 0)
        return next((one for one in [*_literals([(op, value)]), *PALETTE] if matcher.fullmatch(one)), "a")
    if op in REPEATS:
        return example(value[2]) * min(value[0], 20)
    if op is _constants.BRANCH:
        return example(value[1][0])
    if op in {_constants.SUBPATTERN, _constants.ATOMIC_GROUP}:
        return example(_parts(op, value)[0])
    return ""
