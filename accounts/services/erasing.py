"""What is erased when it is answered that the data of a person were erased: free words that serve no record.

Apps register what they erase. Records of study, and what the law asks to keep, stay.
"""

from collections.abc import Callable

from accounts.models import Person, User

type Eraser = Callable[[Person, User], None]

_ERASERS: list[Eraser] = []


def register_eraser(eraser: Eraser) -> Eraser:
    """Call this function, too, with the person and who decided, in the transaction of the decision. A decorator."""
    _ERASERS.append(eraser)
    return eraser


def erase_words_of(person: Person, *, by: User) -> None:
    """Of all records of the person, merged ones, too."""
    for record in Person.everyone.records_of(person.pk):
        for erase in _ERASERS:
            erase(record, by)
