"""Acts and invariants, declared where they are written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Model

if TYPE_CHECKING:
    from scripts.world.history import World
    from scripts.world.people import Goal


class NotNow(Exception):
    """There is nothing to do this act to. It does not count."""


class Refused(Exception):
    """The page that leads to the act is not there for this person."""


@dataclass(frozen=True)
class Declared:
    name: str
    run: Callable[["World"], object]
    # How often it is chosen among those that were done as often.
    weight: float = 1.0
    # Of time and machines: refused by no one.
    is_event: bool = False
    # Where somebody has this goal, it is chosen more often.
    serves: "Goal | None" = None


@dataclass(frozen=True)
class Invariant:
    """`sentence` holds after each act. `find` yields what contradicts it.

    Asked after an act that wrote one of the tables that it `reads` (after each, where it names none), every 50 acts and at the end; with
    `is_late`, at these only.
    """

    sentence: str
    find: Callable[["World"], Iterator[str]]
    is_late: bool = False
    reads: frozenset[str] = frozenset()


ACTS: dict[str, Declared] = {}
INVARIANTS: list[Invariant] = []


def act[F: Callable[["World"], object]](
    *, weight: float = 1.0, is_event: bool = False, serves: "Goal | None" = None
) -> Callable[[F], F]:
    def declare(run: F) -> F:
        ACTS[run.__name__] = Declared(run.__name__, run, weight, is_event, serves)
        return run

    return declare


def invariant[F: Callable[["World"], Iterator[str]]](
    sentence: str, *reads: type[Model], is_late: bool = False
) -> Callable[[F], F]:
    def declare(find: F) -> F:
        tables = frozenset(model._meta.db_table for model in reads)
        INVARIANTS.append(Invariant(sentence, find, is_late, tables))
        return find

    return declare
