"""Registry for tests over all pages: how to make a row of each model in a center, and how to visit each page.

Each app registers in its own `tests/factories/<app>.py`; nothing here is edited::

    @row_of(Cohort)
    def cohort_in(center: Center) -> Cohort:
        return CohortFactory(center=center)

    @visit("courses:progress")
    def own_progress(center: Center) -> Visit:
        enrollment = EnrollmentFactory(cohort__center=center)
        return Visit(user=TraineeFactory(person=enrollment.person), kwargs={"enrollment": enrollment.public_id})

    public("certificates:verify", "Anyone may verify a certificate by its code.")
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.db.models import Model

import tests.factories
from accounts.models import Center, User
from tests.engines import told_by_engines

type RowBuilder = Callable[[Center], Model]


@dataclass(frozen=True)
class Visit:
    """Who opens a page, with which arguments of its URL, and what they get for their own row."""

    user: User
    kwargs: dict[str, Any]
    method: str = "get"
    data: dict[str, Any] = field(default_factory=dict)
    status: int = 200


ROWS: dict[type[Model], RowBuilder] = {}
VISITS: dict[str, Callable[[Center], Visit]] = {}
PUBLIC: dict[str, str] = {}


def row_of(model: type[Model]) -> Callable[[RowBuilder], RowBuilder]:
    """Register the builder of a new row of `model` in the given center."""

    def register(builder: RowBuilder) -> RowBuilder:
        ROWS[model] = builder
        return builder

    return register


def visit(url_name: str) -> Callable[[Callable[[Center], Visit]], Callable[[Center], Visit]]:
    """Register who visits a page of one row outside the viewsets; the foreign visit takes another center's kwargs."""

    def register(builder: Callable[[Center], Visit]) -> Callable[[Center], Visit]:
        VISITS[url_name] = builder
        return builder

    return register


def public(url_name: str, why: str) -> None:
    """Name a page of one row that is everybody's, and say why."""
    PUBLIC[url_name] = why


def load() -> None:
    """Read every app's registrations."""
    for module in iter_modules(tests.factories.__path__):
        import_module(f"tests.factories.{module.name}")
    told_by_engines()
