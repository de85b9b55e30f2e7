"""What apps above know about the results of an enrollment, for those who certify; those apps register queries here."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Remark:
    """What happened, in a sentence, and the page about it. `holds`: as long as it does, no certificate rests on the enrollment."""

    at: dt.datetime
    text: str
    url: str = ""
    holds: bool = False


type RemarkSource = Callable[[Collection[int]], Iterable[tuple[int, Remark]]]

_SOURCES: list[RemarkSource] = []


def register_remarks(source: RemarkSource) -> RemarkSource:
    """Ask this query, too, for remarks on enrollments, by their keys. A decorator, for apps above this one."""
    _SOURCES.append(source)
    return source


def remarks_on(enrollments: Collection[int]) -> dict[int, list[Remark]]:
    """By the keys of the enrollments, the oldest first. As many queries for many enrollments as for one."""
    found: dict[int, list[Remark]] = defaultdict(list)
    for source in _SOURCES:
        for enrollment, remark in source(enrollments):
            found[enrollment].append(remark)
    return {enrollment: sorted(remarks, key=lambda one: one.at) for enrollment, remarks in found.items()}


def held_back(enrollments: Collection[int]) -> set[int]:
    """The keys of those on which no certificate rests now."""
    return {key for key, remarks in remarks_on(enrollments).items() if any(one.holds for one in remarks)}
