"""What templates of teaching need: sizes a person on a data plan understands."""

import math

from django import template

register = template.Library()


@register.filter
def in_megabytes(size: int) -> int | float:
    """Bytes as megabytes (10^6, as data plans count): whole from 10 on, one decimal below, never less than 0.1."""
    megabytes = size / 1_000_000
    return math.ceil(megabytes) if megabytes >= 10 else max(0.1, math.ceil(megabytes * 10) / 10)
