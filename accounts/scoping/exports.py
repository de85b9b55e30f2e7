"""Exports without formulas, with text, times and digits as spreadsheet programs read them."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from html import unescape
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_bidi, gettext, override
from openpyxl import Workbook
from wagtail.admin.views.mixins import ExcelDateFormatter, SpreadsheetExportMixin
from wagtail.admin.widgets.button import Button, ButtonWithDropdown
from wagtail.log_actions import log

from accounts.models import Person

if TYPE_CHECKING:
    WagtailView = Any
else:
    WagtailView = object

# OWASP, "CSV Injection". Excel skips blanks before it looks.
FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
# What XML cannot hold.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# What tells a page the direction of a part: in a cell it is an invisible letter, with which nothing compares.
DIRECTIONS = dict.fromkeys(map(ord, "\u200e\u200f\u2066\u2067\u2068\u2069"))
# Excel: what the name of a sheet cannot hold, and how long it is at the most.
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\!]")
LONGEST_NAME = 31
BYTE_ORDER_MARK = "\N{BYTE ORDER MARK}"
ROWS_AT_ONCE = 500
# Of the address of a download.
NOT_A_FILTER = {"export", "p", "view", "columns"}


def _local(value: dt.datetime) -> dt.datetime:
    """The hour as it was here; a spreadsheet has no time zones."""
    return value if timezone.is_naive(value) else timezone.localtime(value).replace(tzinfo=None)


# Wagtail exports hours of UTC. Its own reports are mended with ours.
SpreadsheetExportMixin.custom_value_preprocess[dt.datetime] = {
    SpreadsheetExportMixin.FORMAT_XLSX: _local,
    SpreadsheetExportMixin.FORMAT_CSV: lambda value: f"{_local(value):%Y-%m-%d %H:%M:%S}",
}


def new_workbook(title: str) -> tuple[Workbook, Any]:
    """A workbook and its sheet, which runs from right to left where the reader's language does. `title`: what the rows are."""
    workbook = Workbook(write_only=True, iso_dates=True)
    sheet: Any = workbook.create_sheet(title=name_of_sheet(title))
    sheet.sheet_view.rightToLeft = get_language_bidi()
    return workbook, sheet


def name_of_sheet(title: str) -> str:
    """A title as spreadsheet programs take it for a sheet: at most 31 characters, none that a formula could be read from."""
    plain = " ".join(NOT_IN_NAMES.sub(" ", CONTROLS.sub("", title.translate(DIRECTIONS))).split())
    return plain.lstrip("=+-@\uff1d\uff0b\uff0d\uff20' ")[:LONGEST_NAME].strip("' ") or gettext("Table")


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
            return unescape(strip_tags(value)).translate(DIRECTIONS)
        case _:
            return str(value).translate(DIRECTIONS)


def asked_filters(request: HttpRequest) -> dict[str, Any]:
    return {name: value for name, value in request.GET.items() if value and name not in NOT_A_FILTER}


def names_in_filters(view: Any, filters: Collection[str]) -> dict[str, dict[str, str]]:
    """As `named`, what the rows are called that the filters chose, for the audit trail; nothing where they chose none.

    Only rows that the filter form offers to the user: an address could ask for any. No people: what is erased of them is not looked for here.
    """
    form = getattr(getattr(view, "filters", None), "form", None)
    if form is None or not form.is_valid():
        return {}
    chosen = {name: form.cleaned_data.get(name) for name in filters}
    named = {
        name: str(row)
        for name, row in chosen.items()
        if isinstance(row, Model) and not isinstance(row, Person) and not hasattr(row, "person_path")
    }
    return {"named": named} if named else {}


class SafeExport(WagtailView):
    """Before Wagtail's `SpreadsheetExportMixin` in the bases of a view.

    Wagtail writes text that begins as a formula does into CSV as it is, lets an invisible letter in a title break an
    XLSX file, and loses the reader's language after the view has returned, while the rows are still being streamed.
    """

    # Wagtail's places for them are among the acts behind three dots.
    show_export_buttons = False

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Of a file, its rows alone: where a list has no pages, Wagtail counts it by reading all of it."""
        if getattr(self, "is_export", False) and hasattr(self, "object_list"):
            return {"object_list": self.object_list}
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return context

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> Any:
        """The file, after a row in the audit trail: who took which list, under which filters, and how many rows.

        A view with `logs_exports_itself` writes a row of its own. It has no default here, which would come before the view's.
        """
        if not getattr(self, "logs_exports_itself", False):
            by = self.request.user
            filters = asked_filters(self.request)
            facts = {
                "list": self.model._meta.label
                if getattr(self, "model", None)
                else self.request.resolver_match.view_name,
                "format": spreadsheet_format,
                "filters": filters,
                "rows": queryset.count() if isinstance(queryset, QuerySet) else len(queryset),
            }
            facts |= names_in_filters(self, filters)
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
        """As Wagtail writes it, on a sheet that runs as the reader reads."""
        rows = self.rows_for_export(queryset)
        workbook, sheet = new_workbook(self.title_of_sheet())
        sheet.append([self.get_heading(rows, field) for field in self.list_export])
        date_format = ExcelDateFormatter().get()
        for row in rows:
            sheet.append(self.generate_xlsx_row(sheet, self.to_row_dict(row), date_format=date_format))
        workbook.save(output)

    def title_of_sheet(self) -> str:
        """What the rows are, in the reader's language."""
        model = getattr(self, "model", None)
        return capfirst(str(model._meta.verbose_name_plural if model else getattr(self, "page_title", "")))

    def get_header_buttons(self) -> list[Any]:
        """Wagtail's buttons, and the downloads under a word of their own instead of the three dots."""
        buttons: list[Any] = super().get_header_buttons()
        if self.list_export:
            downloads = [
                Button(gettext("Download XLSX"), url=self.xlsx_export_url, icon_name="download", priority=90),
                Button(gettext("Download CSV"), url=self.csv_export_url, icon_name="download", priority=100),
                *self.downloads_of_all_columns(),
            ]
            buttons.append(
                ButtonWithDropdown(
                    label=gettext("Download"),
                    buttons=downloads,
                    icon_name="download",
                    classname="w-h-slim-header export-menu",
                )
            )
        return buttons

    def downloads_of_all_columns(self) -> list[Button]:
        """Where some columns are hidden: the files that have them as well."""
        return []

    def rows_for_export(self, rows: Iterable[Any]) -> Iterable[Any]:
        """All rows, some at a time; a query keeps what it has read, its iterator does not.

        A view may make other things of them by `exported_items`, which has no default here for the same reason.
        """
        all_rows = _Rows(rows) if isinstance(rows, QuerySet) else rows
        items = getattr(self, "exported_items", None)
        return items(all_rows) if items else all_rows

    def _stream_in(self, language: str | None, lines: Iterator[str]) -> Iterator[str]:
        # Without it Excel reads Arabic as Latin-1.
        yield BYTE_ORDER_MARK
        while True:
            with override(language):
                line = next(lines, None)
            if line is None:
                return
            yield line


class ShownExport(SafeExport):
    """A list that names nothing to export exports what it shows."""

    list_export: tuple[str, ...]

    @property
    def exported_columns(self) -> list[Any]:
        return list(self.columns)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.shown_columns: dict[str, Any] = {}
        if not self.list_export:
            self.shown_columns = {
                column.name: column for column in self.exported_columns if hasattr(column, "get_value")
            }
            self.list_export = tuple(self.shown_columns)

    def downloads_of_all_columns(self) -> list[Button]:
        if not self.shown_columns or not getattr(self, "hidden_columns", None):
            return []
        labels = {
            self.xlsx_export_url: gettext("XLSX with all columns"),
            self.csv_export_url: gettext("CSV with all columns"),
        }
        return [
            Button(label, url=f"{url}&columns=all", icon_name="download", priority=110 + place)
            for place, (url, label) in enumerate(labels.items())
        ]

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        if not self.shown_columns:
            fields: dict[str, Any] = super().to_row_dict(item)
            return fields
        return {name: in_a_cell(column.get_value(item)) for name, column in self.shown_columns.items()}

    def get_heading(self, queryset: Any, field: str) -> str:
        column = self.shown_columns.get(field)
        return capfirst(str(column.label)) if column else str(super().get_heading(queryset, field))


class _Rows:
    """Rows to read once, and their `model`, by which Wagtail finds the headings."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows = rows
        self.model = rows.model

    def __iter__(self) -> Iterator[Any]:
        return self.rows.iterator(chunk_size=ROWS_AT_ONCE)
