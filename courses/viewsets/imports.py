"""Imports of lists in the staff workplace: upload, read what the check found, import."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import BaseForm, ChoiceField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.widgets import HeaderButton

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.audit import InspectViewWithTrail
from accounts.scoping.exports import BYTE_ORDER_MARK, new_workbook
from accounts.scoping.viewsets import ActView, CenterViewSet
from courses.enums import ImportKind, ImportStep
from courses.forms import UploadListForm
from courses.imports.columns import COLUMNS, REQUIRED, label_of, sentence
from courses.models import ImportFault, ImportRun
from courses.services.imports import (
    ACTS,
    MOST_FAULTS,
    is_of_another,
    kinds_for,
    lists_of,
    start_import,
    upload_list,
)

FAULTS_ON_A_PAGE = 50
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def told(fault: ImportFault, kind: ImportKind) -> dict[str, Any]:
    """A fault in words."""
    return {
        "line": fault.line,
        "column": label_of(kind, fault.column),
        "sentence": sentence(kind, fault.code, fault.facts),
        "is_fault": fault.is_fault,
    }


def progress_of(run: ImportRun) -> dict[str, Any]:
    """What the page of a running import shows and polls."""
    return {
        "is_live": run.is_open,
        "percent": run.percent,
        "percent_label": render_to_string("courses/admin/import_percent.txt", {"run": run}).strip(),
        "label": render_to_string("courses/admin/import_progress.txt", {"run": run}).strip(),
        "trouble": "",
    }


class UploadView(generic.CreateView):
    page_title = gettext_lazy("Import a list")
    submit_button_label = gettext_lazy("Upload and check")
    submit_button_active_label = gettext_lazy("Uploading…")
    success_message = gettext_lazy("“%(object)s” is uploaded and is now checked. Nothing is imported yet.")
    template_name = "courses/admin/import_upload.html"

    def get_success_url(self) -> str:
        return reverse("imports:inspect", args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lists = [
            {
                "kind": kind,
                "columns": COLUMNS[kind],
                "needed": [" / ".join(label_of(kind, name) for name in one) for one in REQUIRED[kind]],
            }
            for kind in kinds_for(self.request.user)
        ]
        return super().get_context_data(lists=lists, **kwargs)


class ImportInspectView(InspectViewWithTrail, generic.InspectView):
    """What the check found, or what the import did, line by line."""

    template_name = "courses/admin/import.html"

    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons = [*super().header_buttons]
        if self.object.faults.exists():
            address = reverse("imports:faults", args=[self.object.pk])
            buttons.append(HeaderButton(_("Download the faults"), url=address, icon_name="download"))
        return buttons

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run, kind = self.object, ImportKind(self.object.kind)
        page = Paginator(run.faults.order_by("line", "pk"), FAULTS_ON_A_PAGE).get_page(
            self.request.GET.get("p")
        )
        may_start = (
            run.step == ImportStep.CHECKED
            and bool(run.path)
            and run.created + run.changed > 0
            and may(self.request.user, self.viewset.acts["start"], on=run)
            and may(self.request.user, ACTS[kind], on=run)
            and not is_of_another(run, self.request.user)
        )
        return super().get_context_data(
            run=run,
            steps=ImportStep,
            page=page,
            faults=[told(fault, kind) for fault in page],
            is_cut=page.paginator.count >= MOST_FAULTS,
            refusal=sentence(kind, run.refusal, run.refusal_facts) if run.refusal else "",
            progress=progress_of(run),
            may_start=may_start,
            lines_to_write=run.created + run.changed,
            **kwargs,
        )


class ProgressView(View):
    model = ImportRun

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        return JsonResponse(progress_of(get_object_or_404(ImportRun, pk=pk)))


class FaultsView(View):
    """All faults of an import as a CSV file. It holds no cell of the list."""

    model = ImportRun

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        run = get_object_or_404(ImportRun, pk=pk)
        return _csv(f"faults-{run.pk}.csv", self._rows(run, get_language() or "ar"))

    def _rows(self, run: ImportRun, language: str) -> Iterator[list[str]]:
        kind = ImportKind(run.kind)
        # Rows are written after the language of the request is gone.
        with override(language):
            yield [_("Line"), _("Column"), _("What is wrong")]
        for fault in run.faults.order_by("line", "pk").iterator(chunk_size=500):
            with override(language):
                words = told(fault, kind)
            yield [str(words["line"]), words["column"], words["sentence"]]


class SampleView(View):
    """A list of `kind` with its headings and one line, as an Excel workbook or a CSV file."""

    model = ImportRun

    def get(self, request: HttpRequest) -> HttpResponseBase:
        kind = request.GET.get("kind", ImportKind.TRAINEES.value)
        if kind not in ImportKind:
            raise Http404
        columns = COLUMNS[ImportKind(kind)]
        rows = [[str(column.label) for column in columns], [column.example for column in columns]]
        return _xlsx(f"{kind}.xlsx", rows) if "xlsx" in request.GET else _csv(f"{kind}.csv", iter(rows))


class _Echo:
    def write(self, line: str) -> str:
        return line


def _csv(name: str, rows: Iterator[list[str]]) -> StreamingHttpResponse:
    writer = csv.writer(_Echo())
    lines = (writer.writerow(row) for row in rows)

    def content() -> Iterator[str]:
        yield BYTE_ORDER_MARK
        yield from lines

    answer = StreamingHttpResponse(content(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _xlsx(name: str, rows: Iterable[list[str]]) -> HttpResponse:
    workbook, sheet = new_workbook(_("List"))
    for row in rows:
        sheet.append(row)
    answer = HttpResponse(content_type=WORKBOOK)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    workbook.save(answer)
    return answer


class StartView(ActView):
    model = ImportRun

    def act_on(self, pk: int) -> str:
        run = start_import(run_id=pk, by=self.request.user)
        return _("“%(file)s” is being imported.") % {"file": run.file_name}


class ImportRunViewSet(CenterViewSet):
    """Lists are uploaded, checked and imported, never edited."""

    model = ImportRun
    name = "imports"
    icon = "upload"
    menu_label = gettext_lazy("Imports")
    add_view_class = UploadView
    inspect_view_class = ImportInspectView
    form_class = UploadListForm
    list_display = (
        "file_name",
        "kind",
        "center",
        Column("get_step_display", label=gettext_lazy("State")),
        "created",
        "changed",
        "faulty",
        "uploaded_by",
        "uploaded_at",
    )
    list_filter = ("kind", "center", "phase")
    list_select_related = ("center", "uploaded_by")
    search_fields = ("file_name",)

    def within(self, rows: QuerySet[ImportRun], *, user: User) -> QuerySet[ImportRun]:
        return lists_of(user, rows)

    def fence_form(self, form: BaseForm, *, user: User, act: Act) -> None:
        super().fence_form(form, user=user, act=act)
        field = cast("ChoiceField", form.fields["kind"])
        # A filter adds an empty choice of its own.
        unchosen = [] if hasattr(field, "empty_label") else [("", "–")]
        field.choices = [*unchosen, *((kind.value, kind.label) for kind in kinds_for(user))]

    def create_row(self, form: UploadListForm, *, by: User) -> ImportRun:
        typed = form.cleaned_data
        return upload_list(
            center_id=typed["center"].pk,
            kind=ImportKind(typed["kind"]),
            name=typed["file"].name,
            chunks=typed["file"].chunks(),
            makes_logins=typed.get("makes_logins", False),
            by=by,
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("start/<int:pk>/", self.construct_view(StartView, verb="start"), name="start"),
            path("progress/<int:pk>/", self.construct_view(ProgressView, verb="view"), name="progress"),
            path("faults/<int:pk>/", self.construct_view(FaultsView, verb="view"), name="faults"),
            path("sample/", self.construct_view(SampleView, verb="add"), name="sample"),
        ]
