"""Filters of the lists of the workplace."""

from typing import Any

from django.db.models import Field
from django.utils.text import capfirst
from django_filters import Filter
from wagtail.admin.filters import WagtailFilterSet


class ListFilterSet(WagtailFilterSet):
    """Names a filter over a relation (`delivery__center`) by its last field. The library writes the names of all fields on the way
    in a row, which makes no Arabic.
    """

    @classmethod
    def filter_for_field(cls, field: Field, field_name: str, lookup_expr: Any = None) -> Filter:
        chosen = super().filter_for_field(field, field_name, lookup_expr)
        if "__" in field_name:
            chosen.label = capfirst(field.verbose_name)
        return chosen
