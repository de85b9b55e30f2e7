"""Protocol of the viewset that fenced views belong to."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.db.models import Model, QuerySet
from django.forms import BaseForm

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping.policies import ActPolicy


class Viewset(Protocol):
    """`accounts.scoping.viewsets.CenterViewSet` as its views and the audit trail see it."""

    model: type[Model]
    list_select_related: tuple[str, ...]
    change_label: Any
    menu_label: Any

    @property
    def acts(self) -> Mapping[str, Act]: ...

    @property
    def permission_policy(self) -> ActPolicy: ...

    def get_url_name(self, view_name: str) -> str: ...

    def fence_form(self, form: BaseForm, *, user: User, act: Act) -> None: ...

    def title_of(self, row: Any) -> str: ...

    def all_rows(self) -> QuerySet[Any]: ...

    def fence_rows(self, rows: QuerySet[Any], *, user: Any, verb: str) -> QuerySet[Any]: ...

    def within(self, rows: QuerySet[Any], *, user: User) -> QuerySet[Any]: ...

    def refusal_to_change(self, row: Any) -> DomainError | None: ...

    def buttons_after_add(self, row: Any) -> list[Any]: ...

    def create_row(self, form: Any, *, by: User) -> Model: ...

    def change_row(self, form: Any, *, by: User) -> Model: ...

    def delete_row(self, row: Model, *, by: User) -> None: ...
