"""Formats times and rates of videos."""

from django import template

from media_pipeline.queries.watching import quality_label

register = template.Library()


@register.filter
def clock(seconds: float) -> str:
    """75 -> 1:15 and 3675 -> 1:01:15, as a player shows it."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.filter
def tenths(rate: float) -> float | int:
    """19.53 -> 19.5 and 3.02 -> 3, for `digits` to write."""
    rounded = round(rate, 1)
    return int(rounded) if rounded.is_integer() else rounded


@register.filter
def quality(name: str) -> str:
    """144p -> 144, as the menu of the player calls it."""
    return quality_label(name)
