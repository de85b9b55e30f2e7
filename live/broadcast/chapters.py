"""Chapters of a recording, from the moments at which another slide was shown. Whole milliseconds; independent of rooms."""

from collections.abc import Iterable
from dataclasses import dataclass

# A slide shown for less than this was paged through.
SHORTEST_MS = 15_000


@dataclass(frozen=True, slots=True)
class Chapter:
    start: int
    title: str


def chapters_of(marks: Iterable[Chapter], *, length: int, beginning: str) -> list[Chapter]:
    """Chapters of a recording of `length`; none where there would be one only.

    Marks that follow within SHORTEST_MS belong to the chapter they interrupt, which is called by the last of them.
    What comes before the first mark is called `beginning`.
    """
    found: list[Chapter] = []
    for mark in sorted(marks, key=lambda mark: mark.start):
        if mark.start >= length:
            break
        if not found and mark.start >= SHORTEST_MS:
            found.append(Chapter(0, beginning))
        if not found:
            found.append(Chapter(0, mark.title))
        elif mark.start - found[-1].start < SHORTEST_MS:
            found[-1] = Chapter(found[-1].start, mark.title)
        else:
            found.append(mark)
    # The same slide on both sides of what was paged through is one chapter.
    joined = [
        chapter for index, chapter in enumerate(found) if not index or chapter.title != found[index - 1].title
    ]
    return joined if len(joined) > 1 else []
