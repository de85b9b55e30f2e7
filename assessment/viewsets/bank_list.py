"""The list of the question bank, and the page on which the questions of the list are taken out as a file."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views import generic
from wagtail.admin.widgets import HeaderButton

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.scoping import acts_held
from accounts.scoping.exports import asked_filters
from accounts.scoping.requests import MemberRequest
from assessment.enums import TakenOutAs
from assessment.models import Question
from assessment.queries.bank import searched
from assessment.services.taking_out import LIST_NAME, MOST_QUESTIONS, take_out, written_for

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
        buttons = [*super().header_buttons]
        if Act.WRITE_QUESTIONS in acts_held(self.request.user):
            address = reverse("question_imports:add")
            buttons.append(HeaderButton(_("Bring questions in"), url=address, icon_name="upload"))
        asked = self.request.GET.urlencode()
        address = reverse("bank:take_out") + (f"?{asked}" if asked else "")
        buttons.append(HeaderButton(_("Take questions out"), url=address, icon_name="download"))
        return buttons


class TakeOutView(BankIndexView):
    """Says first what a format cannot hold of the questions of the list; the file itself is posted for, and leaves a row in the trail."""

    http_method_names = ["get", "post"]
    page_title = gettext_lazy("Take questions out")
    template_name = "assessment/admin/take_out.html"

    @cached_property
    def header_buttons(self) -> list[Any]:
        return []

    def get(self, request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = request.GET.get("as", "")
        return self._page(TakenOutAs(chosen) if chosen in TakenOutAs else None)

    def post(self, request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = request.POST.get("as", "")
        if chosen not in TakenOutAs:
            return self._page(None)
        filters = {name: value for name, value in asked_filters(request).items() if name != "as"}
        try:
            file = take_out(
                self.get_queryset(), taken_out_as=TakenOutAs(chosen), by=request.user, filters=filters
            )
        except DomainError:
            return self._page(TakenOutAs(chosen))
        answer = HttpResponse(file.data, content_type=file.content_type)
        name = f"questions-{timezone.localdate():%Y-%m-%d}-{chosen}.{file.extension}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        # It has keys: no one else's browser, and no later visitor of this one, finds it in a cache.
        answer["Cache-Control"] = "private, no-store"
        return answer

    def _page(self, chosen: TakenOutAs | None) -> HttpResponse:
        rows = self.get_queryset()
        file, refusal = None, ""
        if chosen:
            try:
                file = written_for(rows, taken_out_as=chosen, by=self.request.user)
            except DomainError as error:
                refusal = str(error)
        asked = self.request.GET.copy()
        asked.pop("as", None)
        listed = [*(file.left_out if file else ())]
        context = {
            "page_title": self.page_title,
            "header_title": self.page_title,
            "breadcrumbs_items": [
                {"url": f"{reverse('bank:index')}?{asked.urlencode()}", "label": self.viewset.menu_label},
                {"url": "", "label": self.page_title},
            ],
            "header_icon": "download",
            "view": self,
            "count": rows.count(),
            "most": MOST_QUESTIONS,
            "is_narrowed": bool(asked_filters(self.request).keys() - {"as"}),
            "formats": [
                {"value": one.value, "label": one.label, "use": USES[one], "is_chosen": one == chosen}
                for one in USES
            ],
            "asked": asked.urlencode(),
            "asked_pairs": [(name, value) for name, values in asked.lists() for value in values],
            "chosen": chosen,
            "file": file,
            "listed": listed[:MOST_LISTED],
            "list_name": LIST_NAME,
            "refusal": refusal,
        }
        return self.render_to_response(context)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Not as a list, which a parameter of the address makes an export of."""
        return self.response_class(
            request=self.request, template=[self.template_name], context=context, using=None, **kwargs
        )
