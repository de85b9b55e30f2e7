"""What the page of a person lists in the staff workplace. Apps above register their tables; this one imports none of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise

from accounts.models import Person, User

# Rows of one table: the newest. What is older is found in the list of the rows themselves.
MOST_ROWS = 20


class Cell(NamedTuple):
    """What is written in one place of a table; `url` leads to a page that the reader may open."""

    text: object
    url: str = ""


@dataclass(frozen=True)
class PersonTable:
    """Rows about one person that the reader may see, and how many there are beyond the reader's reach."""

    title: str | Promise
    headings: Sequence[str | Promise]
    rows: Sequence[Sequence[Cell]]
    elsewhere: int = 0


type TableOfPerson = Callable[[Person, User], PersonTable]

_TABLES: list[TableOfPerson] = []


def register_person_table(table: TableOfPerson) -> TableOfPerson:
    """Show this table, too, on the page of a person. A decorator."""
    _TABLES.append(table)
    return table


def tables_of(person: Person, *, user: User) -> list[PersonTable]:
    """What apps above know about the person, as far as `user` may see it."""
    return [table(person, user) for table in _TABLES]
