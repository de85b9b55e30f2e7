"""Files of questions in the staff workplace: upload one, read what its check found, bring its questions in."""

import csv
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, JsonResponse, StreamingHttpResponse
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

from accounts.models import User
from accounts.scoping import may
from accounts.scoping.audit import InspectViewWithTrail
from accounts.scoping.exports import BYTE_ORDER_MARK, FORMULA
from accounts.scoping.viewsets import ActView, CenterViewSet
from assessment.enums import RemarkKind
from assessment.exchange.table_columns import KINDS
from assessment.exchange_words import BY_KIND, FAULTS, detail_in_words
from assessment.models import QuestionImport, QuestionRemark
from assessment.queries.bank_pages import SLIPS
from assessment.services.question_imports import MOST_REMARKS, start_question_import, upload_questions
from assessment.typing_hints import Slip
from assessment.viewsets.question_file_form import UploadQuestionsForm
from courses.enums import ImportPhase, ImportStep
from courses.services.tables import refusal_in_words

REMARKS_ON_A_PAGE = 50
# In the order in which an author works on them.
SECTIONS = (
    (RemarkKind.FAULT, gettext_lazy("Errors")),
    (RemarkKind.UNSUPPORTED, gettext_lazy("Not supported")),
    (RemarkKind.NOTE, gettext_lazy("Taken, without a part")),
    (RemarkKind.HINT, gettext_lazy("Possible slips")),
    (RemarkKind.REPEATED, gettext_lazy("Repeated")),
)


def sentence_of(remark: QuestionRemark) -> str:
    if remark.kind == RemarkKind.HINT:
        return str(SLIPS[Slip(remark.code)])
    return str(BY_KIND[remark.kind][remark.code])


def _refused_at(run: QuestionImport) -> dict[str, Any]:
    """The line of a refused file, and what it says there."""
    if run.refusal not in FAULTS:
        return {}
    detail = detail_in_words(run.refusal, run.refusal_facts.get("detail", ""))
    return {**run.refusal_facts, "detail": detail}


def refusal_of(run: QuestionImport) -> str:
    """Why nothing of the file was taken, in words; empty where something was."""
    if not run.refusal:
        return ""
    if run.refusal not in FAULTS:
        return refusal_in_words(run.refusal, run.refusal_facts)
    return str(FAULTS[run.refusal])


def progress_of(run: QuestionImport) -> dict[str, Any]:
    """What the page of a file shows and polls while the work goes on."""
    return {
        "is_live": run.is_open,
        "percent": run.percent,
        "percent_label": render_to_string("courses/admin/import_percent.txt", {"run": run}).strip(),
        "label": render_to_string("assessment/admin/question_file_progress.txt", {"run": run}).strip(),
        "trouble": "",
    }


class UploadView(generic.CreateView):
    submit_button_label = gettext_lazy("Upload and check")
    submit_button_active_label = gettext_lazy("Uploading…")
    success_message = gettext_lazy("“%(object)s” is uploaded and is now checked. Nothing is written yet.")
    template_name = "assessment/admin/question_file_upload.html"

    def get_page_title(self) -> str:
        return _("Bring questions in")

    def get_page_subtitle(self) -> str:
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *way, own = super().get_breadcrumbs_items()
        return [*way, {**own, "label": self.get_page_title()}]

    def get_success_url(self) -> str:
        return reverse("question_imports:inspect", args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = [words[:1] + tuple(word for word in words if not word.isascii()) for words in KINDS.values()]
        return super().get_context_data(kinds=kinds, **kwargs)


class QuestionFileView(InspectViewWithTrail, generic.InspectView):
    """What the check found, or what was written, line by line."""

    template_name = "assessment/admin/question_file.html"

    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons = [*super().header_buttons]
        if self.object.remarks.exists():
            address = reverse("question_imports:remarks", args=[self.object.pk])
            buttons.append(HeaderButton(_("Download the list"), url=address, icon_name="download"))
        return buttons

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run: QuestionImport = self.object
        counts = dict(run.remarks.order_by().values_list("kind").annotate(Count("pk")))
        asked = self.request.GET.get("only", "")
        chosen = asked if asked in counts else next((kind for kind, _name in SECTIONS if kind in counts), "")
        rows = run.remarks.filter(kind=chosen).order_by("member", "line", "pk")
        page = Paginator(rows, REMARKS_ON_A_PAGE).get_page(self.request.GET.get("p"))
        user = self.request.user
        is_new = run.step == ImportStep.CHECKED and bool(run.path) and run.created > 0
        may_write = may(user, self.viewset.acts["start"], on=run)
        return super().get_context_data(
            run=run,
            steps=ImportStep,
            is_check=run.phase == ImportPhase.CHECK,
            sections=[(kind, name, counts[kind]) for kind, name in SECTIONS if kind in counts],
            chosen=chosen,
            page=page,
            remarks=[
                (remark, sentence_of(remark), detail_in_words(remark.code, remark.detail)) for remark in page
            ],
            is_cut=sum(counts.values()) >= MOST_REMARKS,
            refusal=refusal_of(run),
            refused_at=_refused_at(run),
            progress=progress_of(run),
            may_start=is_new and may_write and run.uploaded_by_id == user.pk,
            is_of_another=is_new and run.uploaded_by_id != user.pk,
            left_out=run.unsupported + run.faulty,
            **kwargs,
        )


class ProgressView(View):
    model = QuestionImport

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        return JsonResponse(progress_of(get_object_or_404(QuestionImport, pk=pk)))


class StartView(ActView):
    model = QuestionImport

    def act_on(self, pk: int) -> str:
        run = start_question_import(run_id=pk, by=self.request.user)
        return _("The questions of “%(file)s” are being written as drafts.") % {"file": run.file_name}


class _Echo:
    def write(self, line: str) -> str:
        return line


class RemarksView(View):
    """All that is said of a file, as a CSV file, to work through next to it."""

    model = QuestionImport

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        run = get_object_or_404(QuestionImport, pk=pk)
        answer = StreamingHttpResponse(
            self._lines(run, get_language() or "ar"), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="remarks-{run.pk}.csv"'
        return answer

    def _lines(self, run: QuestionImport, language: str) -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield BYTE_ORDER_MARK
        # Rows are written after the language of the request is gone.
        with override(language):
            yield writer.writerow(
                [_("Line"), _("Document"), _("Question"), _("Kind"), _("What to know"), _("In the file")]
            )
        for remark in run.remarks.order_by("member", "line", "pk").iterator(chunk_size=500):
            with override(language):
                cells = [
                    str(remark.line or ""),
                    remark.member,
                    remark.title,
                    remark.get_kind_display(),
                    sentence_of(remark),
                    detail_in_words(remark.code, remark.detail),
                ]
            yield writer.writerow(f"'{cell}" if FORMULA.match(cell) else cell for cell in cells)


class QuestionFilesViewSet(CenterViewSet):
    """Files are uploaded, checked and brought in, never edited. The list of the bank leads here."""

    model = QuestionImport
    name = "question_imports"
    icon = "upload"
    menu_label = gettext_lazy("Files of questions")
    add_to_admin_menu = False
    add_view_class = UploadView
    inspect_view_class = QuestionFileView
    form_class = UploadQuestionsForm
    list_display = (
        "file_name",
        "file_format",
        Column("owner", label=gettext_lazy("Owner"), accessor=lambda row: row.owner or _("The ministry")),
        Column("get_step_display", label=gettext_lazy("State")),
        "created",
        "unchanged",
        "unsupported",
        "faulty",
        "uploaded_by",
        "uploaded_at",
    )
    list_filter = ("owner", "file_format", "phase")
    list_select_related = ("owner", "uploaded_by")
    search_fields = ("file_name",)

    def create_row(self, form: UploadQuestionsForm, *, by: User) -> QuestionImport:
        typed = form.cleaned_data
        return upload_questions(
            owner=typed["owner"],
            name=typed["file"].name,
            chunks=typed["file"].chunks(),
            file_format=form.found_format,
            language=typed["language"],
            tags=typed["tags"],
            has_category_tags=typed["has_category_tags"],
            by=by,
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("start/<int:pk>/", self.construct_view(StartView, verb="start"), name="start"),
            path("progress/<int:pk>/", self.construct_view(ProgressView, verb="view"), name="progress"),
            path("remarks/<int:pk>/", self.construct_view(RemarksView, verb="view"), name="remarks"),
        ]
