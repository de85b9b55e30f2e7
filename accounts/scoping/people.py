"""What the page of a person lists in the staff workplace, and *My account* about oneself. Apps above register it; this one imports none of them."""

from collections.abc import Callable, Iterable, Sequence
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


class OwnFact(NamedTuple):
    """One fact on record about the reader: in one or more parts, and a remark."""

    label: str
    parts: Sequence[str]
    note: str = ""


type FactsOfPerson = Callable[[Person], Iterable[OwnFact]]

_OWN_FACTS: list[FactsOfPerson] = []


def register_own_fact(facts: FactsOfPerson) -> FactsOfPerson:
    """Show these facts, too, on *My account* of the person. A decorator."""
    _OWN_FACTS.append(facts)
    return facts


def own_facts(person: Person) -> list[OwnFact]:
    """What apps above have on record, for the person."""
    return [fact for facts in _OWN_FACTS for fact in facts(person)]
