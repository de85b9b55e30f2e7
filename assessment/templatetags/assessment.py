"""Tags of the pages of tests."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.services.formatting import localize_digits
from assessment.queries.figures_shown import in_two_places
from assessment.queries.pins import Pin

register = template.Library()

# A number of each form that a language may have, by its name in Unicode's rules of plurals (CLDR).
_NUMBERS = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}


@register.simple_tag
def waiting_sentences() -> list[tuple[str, str]]:
    """How many answers wait on the device, by the form of the number; `%` is its place. For a script, which knows the number."""
    return [
        (
            form,
            ngettext(
                "%(count)s answer waits on this device.",
                "%(count)s answers wait on this device.",
                number,
            )
            % {"count": "%"},
        )
        for form, number in _NUMBERS.items()
    ]


@register.simple_tag
def word_sentences() -> list[tuple[str, str]]:
    """How many words a text has, as `waiting_sentences`."""
    return [
        (form, ngettext("%(count)s word", "%(count)s words", number) % {"count": "%"})
        for form, number in _NUMBERS.items()
    ]


@register.filter
def of_slot[T](by_slot: Mapping[int, T], slot: int) -> T | None:
    return by_slot.get(slot)


@register.filter
def on_file(pins: Iterable[Pin], file: UUID) -> list[Pin]:
    """Those with a place on the picture with this public id."""
    return [pin for pin in pins or () if pin.x and pin.file == str(file)]


@register.filter
def as_clock(left: dt.timedelta) -> str:
    """12 minutes and 5 seconds -> "12:05", in hours from 60 minutes on."""
    seconds = max(int(left.total_seconds()), 0)
    hours, minutes = divmod(seconds // 60, 60)
    clock = f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"
    return localize_digits(clock)


@register.filter
def as_ago(passed: dt.timedelta) -> str:
    """How long ago something was: in seconds, then in minutes."""
    seconds = max(int(passed.total_seconds()), 0)
    if seconds < 5:
        return _("just now")
    if seconds < 60:
        said = ngettext("%(number)s second ago", "%(number)s seconds ago", seconds) % {"number": seconds}
    else:
        minutes = seconds // 60
        said = ngettext("%(number)s minute ago", "%(number)s minutes ago", minutes) % {"number": minutes}
    return localize_digits(said)


@register.filter
def two_places(figure: float) -> str:
    """-0.2 as "-0.20", in the digits of the page."""
    return in_two_places(figure)


@register.filter
def whole(score: Decimal) -> int:
    """A score as it is shown: 59.99 must not read as a pass mark of 60."""
    return int(score)
