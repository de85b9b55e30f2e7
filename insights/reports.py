"""The rows behind a figure, with the spreadsheet of them."""

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from accounts.enums import Act
from accounts.scoping import acts_held
from accounts.scoping.exports import ROWS_AT_ONCE, SafeExport
from accounts.scoping.requests import MemberRequest
from accounts.services.formatting import format_date, localize_digits
from courses.models import ProgramPage
from courses.queries.programs import titles_in_language
from insights.enums import REASONS, Measure, Stage
from insights.forms import FiguresForm
from insights.models import EnrollmentSpan
from insights.queries.asking import Asked
from insights.queries.figures import reason_label
from insights.queries.rows import current_of, rows_for

# A workbook is written as a whole before it is sent; CSV is sent line by line.
MOST_ROWS_OF_A_WORKBOOK = 100_000


def stage_in_words(span: EnrollmentSpan) -> str:
    stage = capfirst(str(span.get_stage_display()))
    reason = reason_label(span.stage, span.reason) if span.reason in REASONS else ""
    return f"{stage} ({reason})" if reason else stage


def changed_since(then: EnrollmentSpan, now: EnrollmentSpan | None) -> str:
    """What is recorded differently by now; empty where nothing is."""
    if now is None or now.pk == then.pk:
        return ""
    told = []
    if (now.stage, now.reason) != (then.stage, then.reason):
        told.append(stage_in_words(now))
    if (now.attended, now.held) != (then.attended, then.held):
        classes = _("attended %(attended)s of %(held)s classes")
        told.append(classes % {"attended": now.attended, "held": now.held})
    if now.cohort_id != then.cohort_id:
        told.append(_("in another cohort"))
    if (now.sex, now.age_band, now.enrolled_on) != (then.sex, then.age_band, then.enrolled_on):
        told.append(_("facts of the person corrected"))
    if not told:
        told.append(_("center or program described otherwise"))
    return localize_digits(" · ".join(told))


class FigureRowsView(SafeExport, ReportView):
    """The enrollments that a figure counts, as they were at the end of its day. `measure` or `stage` and `reason` say which figure."""

    request: MemberRequest
    model = EnrollmentSpan
    page_title = gettext_lazy("Rows behind a figure")
    header_icon = "user"
    template_name = "insights/admin/rows.html"
    index_url_name = "figure_rows"
    index_results_url_name = "figure_rows_results"
    default_ordering = "enrollment_id"
    paginate_by = 50
    export_filename = "rows"
    export_headings = {
        "enrollment.person": gettext_lazy("Person"),
        "cohort.code": gettext_lazy("Cohort"),
        "program_title": gettext_lazy("Program"),
        "center": gettext_lazy("Center"),
        "enrolled_on": gettext_lazy("Enrolled on"),
        "stage_then": gettext_lazy("On that day"),
        "attended": gettext_lazy("Classes attended"),
        "held": gettext_lazy("Classes held"),
        "changed": gettext_lazy("Changed since"),
    }
    list_export = tuple(export_headings)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if not {Act.VIEW_COHORTS, Act.VIEW_PEOPLE} <= acts_held(request.user):
            raise Http404
        super().setup(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_too_long = (
            request.GET.get("export") == self.FORMAT_XLSX and self.number_of_rows > MOST_ROWS_OF_A_WORKBOOK
        )
        if is_too_long:
            text = _("A workbook holds %(most)s rows at most. Download these rows as CSV, or filter them.")
            messages.warning(request, text % {"most": localize_digits(f"{MOST_ROWS_OF_A_WORKBOOK:,}")})
            asked = request.GET.copy()
            del asked["export"]
            return HttpResponseRedirect(f"{request.path}?{asked.urlencode()}")
        return super().get(request, *args, **kwargs)

    @cached_property
    def form(self) -> FiguresForm:
        return FiguresForm(self.request.GET, user=self.request.user)

    @cached_property
    def asked(self) -> Asked | None:
        return self.form.asked

    @cached_property
    def measure(self) -> Measure:
        told = self.request.GET.get("measure", "")
        return Measure(told) if told in Measure else Measure.ENROLLED

    def rows_by(self, act: Act) -> QuerySet[EnrollmentSpan]:
        if self.asked is None:
            return EnrollmentSpan.objects.none()
        rows = rows_for(
            self.request.user, self.asked, self.measure, act=act, reason=self.request.GET.get("reason")
        )
        stage = self.request.GET.get("stage")
        return rows.filter(stage=stage) if stage else rows

    def get_base_queryset(self) -> QuerySet[EnrollmentSpan]:
        return self.rows_by(Act.VIEW_PEOPLE).select_related("enrollment__person", "cohort", "center")

    def order_queryset(self, queryset: QuerySet[EnrollmentSpan]) -> QuerySet[EnrollmentSpan]:
        return queryset.order_by("enrollment_id")

    def get_filtered_queryset(self) -> QuerySet[EnrollmentSpan]:
        # Wagtail's reports filter twice here.
        return self.get_queryset()

    @cached_property
    def number_of_rows(self) -> int:
        return self.rows_by(Act.VIEW_PEOPLE).count()

    def get_page_subtitle(self) -> str:
        stage, reason = self.request.GET.get("stage", ""), self.request.GET.get("reason", "")
        if stage in Stage:
            return f"{capfirst(str(Stage(stage).label))}: {reason_label(stage, reason)}"
        return str(self.measure.label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.is_export or self.asked is None:
            return context | {"form": self.form}
        counted = self.rows_by(Act.VIEW_COHORTS).aggregate(attended=Sum("attended"), held=Sum("held"))
        return context | {
            "form": self.form,
            "snapshot": self.form.snapshot,
            "number": self.number_of_rows,
            "hidden": self.rows_by(Act.VIEW_COHORTS).count() - self.number_of_rows,
            "classes": counted,
            "back": f"{reverse('figures')}?{self.asked.query()}",
        }

    def decorate_paginated_queryset(self, object_list: QuerySet[EnrollmentSpan]) -> Iterable[Any]:
        return object_list if self.is_export else _shown(list(object_list))

    def rows_for_export(self, rows: Any) -> Iterator[EnrollmentSpan]:
        """Their keys by a cursor of the database: asking for the rows after the last one would sort the rest again each time."""
        keys = rows.values_list("pk", flat=True).iterator(chunk_size=ROWS_AT_ONCE)
        for some in batched(keys, ROWS_AT_ONCE, strict=False):
            yield from _shown(list(rows.filter(pk__in=some)))

    def get_heading(self, _queryset: Any, field: str) -> str:
        return str(self.export_headings[field])

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "person",
                label=_("Person"),
                accessor="enrollment.person",
                get_url=lambda row: reverse("enrollment:inspect", args=[row.enrollment_id]),
            ),
            Column("cohort", label=_("Cohort"), accessor="cohort.code"),
            Column("program_title", label=_("Program")),
            Column("center", label=_("Center")),
            Column("enrolled_on", label=_("Enrolled on"), accessor=lambda row: format_date(row.enrolled_on)),
            Column("stage_then", label=_("On that day")),
            Column(
                "classes",
                label=_("Classes attended"),
                accessor=lambda row: localize_digits(
                    _("%(attended)s of %(held)s") % {"attended": row.attended, "held": row.held}
                ),
            ),
            Column("changed", label=_("Changed since"), accessor=lambda row: row.changed or "–"),
        ]


class FigureRowsResultsView(FigureRowsView):
    results_only = True


def _shown(spans: list[Any]) -> list[Any]:
    """The same rows with what the columns read. Three queries at most."""
    # Of a program, which is a page with all of its text, the title alone.
    programs = ProgramPage.objects.only("title", "translation_key").in_bulk(
        {span.program_id for span in spans}
    )
    titles = titles_in_language(programs.values(), get_language() or "ar")
    current = current_of(spans)
    for span in spans:
        span.program_title = titles[span.program_id]
        span.stage_then = stage_in_words(span)
        span.changed = changed_since(span, current.get(span.enrollment_id))
    return spans
