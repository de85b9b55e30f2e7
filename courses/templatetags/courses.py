"""Template filters of this app: sizes in megabytes, lookup by row, and pages by their names."""

import math
from collections.abc import Mapping
from typing import Any

from django import template

from courses.page_names import page_name

register = template.Library()


@register.filter
def in_megabytes(size: int) -> int | float:
    """Bytes as megabytes (10^6, as data plans count): whole from 10 on, one decimal below, never less than 0.1."""
    tenths = max(1, math.ceil(size / 100_000))
    return math.ceil(size / 1_000_000) if tenths >= 100 or tenths % 10 == 0 else tenths / 10


@register.filter
def of_row(found: Mapping[int, Any], row: Any) -> Any:
    """What a mapping by pk has of a row; None where it has nothing."""
    return found.get(row.pk)


@register.filter
def name_of_view(view_name: str) -> str:
    """What a page is called, by the name of its view; empty where it has no name."""
    return page_name(view_name)
