"""Which digits a page is written in: one kind on a page, whoever wrote its parts."""

from contextvars import ContextVar

from django.conf import settings
from django.utils.translation import get_language

# Wagtail writes Latin digits, in its scripts too, and so do spreadsheets and fields of numbers: so does the workplace.
in_workplace: ContextVar[bool] = ContextVar("in_workplace", default=False)


def writes_arabic_digits() -> bool:
    """Whether the page, mail or message that is being written has Arabic-Indic digits (`DIGITS_STYLE`)."""
    is_arabic = (get_language() or "").startswith("ar")
    return settings.DIGITS_STYLE == "arab" and is_arabic and not in_workplace.get()
