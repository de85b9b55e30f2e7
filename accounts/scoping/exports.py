"""Exports without formulas, with text, times and digits as spreadsheet programs read them."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from wagtail.admin.views.mixins import SpreadsheetExportMixin

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


class SafeExport(WagtailView):
    """Before Wagtail's `SpreadsheetExportMixin` in the bases of a view.

    Wagtail writes text that begins as a formula does into CSV as it is, lets an invisible letter in a title break an
    XLSX file, and loses the reader's language after the view has returned, while the rows are still being streamed.
    """

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
