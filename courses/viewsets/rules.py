"""Completion rules in the staff workplace."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from accounts.models import User
from accounts.scoping.audit import InspectViewWithTrail
from accounts.scoping.viewsets import CenterViewSet
from courses.forms.rules import ChooseProgramForm, CompletionRuleForm
from courses.models import CompletionRule, ProgramPage
from courses.queries.requirements import promised_in_a_line
from courses.services.completion import set_completion_rule


class RuleInspectView(InspectViewWithTrail, generic.InspectView):
    def get_fields(self) -> list[str]:
        return [name for name in super().get_fields() if name != "clauses"]

    def get_fields_context(self) -> list[dict[str, Any]]:
        asked = {"label": capfirst(_("what it asks for")), "value": promised_in_a_line(self.object.asks)}
        return [*super().get_fields_context(), asked]


class AddRuleView(generic.CreateView):
    """First the program, since the rule names its tests; then the clauses."""

    @cached_property
    def program(self) -> ProgramPage | None:
        """None before one is chosen. 404 for what is not one of the choices."""
        if "program" not in self.request.GET:
            return None
        chosen = ChooseProgramForm(self.request.GET)
        if not chosen.is_valid():
            raise Http404
        program: ProgramPage = chosen.cleaned_data["program"]
        return program

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.program is not None:
            return super().dispatch(request, *args, **kwargs)
        form = ChooseProgramForm()
        context = {**self._page(), "form": form}
        return TemplateResponse(request, "courses/admin/choose_program.html", context)

    def _page(self) -> dict[str, Any]:
        return {
            "page_title": self.get_page_title(),
            "header_icon": self.header_icon,
            "breadcrumbs_items": self.get_breadcrumbs_items(),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "program": self.program}

    def get_add_url(self) -> str:
        """The form is sent to the address with the program."""
        return self.request.get_full_path()


class CompletionRuleViewSet(CenterViewSet):
    """Versioned completion rules: the ministry adds versions; a version is never edited."""

    model = CompletionRule
    icon = "check"
    add_view_class = AddRuleView
    inspect_view_class = RuleInspectView
    list_display = (
        "program",
        "version",
        Column(
            "asks",
            label=gettext_lazy("What it asks for"),
            accessor=lambda rule: promised_in_a_line(rule.asks),
        ),
        "created_at",
    )
    list_select_related = ("program",)
    search_fields = ("program__title",)
    form_class = CompletionRuleForm

    def title_of(self, row: CompletionRule) -> str:
        return f"{row.program.title} · {row}"

    def create_row(self, form: CompletionRuleForm, *, by: User) -> CompletionRule:
        return set_completion_rule(program_id=form.cleaned_data["program"].pk, by=by, asks=form.asks())
