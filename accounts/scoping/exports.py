"""Exports without formulas, with text, times and digits as spreadsheet programs read them."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from html import unescape
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, override
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.log_actions import log

if TYPE_CHECKING:
    WagtailView = Any
else:
    WagtailView = object

# OWASP, "CSV Injection". Excel skips blanks before it looks.
FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
# What XML cannot hold.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
BYTE_ORDER_MARK = "\N{BYTE ORDER MARK}"
ROWS_AT_ONCE = 500


def _local(value: dt.datetime) -> dt.datetime:
    """The hour as it was here; a spreadsheet has no time zones."""
    return value if timezone.is_naive(value) else timezone.localtime(value).replace(tzinfo=None)


# Wagtail exports hours of UTC. Its own reports are mended with ours.
SpreadsheetExportMixin.custom_value_preprocess[dt.datetime] = {
    SpreadsheetExportMixin.FORMAT_XLSX: _local,
    SpreadsheetExportMixin.FORMAT_CSV: lambda value: f"{_local(value):%Y-%m-%d %H:%M:%S}",
}


def in_a_cell(value: Any) -> Any:
    """What a column shows, as a cell of a spreadsheet: numbers and dates as they are, all else as text."""
    match value:
        case None:
            return ""
        case bool():
            return gettext("Yes") if value else gettext("No")
        case int() | float() | Decimal() | dt.date() | dt.time():
            return value
        case SafeString():
            return unescape(strip_tags(value))
        case _:
            return str(value)


class SafeExport(WagtailView):
    """Before Wagtail's `SpreadsheetExportMixin` in the bases of a view.

    Wagtail writes text that begins as a formula does into CSV as it is, lets an invisible letter in a title break an
    XLSX file, and loses the reader's language after the view has returned, while the rows are still being streamed.
    """

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> Any:
        """The file, after a row in the audit trail: who took which list, under which filters, and how many rows.

        A view with `logs_exports_itself` writes a row of its own. It has no default here, which would come before the view's.
        """
        if not getattr(self, "logs_exports_itself", False):
            by = self.request.user
            asked = self.request.GET.items()
            facts = {
                "list": self.model._meta.label if getattr(self, "model", None) else type(self).__name__,
                "format": spreadsheet_format,
                "filters": {name: value for name, value in asked if value and name not in {"export", "p"}},
                "rows": queryset.count() if isinstance(queryset, QuerySet) else len(queryset),
            }
            log(by, "accounts.list.export", user=by, data=facts)
        return super().as_spreadsheet(queryset, spreadsheet_format)

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        shown = super().preprocess_field_value(field, value, export_format)
        if not isinstance(shown, str | Promise):
            return shown
        text = CONTROLS.sub("", str(shown))
        # In XLSX a cell says by itself that it is text.
        return f"'{text}" if export_format == self.FORMAT_CSV and FORMULA.match(text) else text

    def stream_csv(self, queryset: Iterable[Any]) -> Iterator[str]:
        return self._stream_in(get_language(), super().stream_csv(self.rows_for_export(queryset)))

    def write_xlsx(self, queryset: Iterable[Any], output: Any) -> None:
        super().write_xlsx(self.rows_for_export(queryset), output)

    def rows_for_export(self, rows: Iterable[Any]) -> Iterable[Any]:
        """All rows, some at a time; a query keeps what it has read, its iterator does not."""
        return _Rows(rows) if isinstance(rows, QuerySet) else rows

    def _stream_in(self, language: str | None, lines: Iterator[str]) -> Iterator[str]:
        # Without it Excel reads Arabic as Latin-1.
        yield BYTE_ORDER_MARK
        while True:
            with override(language):
                line = next(lines, None)
            if line is None:
                return
            yield line


class _Rows:
    """Rows to read once, and their `model`, by which Wagtail finds the headings."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows = rows
        self.model = rows.model

    def __iter__(self) -> Iterator[Any]:
        return self.rows.iterator(chunk_size=ROWS_AT_ONCE)
