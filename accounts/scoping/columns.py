"""Columns that lists of several apps have."""

from typing import Any

from django.utils.html import format_html
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView


class CodeColumn(TitleColumn):
    """A code or a number: from left to right and on one line, in Arabic lists, too."""

    def get_value(self, instance: Any) -> Any:
        value = super().get_value(instance)
        return format_html('<bdi dir="ltr" class="w-whitespace-nowrap">{}</bdi>', value) if value else ""


class CodesIndexView(IndexView):
    """A list whose rows are called by a code or a number."""

    def _get_title_column(
        self, field_name: str, column_class: type[Column] = CodeColumn, **kwargs: Any
    ) -> Column:
        return super()._get_title_column(field_name, column_class, **kwargs)
