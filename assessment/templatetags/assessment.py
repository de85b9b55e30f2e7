"""Tags of the pages of tests."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.services.formatting import format_datetime, format_number, localize_digits, numbering
from assessment.queries.accommodations import accommodation_of, effects_of
from assessment.queries.attempts import under_way
from assessment.queries.exams import refusal_by_reading
from assessment.queries.figures_shown import in_two_places
from assessment.queries.pins import Pin
from courses.models import Enrollment

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
def unsaved_sentences() -> list[tuple[str, str]]:
    """How many answers have no receipt yet, as `waiting_sentences`: for who is about to log out."""
    return [
        (
            form,
            ngettext(
                "%(count)s answer waits on this phone and is not saved",
                "%(count)s answers wait on this phone and are not saved",
                number,
            )
            % {"count": "%"},
        )
        for form, number in _NUMBERS.items()
    ]


@register.simple_tag
def numbering_of_page() -> str:
    """The digits of the page, as scripts name them."""
    return numbering()


@register.simple_tag
def added_sentences() -> list[tuple[str, str]]:
    """How many minutes more there are, as `waiting_sentences`, and until when: `@` is its place."""
    return [(form, _more_time(number) % {"count": "%", "time": "@"}) for form, number in _NUMBERS.items()]


@register.simple_tag
def added_sentence(seconds: int, closes_at: dt.datetime) -> str:
    """How much time was added while the attempt ran: "5 minutes more: until 10:45"."""
    minutes = seconds // 60
    facts = {"count": minutes, "time": format_datetime(closes_at, "TIME_FORMAT")}
    return localize_digits(_more_time(minutes) % facts)


def _more_time(minutes: int) -> str:
    return ngettext(
        "%(count)s minute more: until %(time)s.", "%(count)s minutes more: until %(time)s.", minutes
    )


@register.simple_tag
def word_sentences() -> list[tuple[str, str]]:
    """How many words a text has, as `waiting_sentences`."""
    return [
        (form, ngettext("%(count)s word", "%(count)s words", number) % {"count": "%"})
        for form, number in _NUMBERS.items()
    ]


@register.simple_tag
def own_conditions(enrollment: Enrollment | None, limit_minutes: int | None) -> dict[str, Any]:
    """What holds for a person in a test before it starts: effects, and nothing of why. Empty where nothing does. One query."""
    given = accommodation_of(enrollment.person_id, timezone.now()) if enrollment else None
    if given is None:
        return {}
    has_time = bool(limit_minutes) and given.exact_factor > 1
    return {
        "minutes": format_number(float(given.exact_factor * (limit_minutes or 0))) if has_time else "",
        "factor": localize_digits(f"{given.factor.normalize():f}"),
        "effects": effects_of(given),
    }


@register.simple_tag
def reading_refuses(enrollment: Enrollment | None, quiz_key: UUID) -> str:
    """The sentence for who begins a test no more because its right answers were read; empty for all others. One query."""
    refusal = refusal_by_reading(enrollment, quiz_key) if enrollment else None
    return str(refusal or "")


@register.inclusion_tag("assessment/under_way.html", takes_context=True)
def tests_under_way(context: template.Context) -> dict[str, Any]:
    """The reader's tests that are under way, with the time left and the way back to them. One query; empty without one."""
    now = timezone.now()
    # Begun minutes count: one of which ten seconds are left is no test without time.
    minutes = [
        (one, one.closes_at and -(-(one.closes_at - now) // dt.timedelta(minutes=1)))
        for one in under_way(context["request"].user, now)
    ]
    return {"tests": minutes}


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
