"""The synonyms of the catalog search in the staff workplace."""

from typing import Any

from django.db import transaction
from django.db.models import Model

from accounts.models import User
from accounts.scoping.viewsets import CenterViewSet
from courses.models import SynonymGroup
from courses.services.search_index import mark_all
from courses.services.synonyms import fill_in


class SynonymGroupViewSet(CenterViewSet):
    """Words that mean the same trade. Each change has every program indexed again, in seconds."""

    model = SynonymGroup
    icon = "openquote"
    list_display = ("__str__",)
    search_fields = ("words",)
    form_fields = ("words",)
    inspect_view_fields = ("words",)

    @transaction.atomic
    def create_row(self, form: Any, *, by: User) -> Model:
        fill_in(form.instance)
        group = super().create_row(form, by=by)
        mark_all()
        return group

    @transaction.atomic
    def change_row(self, form: Any, *, by: User) -> Model:
        fill_in(form.instance)
        group = super().change_row(form, by=by)
        mark_all()
        return group

    @transaction.atomic
    def delete_row(self, row: Model, *, by: User) -> None:
        super().delete_row(row, by=by)
        mark_all()
