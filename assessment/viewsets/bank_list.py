"""The list of the question bank, and the page on which the questions of the list are taken out as a file."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button, ButtonWithDropdown

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.scoping import acts_held
from accounts.scoping.exports import asked_filters, names_in_filters
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import CenterViewSet
from assessment.enums import TakenOutAs
from assessment.models import Question
from assessment.queries.bank import searched
from assessment.services.taking_out import LIST_NAME, take_out, written_for
from assessment.viewsets.bank_form import BankFilterSet

# Of what a format lacks, on the page.
MOST_LISTED = 100
# Below the names of the formats: for what each is.
USES = {
    TakenOutAs.MOODLE_XML: gettext_lazy("For Moodle. It holds the most, with pictures."),
    TakenOutAs.GIFT: gettext_lazy("For Moodle and others, as a text that people can read and change."),
    TakenOutAs.QTI: gettext_lazy("For other learning platforms: a package of the standard QTI 3."),
    TakenOutAs.XLSX: gettext_lazy("A row for each question, to work on in a spreadsheet program."),
    TakenOutAs.CSV: gettext_lazy("The same table as a text file."),
}


class BankIndexView(generic.IndexView):
    def search_queryset(self, queryset: QuerySet[Question]) -> QuerySet[Question]:
        return searched(queryset, self.search_query) if self.is_searching else queryset

    @cached_property
    def header_buttons(self) -> list[Any]:
        """The ways in and out under one word: a header has room for a few."""
        asked = self.request.GET.urlencode()
        out = reverse("bank:take_out") + (f"?{asked}" if asked else "")
        ways = [Button(_("Take questions out"), url=out, icon_name="download", priority=20)]
        if Act.WRITE_QUESTIONS in acts_held(self.request.user):
            way_in = reverse("question_imports:add")
            drafts = reverse("bank:drafts")
            ways.append(Button(_("Your drafts"), url=drafts, icon_name="edit", priority=30))
            ways.append(Button(_("Bring questions in"), url=way_in, icon_name="upload", priority=10))
        files = ButtonWithDropdown(
            label=_("Files"),
            buttons=sorted(ways),
            icon_name="doc-full",
            classname="w-h-slim-header export-menu",
            priority=20,
        )
        return [*super().header_buttons, files]


class TakeOutView(WagtailAdminTemplateMixin, View):
    """Says first what a format cannot hold of the questions of the list; the file itself is posted for, and leaves a row in the trail."""

    request: MemberRequest
    viewset: CenterViewSet
    model = Question
    page_title = gettext_lazy("Take questions out")
    header_icon = "download"
    template_name = "assessment/admin/take_out.html"

    def get(self, request: MemberRequest) -> HttpResponse:
        return self._page(request.GET.get("as", ""))

    def post(self, request: MemberRequest) -> HttpResponse:
        chosen = request.POST.get("as", "")
        filters = {name: value for name, value in asked_filters(request).items() if name != "as"}
        if chosen not in TakenOutAs:
            return self._page("")
        try:
            rows = self._rows()
            named = names_in_filters(self, filters).get("named")
            file = take_out(
                rows, taken_out_as=TakenOutAs(chosen), by=request.user, filters=filters, named=named
            )
        except DomainError:
            return self._page(chosen)
        answer = HttpResponse(file.data, content_type=file.content_type)
        name = f"questions-{timezone.localdate():%Y-%m-%d}-{chosen}.{file.extension}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        # It has keys: no later visitor of this browser finds it in a cache.
        answer["Cache-Control"] = "private, no-store"
        return answer

    def _rows(self) -> QuerySet[Question]:
        """The rows of the list by the filters and the search of its address; none where a filter cannot be read."""
        rows = self.viewset.fence_rows(self.viewset.all_rows(), user=self.request.user, verb="take_out")
        self.filters = BankFilterSet(self.request.GET, queryset=rows, request=self.request)
        self.viewset.fence_form(self.filters.form, user=self.request.user, act=self.viewset.acts["take_out"])
        if not self.filters.is_valid():
            return rows.none()
        return searched(self.filters.qs, self.request.GET.get("q", ""))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        asked = self._asked().urlencode()
        return [
            *self.breadcrumbs_items,
            {"url": f"{reverse('bank:index')}?{asked}", "label": str(self.viewset.menu_label)},
            {"url": "", "label": str(self.page_title)},
        ]

    def _asked(self) -> QueryDict:
        """Of the address, what is asked of the list."""
        asked = self.request.GET.copy()
        asked.pop("as", None)
        return asked

    def _page(self, asked_as: str) -> HttpResponse:
        rows = self._rows()
        chosen = TakenOutAs(asked_as) if asked_as in TakenOutAs else None
        file, refusal = None, ""
        if chosen:
            try:
                file = written_for(rows, taken_out_as=chosen, by=self.request.user)
            except DomainError as error:
                refusal = str(error)
        context = self.get_context_data(
            count=rows.count(),
            is_narrowed=bool(asked_filters(self.request).keys() - {"as"}),
            formats=[
                {"value": one.value, "label": one.label, "use": use, "is_chosen": one == chosen}
                for one, use in USES.items()
            ],
            asked=self._asked().urlencode(),
            chosen=chosen,
            file=file,
            listed=file.left_out[:MOST_LISTED] if file else [],
            parts=file.without_parts[:MOST_LISTED] if file else [],
            list_name=LIST_NAME,
            refusal=refusal,
        )
        return self.render_to_response(context)
