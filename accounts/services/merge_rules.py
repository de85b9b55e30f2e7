"""What a merge of two records of one person does with the rows of each relation to a person.

Each app says it for its own relations, by `rows_move` or `rows_stay`, in a module that its `ready` imports; this app imports none of
them. A relation about which nothing is said is an error of the system check (`accounts.E004`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignObjectRel, Model, QuerySet

from accounts.errors import DomainError
from accounts.models import Person, PersonMerge

# Of the rows of the second record, those that can move to the kept one.
type Movable = Callable[[QuerySet[Any], Person], QuerySet[Any]]
# (kept, second record) -> why they cannot be merged now.
type MergeGuard = Callable[[Person, Person], DomainError | None]
type UndoGuard = Callable[[PersonMerge], DomainError | None]


@dataclass(frozen=True)
class MergeRule:
    """What happens to the rows of one relation. `because` says why they stay; empty where they move."""

    model: type[Model]
    field: str
    because: str = ""
    movable: Movable | None = None

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def rows_to_move(self, kept: Person, duplicate: Person) -> QuerySet[Any]:
        """The rows that a merge would give to `kept`."""
        rows = self.model._base_manager.filter(**{self.field: duplicate.pk})
        if self.because:
            return rows.none()
        return self.movable(rows, kept) if self.movable else rows


_RULES: dict[tuple[str, str], MergeRule] = {}
_GUARDS: list[MergeGuard] = []
_UNDO_GUARDS: list[UndoGuard] = []


def rows_move(model: type[Model], field: str = "person", *, only: Movable | None = None) -> None:
    """The rows go to the kept record; with `only`, those that this query leaves."""
    _RULES[model._meta.label_lower, field] = MergeRule(model, field, movable=only)


def rows_stay(model: type[Model], field: str = "person", *, because: str) -> None:
    """The rows stay with the second record. What reads them asks for both (`Person.everyone.records_of`)."""
    _RULES[model._meta.label_lower, field] = MergeRule(model, field, because)


def register_merge_guard(guard: MergeGuard) -> MergeGuard:
    """Ask this function, too, whether two records may be merged now. Both are locked. A decorator."""
    _GUARDS.append(guard)
    return guard


def register_undo_guard(guard: UndoGuard) -> UndoGuard:
    """Ask this function, too, whether a merge may be undone now. Both records are locked. A decorator."""
    _UNDO_GUARDS.append(guard)
    return guard


def merge_rules() -> list[MergeRule]:
    return list(_RULES.values())


def refusals_to_merge(kept: Person, duplicate: Person) -> Iterator[DomainError]:
    return (refusal for guard in _GUARDS if (refusal := guard(kept, duplicate)))


def refusals_to_undo(merge: PersonMerge) -> Iterator[DomainError]:
    return (refusal for guard in _UNDO_GUARDS if (refusal := guard(merge)))


def relations_to_people() -> Iterator[tuple[str, str]]:
    """Every field of a model that refers to a person, as (label of the model in lower case, name), the hidden ones, too."""
    for relation in Person._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            yield relation.field.model._meta.label_lower, relation.field.name


def relations_without_rule() -> list[str]:
    """Relations about which no app said what a merge does with their rows."""
    return [f"{label}.{field}" for label, field in relations_to_people() if (label, field) not in _RULES]
