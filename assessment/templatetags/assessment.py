"""Tags of the pages of tests."""

from django import template
from django.utils.translation import ngettext

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
