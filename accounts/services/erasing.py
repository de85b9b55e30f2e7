"""What is left of a person who is erased, in every app, and why.

Each app says it for its own rows, in a module that its `ready` imports: rows go (`rows_go`), words of rows go (`words_go`), or they stay for a
reason that the preview and the public page about keeping tell (`words_stay`). `tests/accounts/people/test_erasing_rules.py` finds a column of
text about which nothing is said.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import BinaryField, Field, JSONField, Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext

from accounts.errors import DomainError
from accounts.models import Person, User

# Of one record of the person, after its name is gone, in the transaction that erases. No login decides where a restored copy is erased again.
type Eraser = Callable[[Person, User | None], None]
type ErasureGuard = Callable[[Person], DomainError | None]


@dataclass(frozen=True)
class ErasingRule:
    """What happens to the rows of a model at the path `of` to their person. `because` says why they stay; empty where they go."""

    model: type[Model]
    of: str
    columns: tuple[str, ...] = ()
    because: str | Promise = ""

    @property
    def name(self) -> str:
        """What people call the rows; for models of machines, which have no name in our languages, all alike."""
        meta = self.model._meta
        is_named = isinstance(meta.verbose_name, Promise)
        return str(meta.verbose_name_plural) if is_named else gettext("records of the system")

    def rows_of(self, records: Sequence[Person]) -> QuerySet[Any]:
        return self.model._base_manager.filter(**{f"{self.of}__in": records})

    def apply(self, records: Sequence[Person]) -> None:
        rows = self.rows_of(records)
        if self.because:
            return
        if self.columns:
            fields = (self.model._meta.get_field(name) for name in self.columns)
            rows.update(**{field.name: _nothing(field) for field in fields if isinstance(field, Field)})
        else:
            rows.delete()


class Part(NamedTuple):
    """A line of the preview."""

    name: str
    number: int
    because: str = ""


class Preview(NamedTuple):
    """What would go, what would stay and why, and what forbids it now."""

    goes: list[Part]
    stays: list[Part]
    refusals: list[DomainError]


_RULES: list[ErasingRule] = []
_ERASERS: list[Eraser] = []
_GUARDS: list[ErasureGuard] = []


def rows_go(model: type[Model], *, of: str = "person") -> None:
    """The rows are deleted. In the order in which this is said: a row before the one it refers to."""
    _RULES.append(ErasingRule(model, of))


def words_go(model: type[Model], *columns: str, of: str = "person") -> None:
    """The rows stay, without what is in these columns."""
    _RULES.append(ErasingRule(model, of, columns))


def words_stay(model: type[Model], *columns: str, of: str = "person", because: str | Promise) -> None:
    """The rows stay as they are. `because` is read by the person, too: a law or a duty, as a sentence."""
    _RULES.append(ErasingRule(model, of, columns, because))


def register_eraser(eraser: Eraser) -> Eraser:
    """Call this function, too, with each record of the person: for what takes more than emptying columns. A decorator."""
    _ERASERS.append(eraser)
    return eraser


def register_erasure_guard(guard: ErasureGuard) -> ErasureGuard:
    """Ask this function, too, whether the record may be erased now. A decorator."""
    _GUARDS.append(guard)
    return guard


def erasing_rules() -> list[ErasingRule]:
    return list(_RULES)


def refusals_to_erase(records: Sequence[Person]) -> Iterator[DomainError]:
    return (refusal for guard in _GUARDS for record in records if (refusal := guard(record)))


def erase_rows_of(records: Sequence[Person], *, by: User | None) -> None:
    for erase in _ERASERS:
        for record in records:
            erase(record, by)
    for rule in _RULES:
        rule.apply(records)


def preview_of(person: Person) -> Preview:
    """Counts by kind; kinds without a row are left out."""
    records = list(Person.everyone.records_of(person.pk))
    parts: tuple[dict[str, Part], dict[str, Part]] = ({}, {})
    for rule in _RULES:
        name = rule.name
        if name not in parts[bool(rule.because)] and (number := rule.rows_of(records).count()):
            parts[bool(rule.because)][name] = Part(name, number, str(rule.because))
    goes, stays = (list(named.values()) for named in parts)
    return Preview(goes, stays, list(refusals_to_erase(records)))


def _nothing(field: "Field[Any, Any]") -> Any:
    """The value of a column that says nothing."""
    if field.null:
        return None
    if isinstance(field, JSONField):
        return field.get_default() if field.has_default() else {}
    return b"" if isinstance(field, BinaryField) else ""
