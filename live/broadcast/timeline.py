"""The time of a recording: maps moments of the class to places in it.

The picture of a class comes in spans with gaps between them (another device, a lost encoder, a pause); the recording
has the spans one after the other. All values are whole milliseconds, moments since 1970.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch without a gap: when it began, and how long it is."""

    began: int
    length: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Spans in the order of the recording; made by `of`, no span begins before the one ahead of it is over."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, spans: Iterable[Span]) -> "Timeline":
        """Where the clock was set back during a class, later spans are moved, so that times only increase."""
        kept: list[Span] = []
        for span in spans:
            if span.length > 0:
                end = kept[-1].began + kept[-1].length if kept else span.began
                kept.append(Span(max(span.began, end), span.length))
        return cls(tuple(kept))

    @classmethod
    def from_json(cls, pairs: Sequence[Sequence[int]]) -> "Timeline":
        """The inverse of `as_json`."""
        return cls(tuple(Span(began, length) for began, length in pairs))

    def as_json(self) -> list[list[int]]:
        return [[span.began, span.length] for span in self.spans]

    @property
    def length(self) -> int:
        return sum(span.length for span in self.spans)

    def place_of(self, moment: int) -> int:
        """Where in the recording `moment` is.

        What happened in a gap is found where the picture goes on, what happened before it began at 0, and what
        happened after its end at `length`.
        """
        passed = 0
        for span in self.spans:
            if moment < span.began + span.length:
                return passed + max(0, moment - span.began)
            passed += span.length
        return passed
