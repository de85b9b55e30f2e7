"""A long list in pages, as `components/pagination.html` shows it."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest


def paged(request: HttpRequest, rows: QuerySet[Any], *, size: int) -> dict[str, Any]:
    """`page_obj`, `page_numbers` and `rows`, the rows of the page that was asked for."""
    paginator = Paginator(rows, size)
    page = paginator.get_page(request.GET.get("page"))
    numbers = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page_obj": page, "page_numbers": numbers, "rows": page.object_list}
