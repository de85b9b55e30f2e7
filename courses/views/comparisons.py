"""How versions of pages are compared where Wagtail shows values of Python."""

import datetime as dt
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from wagtail.admin.compare import FieldComparison, TextDiff

from accounts.services.formatting import format_date, format_datetime, localize_digits
from courses.blocks import nothing, yes_or_no


class YesOrNoComparison(FieldComparison):
    """Of a box that is ticked or not."""

    def __init__(self, field: Any, obj_a: Any, obj_b: Any) -> None:
        super().__init__(field, obj_a, obj_b)
        self.val_a = yes_or_no(field.value_from_object(obj_a))
        self.val_b = yes_or_no(field.value_from_object(obj_b))


class ValueComparison(FieldComparison):
    """Of a number, a day or a moment."""

    def htmldiff(self) -> SafeString:
        before, after = value_in_words(self.val_a), value_in_words(self.val_b)
        if before == after:
            return escape(after)
        return TextDiff([("deletion", before), ("addition", after)], separator=" ").to_html()


def value_in_words(value: Any) -> str:
    match value:
        case None | "":
            return nothing()
        case dt.datetime():
            return format_datetime(value)
        case dt.date():
            return format_date(value)
        case _:
            return localize_digits(value)
