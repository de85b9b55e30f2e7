"""Pages on which staff enter paper certificates into the register: one types, another compares."""

from typing import Any

from django.contrib import messages
from django.core.files.storage import storages
from django.core.paginator import Paginator
from django.db.models import Count, Model, Q, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.hands import hands_shown, people_shown
from accounts.scoping.reauthentication import ConfirmedActView
from accounts.scoping.requests import MemberRequest, confirmed_at
from accounts.scoping.viewsets import ActView, CenterViewSet
from accounts.services.formatting import format_list
from accounts.services.identity_documents import decrypt_number
from certificates.enums import PaperState
from certificates.forms import LegacyBatchForm, LegacyPaperForm, PaperReturnForm, ScansForm
from certificates.legacy.index import MAX_INDEX_BYTES
from certificates.legacy.labels import LABELS
from certificates.legacy.scans import PDF, picture_of_page
from certificates.models import CredentialType, LegacyBatch, LegacyPaper
from certificates.queries.legacy import papers_to_check
from certificates.services.deciding import is_confirmed
from certificates.services.legacy import TYPING, ScansTaken, add_scans, drop_paper, import_index, retype_paper
from certificates.services.legacy_checking import check_paper, enter_papers, send_paper_back

ROWS_A_PAGE = 50


class BatchForm(LegacyBatchForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].queryset = CredentialType.objects.filter(is_active=True)


class BatchIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[LegacyBatch]:
        return (
            super()
            .get_base_queryset()
            .annotate(
                rows=Count("papers"),
                wrong=Count("papers", filter=~Q(papers__faults=[])),
                entered=Count("papers", filter=Q(papers__state=PaperState.ENTERED)),
            )
        )


class BatchInspectView(generic.InspectView):
    """The rows of an index with their faults, and the actions the user may take."""

    template_name = "certificates/admin/legacy_batch.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch, by = self.object, self.request.user
        is_checker = may(by, Act.APPROVE_CERTIFICATES, on=batch)
        papers = batch.papers.select_related("credential")
        counts = {
            row["state"]: row["rows"] for row in batch.papers.values("state").annotate(rows=Count("pk"))
        }
        return {
            **super().get_context_data(**kwargs),
            "batch": batch,
            "page": Paginator(papers.order_by("line"), ROWS_A_PAGE).get_page(self.request.GET.get("p")),
            "counts": [(state.label, counts[state]) for state in PaperState if state in counts],
            "wrong": batch.papers.exclude(faults=[]).count(),
            "may_type": may(by, Act.PROPOSE_CERTIFICATES, on=batch),
            "scans_form": ScansForm(),
            "is_checker": is_checker,
            "to_check": papers_to_check(batch, by=by).count() if is_checker else 0,
            "first_to_check": papers_to_check(batch, by=by).first() if is_checker else None,
            "checked": batch.papers.filter(state=PaperState.CHECKED, checked_by=by).count(),
            "is_confirmed": is_confirmed(confirmed_at(self.request)),
        }


class ScansView(ActView):
    model = LegacyBatch

    def act_on(self, pk: int) -> str:
        form = ScansForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            raise NothingUploaded
        taken = add_scans(
            batch_id=pk,
            files=[(upload.name, upload) for upload in form.cleaned_data["scans"]],
            by=self.request.user,
        )
        warn_of_unmatched(self.request, taken)
        return ngettext(
            "%(count)s scan found its line.", "%(count)s scans found their lines.", taken.matched
        ) % {"count": taken.matched}


def warn_of_unmatched(request: HttpRequest, taken: ScansTaken) -> None:
    if taken.unmatched:
        names = format_list(taken.unmatched[:10])
        messages.warning(request, _("No open line names these files, so they were not kept: %s") % names)


class EnterView(ConfirmedActView):
    model = LegacyBatch

    def act_on(self, pk: int) -> str:
        entered = enter_papers(batch_id=pk, by=self.request.user, confirmed_at=confirmed_at(self.request))
        return ngettext(
            "%(count)s certificate is in the register now.",
            "%(count)s certificates are in the register now.",
            len(entered),
        ) % {"count": len(entered)}


class NothingUploaded(DomainError):
    message = gettext_lazy("Choose at least one file.")


class LegacyBatchViewSet(CenterViewSet):
    model = LegacyBatch
    name = "legacy_batches"
    icon = "folder-open-inverse"
    menu_label = gettext_lazy("Paper archive")
    form_class = BatchForm
    index_view_class = BatchIndexView
    inspect_view_class = BatchInspectView
    list_display = (
        "index_name",
        "type",
        "center",
        Column("get_state_display", label=gettext_lazy("State")),
        Column("rows", label=gettext_lazy("Lines")),
        Column("wrong", label=gettext_lazy("To be corrected")),
        Column("entered", label=gettext_lazy("In the register")),
        "uploaded_by",
        "uploaded_at",
    )
    list_filter = ("state", "type", "center")
    list_select_related = ("type", "center", "uploaded_by")

    def create_row(self, form: BaseForm, *, by: User) -> LegacyBatch:
        index = form.cleaned_data["index"]
        return import_index(
            center_id=form.cleaned_data["center"].pk,
            type_id=form.cleaned_data["type"].pk,
            name=index.name,
            data=index.read(MAX_INDEX_BYTES + 1),
            files=[(upload.name, upload) for upload in form.cleaned_data["scans"]],
            by=by,
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("scans/<int:pk>/", self.construct_view(ScansView, verb="add"), name="scans"),
            path("enter/<int:pk>/", self.construct_view(EnterView, verb="enter"), name="enter"),
        ]


class PaperInspectView(generic.InspectView):
    """The scan next to the typed row; for a second person, the two decisions."""

    template_name = "certificates/admin/legacy_paper.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        paper, by = self.object, self.request.user
        is_checker = may(by, Act.APPROVE_CERTIFICATES, on=paper)
        is_own = not hands_shown(by).isdisjoint(paper.typists) or paper.person_id in people_shown(by)
        may_check = is_checker and not is_own and paper.state in {PaperState.TYPED, PaperState.CHECKED}
        return {
            **super().get_context_data(**kwargs),
            "paper": paper,
            "typed": [(label, paper.typed[name]) for name, label in LABELS.items() if paper.typed.get(name)],
            # All fourteen digits for the person who compares them with the scan, the last four for others.
            "national_number": decrypt_number(bytes(paper.national_number_encrypted))
            if may_check and paper.national_number_encrypted
            else paper.last4 and f"•••• {paper.last4}",
            "pages": range(1, paper.scan_pages + 1),
            "is_own": is_checker and is_own,
            "may_check": may_check and paper.state == PaperState.TYPED and not paper.faults,
            "may_return": may_check,
            "may_type": paper.state in TYPING and may(by, Act.PROPOSE_CERTIFICATES, on=paper),
            "return_form": PaperReturnForm(),
            "remaining": papers_to_check(paper.batch, by=by).count() if is_checker else 0,
        }


class PaperEditView(generic.EditView):
    template_name = "certificates/admin/legacy_typing.html"

    def get_success_url(self) -> str:
        # On to the next line that is wrong; none left: back to the batch.
        later = self.object.batch.papers.filter(state__in=TYPING).exclude(faults=[])
        wrong = later.filter(line__gt=self.object.line).order_by("line").first()
        if wrong:
            return reverse("legacy_papers:edit", args=[wrong.pk])
        return reverse("legacy_batches:inspect", args=[self.object.batch_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        paper = self.object
        return {
            **super().get_context_data(**kwargs),
            "paper": paper,
            "pages": range(1, paper.scan_pages + 1),
        }


class PaperScanView(View):
    """A page of a scan as a picture, so that no uploaded content runs in the user's browser."""

    model = LegacyPaper

    def get(self, request: MemberRequest, pk: int) -> HttpResponse:
        paper = get_object_or_404(LegacyPaper.objects.exclude(scan=""), pk=pk)
        with storages["private"].open(paper.scan) as file:
            data = file.read()
        page = request.GET.get("page", "1")
        if paper.scan_type == PDF.mime_type:
            if not (page.isascii() and page.isdecimal() and 1 <= int(page) <= paper.scan_pages):
                raise Http404
            answer = HttpResponse(picture_of_page(data, int(page)), content_type="image/png")
        else:
            answer = HttpResponse(data, content_type=paper.scan_type)
        answer["Cache-Control"] = "private, max-age=600"
        return answer


class CheckView(ActView):
    """After a decision, redirect to the next waiting line."""

    model = LegacyPaper

    def post(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        paper = get_object_or_404(LegacyPaper.objects.select_related("batch"), pk=pk)
        try:
            messages.success(request, self.act_on(pk))
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("legacy_papers:inspect", pk)
        waiting = papers_to_check(paper.batch, by=self.request.user)
        following = waiting.filter(line__gt=paper.line).first() or waiting.first()
        if following:
            return redirect("legacy_papers:inspect", following.pk)
        return redirect("legacy_batches:inspect", paper.batch_id)

    def act_on(self, pk: int) -> str:
        paper = check_paper(paper_id=pk, version=self.request.POST.get("version", ""), by=self.request.user)
        return _("Line %(line)s agrees with its scan.") % {"line": paper.line}


class SendBackView(CheckView):
    def act_on(self, pk: int) -> str:
        form = PaperReturnForm(self.request.POST)
        note = form.cleaned_data["note"] if form.is_valid() else ""
        paper = send_paper_back(paper_id=pk, note=note, by=self.request.user)
        return _("Line %(line)s was sent back.") % {"line": paper.line}


class LegacyPaperViewSet(CenterViewSet):
    model = LegacyPaper
    name = "legacy_papers"
    icon = "doc-full-inverse"
    menu_label = gettext_lazy("Paper certificates")
    form_class = LegacyPaperForm
    inspect_view_class = PaperInspectView
    edit_view_class = PaperEditView
    list_display = (
        "number",
        Column("name", label=gettext_lazy("Name")),
        "batch",
        "line",
        Column("get_state_display", label=gettext_lazy("State")),
        "typed_by",
        "checked_by",
    )
    list_filter = ("state", "batch", "batch__center")
    list_select_related = ("batch", "typed_by", "checked_by")
    search_fields = ("number",)
    search_backend_name = None

    def change_row(self, form: LegacyPaperForm, *, by: User) -> LegacyPaper:
        upload = form.cleaned_data["scan_file"]
        return retype_paper(
            paper_id=form.instance.pk,
            cells=form.cells(),
            by=by,
            file=(upload.name, upload) if upload else None,
        )

    def delete_row(self, row: Model, *, by: User) -> None:
        drop_paper(paper_id=row.pk, by=by)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("scan/<int:pk>/", self.construct_view(PaperScanView, verb="view"), name="scan"),
            path("check/<int:pk>/", self.construct_view(CheckView, verb="check"), name="check"),
            path("send-back/<int:pk>/", self.construct_view(SendBackView, verb="check"), name="send_back"),
        ]
