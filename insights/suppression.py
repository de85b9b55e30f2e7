"""Which figures of small groups are published. Independent of Django.

The figures are one tree: the total is the sum of the lines below it, each of these is the sum of those below it, and so on. No
other cut of the same people is published, and no second version. So all that a reader can calculate with is this: a line, less
those below it that are published, is the sum of those that are not.

Where a line below another is smaller than `smallest`, it is left out, and with it as many of the next smallest as are needed
until at least two are left out that are at least twice `smallest` together: their complements. Their sum is published as the rest.
Where that does not suffice, the line above is not broken down at all. Nothing below a line that is left out is published.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

type Path = tuple[object, ...]


class Line(NamedTuple):
    """A published number: of the people whose facts begin with `path`, or of the lines below it that are not published."""

    path: Path
    people: int
    is_rest: bool


class Group(NamedTuple):
    """The people with the same facts: how many enrollments, and how many persons, who may be fewer."""

    people: int
    persons: int


def published(groups: Mapping[Path, Group], *, smallest: int) -> list[Line]:
    """The lines that are published of groups whose facts are all named, each after the line that it is a part of."""
    sums: dict[Path, list[int]] = defaultdict(lambda: [0, 0])
    below: dict[Path, set[Path]] = defaultdict(set)
    for path, group in groups.items():
        for depth in range(len(path) + 1):
            sums[path[:depth]][0] += group.people
            sums[path[:depth]][1] += group.persons
            if depth:
                below[path[: depth - 1]].add(path[:depth])
    sizes = {path: Group(*both) for path, both in sums.items()}
    if not groups or _is_small(sizes[()], smallest):
        return []
    return list(_lines((), sizes, below, smallest))


def _is_small(group: Group, smallest: int) -> bool:
    return group.persons < smallest


def _lines(
    path: Path, sizes: Mapping[Path, Group], below: Mapping[Path, set[Path]], smallest: int
) -> Iterator[Line]:
    yield Line(path, sizes[path].people, is_rest=False)
    parts = sorted(below.get(path, ()), key=lambda part: (sizes[part].people, repr(part)))
    hidden = [part for part in parts if _is_small(sizes[part], smallest)]
    shown = [part for part in parts if part not in hidden]
    while hidden and not _is_safe([sizes[part] for part in hidden], smallest):
        if not shown:
            return
        hidden.append(shown.pop(0))
    if not shown:
        return
    for part in sorted(shown, key=lambda part: (-sizes[part].people, repr(part))):
        yield from _lines(part, sizes, below, smallest)
    if hidden:
        yield Line(path, sum(sizes[part].people for part in hidden), is_rest=True)


def _is_safe(hidden: list[Group], smallest: int) -> bool:
    """Whether their sum discloses none of them."""
    return len(hidden) > 1 and sum(group.persons for group in hidden) >= 2 * smallest
