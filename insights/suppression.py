"""Which figures of small groups are published. Independent of Django.

The figures are one tree: the total is the sum of the lines below it, each of these is the sum of those below it, and so on. No
other cut of the same people is published, and no second version. So all that a reader can calculate with is this: a line, less
those below it that are published, is the sum of those that are not.

Where a line below another is smaller than `smallest`, it is left out, and with it as many of the next smallest as are needed
until at least two are left out that are at least twice `smallest` together: their complements. Their sum is published as the rest.
A reader who knows these rules knows, too, that none that is left out is larger than the smallest that is published; so more are left
out until that says nothing about any of them.
Where that does not suffice, the line above is not broken down at all. Nothing below a line that is left out is published.

Numbers are of enrollments, which add up. Whether a group is small is decided by its persons, each counted once however often they enrolled.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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


def published(sizes: Mapping[Path, Group], *, smallest: int) -> list[Line]:
    """The lines that are published of groups and of all that they are parts of, each after the line that it is a part of."""
    below: dict[Path, set[Path]] = defaultdict(set)
    for path in sizes:
        if path:
            below[path[:-1]].add(path)
    if () not in sizes or _is_small(sizes[()], smallest):
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
    while hidden and not _is_safe(sizes[path], *_parts(sizes, hidden, shown), smallest=smallest):
        if not shown:
            return
        hidden.append(shown.pop(0))
    if not shown:
        return
    for part in sorted(shown, key=lambda part: (-sizes[part].people, repr(part))):
        yield from _lines(part, sizes, below, smallest)
    if hidden:
        yield Line(path, sum(sizes[part].people for part in hidden), is_rest=True)


def _parts(
    sizes: Mapping[Path, Group], hidden: Sequence[Path], shown: Sequence[Path]
) -> tuple[list[Group], list[Group]]:
    return [sizes[part] for part in hidden], [sizes[part] for part in shown]


def _is_safe(whole: Group, hidden: list[Group], shown: list[Group], *, smallest: int) -> bool:
    """Whether their sum discloses none of them: it is of many persons at the least, and each may be no one by all that is known."""
    persons = max(whole.persons - sum(group.persons for group in shown), *(group.persons for group in hidden))
    if len(hidden) < 2 or persons < 2 * smallest:
        return False
    if not shown:
        return True
    most = min(group.people for group in shown)
    return sum(group.people for group in hidden) <= (len(hidden) - 1) * most
