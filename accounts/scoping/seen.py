"""What pages show while staff see them as a trainee does: rows of the centers of that staff, and nothing is noted.

Pages of a trainee ask for the trainee's own rows, whichever center they are of. Their queries pass those rows through
`as_far_as_seen`, which leaves them alone for the trainee. A page that does not is not among those that staff may see
(`accounts.view_as`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db.models import Model, Q, QuerySet


@dataclass(frozen=True)
class Sight:
    """The keys of the centers whose rows are shown; None for all."""

    centers: frozenset[int] | None


_SIGHT: ContextVar[Sight | None] = ContextVar("sight", default=None)


@contextmanager
def seen_by_staff(centers: frozenset[int] | None) -> Iterator[None]:
    token = _SIGHT.set(Sight(centers))
    try:
        yield
    finally:
        _SIGHT.reset(token)


def is_seen_by_staff() -> bool:
    """Whether the page is shown to staff in the place of its trainee: then it notes nothing, as reading it is not the trainee's act."""
    return _SIGHT.get() is not None


def as_far_as_seen[M: Model](rows: QuerySet[M]) -> QuerySet[M]:
    """All of `rows` for the trainee; for staff those of their centers, by the `center_path` of the model."""
    return rows.filter(in_sight(rows.model))


def in_sight(model: type[Model]) -> Q:
    sight = _SIGHT.get()
    if sight is None or sight.centers is None:
        return Q()
    path: str = model.center_path  # type: ignore[attr-defined]
    return Q(**{f"{path}__in": sight.centers})
