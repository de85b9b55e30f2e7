"""The figures of the workplace: funnel and drop-out, attendance, comparison of centers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from accounts.enums import Act
from accounts.scoping import acts_held
from accounts.scoping.exports import SafeExport
from accounts.scoping.lists import StaffList
from accounts.scoping.requests import MemberRequest
from accounts.services.formatting import localize_digits
from courses.queries.workspace.risks import IDLE_DAYS, OVERDUE_DAYS
from insights.enums import Cut, Measure, Stage
from insights.forms import FiguresForm
from insights.intervals import Share
from insights.queries.asking import Asked
from insights.queries.figures import Line, ReasonLine, figures_for, lines_of, reasons_of, totals_of

# Longer tables are cut off on the page, and whole in the export.
LINES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and the address of the rows behind it; empty where the reader may see no rows."""

    number: int
    rows: str = ""


@dataclass(frozen=True, slots=True)
class ShownLine:
    label: str
    cells: list[Cell]
    line: Line

    @property
    def completion(self) -> "Bar | None":
        return Bar.of(self.line.numbers.completion)

    @property
    def attendance(self) -> "Bar | None":
        return Bar.of(self.line.numbers.attendance)


@dataclass(frozen=True, slots=True)
class Bar:
    """A share with its interval, as lengths in a drawing that is 100 wide and runs in the reading direction by its style."""

    share: Share
    width: str
    low: str
    span: str

    @classmethod
    def of(cls, share: Share | None) -> "Bar | None":
        if share is None:
            return None
        span = max(share.high - share.low, 0.5)
        return cls(share, f"{share.percent:.1f}", f"{share.low:.1f}", f"{span:.1f}")


@dataclass(frozen=True, slots=True)
class BarLine:
    """A number with a bar, whose length is in percent of the longest."""

    label: str
    width: str
    cell: Cell


class FiguresView(StaffList, SafeExport, SpreadsheetExportMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page of figures: what is asked is in the query of its address, and kept as a view. Who sees cohorts sees the figures of the
    same places.
    """

    request: MemberRequest
    header_icon = "table"
    _show_breadcrumbs = True
    # The lines of the table.
    measures: tuple[Measure, ...] = tuple(Measure)
    model = None
    # Columns are what the page is about.
    column_choices: Any = ()

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if Act.VIEW_COHORTS not in acts_held(request.user):
            raise Http404
        super().setup(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_export and self.asked:
            return self.as_spreadsheet(list(self.rows_to_export()), request.GET["export"])
        return super().get(request, *args, **kwargs)

    @property
    def all_label(self) -> str:
        return _("Without a view")

    def parameter_form(self, data: QueryDict) -> FiguresForm:
        return FiguresForm(data, user=self.request.user)

    @cached_property
    def form(self) -> FiguresForm:
        return self.parameter_form(self.request.GET)

    @cached_property
    def asked(self) -> Asked | None:
        return self.form.asked

    @property
    def cut(self) -> Cut:
        return self.form.cut

    @cached_property
    def sees_rows(self) -> bool:
        return Act.VIEW_PEOPLE in acts_held(self.request.user)

    @cached_property
    def lines(self) -> list[Line]:
        return lines_of(figures_for(self.request.user, self.asked), self.cut) if self.asked else []

    def rows_address(self, asked: Asked, measure: Measure, **more: str) -> str:
        return (
            f"{reverse('figure_rows')}?{asked.query(measure=measure.value, **more)}" if self.sees_rows else ""
        )

    def shown(self, asked: Asked, line: Line) -> ShownLine:
        narrowed = asked.narrowed(self.cut, line.key)
        cells = [
            Cell(line.numbers.people[measure], self.rows_address(narrowed, measure))
            for measure in self.measures
        ]
        return ShownLine(line.label, cells, line)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(form=self.form, asked=self.asked, **kwargs)
        if self.asked:
            context |= self.figures(self.asked)
        return context

    def figures(self, asked: Asked) -> dict[str, Any]:
        """What the page shows, where a day is recorded."""
        totals = totals_of(figures_for(self.request.user, asked))
        return {
            "snapshot": self.form.snapshot,
            "totals": totals,
            "cut": self.cut,
            "measures": self.measures,
            "lines": [self.shown(asked, line) for line in self.lines[:LINES_SHOWN]],
            "left_off": max(0, len(self.lines) - LINES_SHOWN),
        }

    def rows_to_export(self) -> Iterator[dict[str, Any]]:
        for line in self.lines:
            yield {
                "line": line.label,
                **{measure.value: line.numbers.people[measure] for measure in Measure},
                **_share("completion", line.numbers.completion),
                "attended": line.numbers.attended,
                "held": line.numbers.held,
                **_share("attendance", line.numbers.attendance),
            }

    @property
    def list_export(self) -> list[str]:
        return list(self.export_headings) if self.asked else []

    @property
    def export_headings(self) -> dict[str, str]:
        return {
            "line": str(self.cut.label),
            **{measure.value: str(measure.label) for measure in Measure},
            "completion": _("Completed, % of those whose time is over"),
            "completion_low": _("at least, %"),
            "completion_high": _("at most, %"),
            "attended": _("Classes attended"),
            "held": _("Classes held"),
            "attendance": _("Attendance, %"),
            "attendance_low": _("at least, %"),
            "attendance_high": _("at most, %"),
        }

    def to_row_dict(self, item: dict[str, Any]) -> dict[str, Any]:
        return item

    def get_heading(self, _queryset: Any, field: str) -> str:
        return self.export_headings[field]

    def get_filename(self) -> str:
        return f"{self.export_filename}-{self.asked.day:%Y-%m-%d}" if self.asked else self.export_filename


def _share(name: str, share: Share | None) -> dict[str, float | None]:
    low, high = f"{name}_low", f"{name}_high"
    if share is None:
        return {name: None, low: None, high: None}
    return {name: round(share.percent, 1), low: round(share.low, 1), high: round(share.high, 1)}


class FunnelView(FiguresView):
    """How many enrolled, learn, completed, are certified or dropped out, and why."""

    template_name = "insights/admin/funnel.html"
    index_url_name = "figures"
    page_title = gettext_lazy("Trainees and drop-out")
    export_filename = "figures"

    def figures(self, asked: Asked) -> dict[str, Any]:
        shown = super().figures(asked)
        figures = figures_for(self.request.user, asked)
        totals = shown["totals"].people
        found = reasons_of(figures, (Stage.WITHDRAWN, Stage.FAILED, Stage.AT_RISK))
        left, risks = _partition(found)
        return shown | {
            "funnel": _bars(
                (str(measure.label), Cell(totals[measure], self.rows_address(asked, measure)))
                for measure in Measure
            ),
            "reason_tables": [
                (_("Why people dropped out"), "", self._reasons(asked, left)),
                (_("Why people are at risk"), _rules_in_words(), self._reasons(asked, risks)),
            ],
        }

    def _reasons(self, asked: Asked, lines: list[ReasonLine]) -> list[BarLine]:
        rows = reverse("figure_rows")
        return _bars(
            (
                line.label,
                Cell(
                    line.people,
                    f"{rows}?{asked.query(stage=line.stage.value, reason=line.reason)}"
                    if self.sees_rows
                    else "",
                ),
            )
            for line in lines
        )


def _rules_in_words() -> str:
    """Those of `courses.queries.workspace.risks`."""
    text = _(
        "At risk are the people whom the workspaces of cohorts show as at risk at the end of the day, in cohorts that have begun and are not closed: nothing done for %(idle)s days, attendance below what is asked or out of reach, a test failed twice, required units not done %(overdue)s days after their opening date or after the end of the cohort. Who is found by several of these rules is counted once, under “several reasons”."
    )
    return text % {"idle": localize_digits(IDLE_DAYS), "overdue": localize_digits(OVERDUE_DAYS)}


def _bars(lines: Iterable[tuple[str, Cell]]) -> list[BarLine]:
    lines = list(lines)
    most = max((cell.number for _label, cell in lines), default=0) or 1
    return [BarLine(label, f"{100 * cell.number / most:.1f}", cell) for label, cell in lines]


def _partition(lines: list[ReasonLine]) -> tuple[list[ReasonLine], list[ReasonLine]]:
    return (
        [line for line in lines if line.stage != Stage.AT_RISK],
        [line for line in lines if line.stage == Stage.AT_RISK],
    )


class AttendanceView(FiguresView):
    """Classes attended, of those held."""

    template_name = "insights/admin/attendance.html"
    index_url_name = "figures_attendance"
    page_title = gettext_lazy("Attendance")
    header_icon = "calendar-check"
    export_filename = "attendance"
    measures = (Measure.ENROLLED,)

    def figures(self, asked: Asked) -> dict[str, Any]:
        shown = super().figures(asked)
        return shown | {
            "all_people": Cell(shown["totals"].enrolled, self.rows_address(asked, Measure.ENROLLED)),
            "overall": Bar.of(shown["totals"].attendance),
        }


class CentersView(FiguresView):
    """Centers next to each other, in the order of their names: with their sizes and with what chance alone makes of a share."""

    template_name = "insights/admin/centers.html"
    index_url_name = "figures_centers"
    page_title = gettext_lazy("Comparison of centers")
    header_icon = "home"
    export_filename = "centers"
    measures = (Measure.ENROLLED, Measure.COMPLETED, Measure.DROPPED)

    def parameter_form(self, data: QueryDict) -> FiguresForm:
        form = super().parameter_form(data)
        del form.fields["by"]
        return form

    @property
    def cut(self) -> Cut:
        return Cut.CENTER

    def figures(self, asked: Asked) -> dict[str, Any]:
        shown = super().figures(asked)
        return shown | {
            "overall": Bar.of(shown["totals"].completion),
            "overall_attendance": Bar.of(shown["totals"].attendance),
        }


class FiguresItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return Act.VIEW_COHORTS in acts_held(request.user)


class FiguresMenu(SubmenuMenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return Act.VIEW_COHORTS in acts_held(request.user)


figures_menu = FiguresMenu(
    pgettext_lazy("statistics", "Figures"),
    Menu(
        items=[
            FiguresItem(FunnelView.page_title, reverse_lazy("figures"), icon_name="table", order=10),
            FiguresItem(
                AttendanceView.page_title,
                reverse_lazy("figures_attendance"),
                icon_name="calendar-check",
                order=20,
            ),
            FiguresItem(CentersView.page_title, reverse_lazy("figures_centers"), icon_name="home", order=30),
        ]
    ),
    name="figures",
    icon_name="table",
    order=250,
)
