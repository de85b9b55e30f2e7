"""Typing a printed attendance sheet, by two people."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.errors import DomainError
from accounts.scoping.hands import hands_shown
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import CenterViewSet
from courses.enums import PaperState
from courses.forms.paper import DecisionsForm, DiscardForm, PaperSheetForm
from courses.models import ClassSession, PaperSheet
from courses.queries.paper_sheets import open_sheet, typed_lines
from courses.queries.transfers import taking_part
from courses.services.paper_sheets import discard_sheet, record_sheet, type_sheet


class PaperSheetView(WagtailAdminTemplateMixin, View):
    """The next step of one sheet: typed, typed again by a colleague, decided where they differ."""

    request: MemberRequest
    model = ClassSession
    template_name = "courses/admin/paper_sheet.html"
    page_title = gettext_lazy("Type the paper sheet")
    header_icon = "edit"
    # Set by the viewset.
    viewset: CenterViewSet
    index_url_name = ""

    @cached_property
    def session(self) -> ClassSession:
        sessions = ClassSession.objects.for_attendance().select_related(
            "cohort__program", "cohort__center", "venue"
        )
        return get_object_or_404(sessions, pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(**self._forms())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        name = next((step for step in ("discard", "decide") if step in request.POST), "type")
        forms = self._forms(request.POST, name)
        form = forms.get(name)
        if form is None:
            # A colleague was faster: the page shows what the next step is now.
            return redirect(request.path)
        if form.is_valid():
            try:
                messages.success(request, self._carry_out(name, form))
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect(request.path)
        return self._show(**forms)

    def _forms(self, data: Any = None, posted: str = "") -> dict[str, Any]:
        """The forms of the next step; that which was posted is bound."""
        sheet = self.sheet
        forms: dict[str, Any] = {}
        if sheet is None or (
            sheet.state == PaperState.TYPED and sheet.first_by_id not in hands_shown(self.request.user)
        ):
            forms["type"] = PaperSheetForm(
                data if posted == "type" else None,
                session=self.session,
                enrollments=taking_part(self.session),
                code=self.request.GET.get("code", "")[:12],
            )
        if sheet and sheet.state == PaperState.COMPARED:
            forms["decide"] = DecisionsForm(data if posted == "decide" else None, lines=typed_lines(sheet))
        if sheet:
            forms["discard"] = DiscardForm(data if posted == "discard" else None, prefix="discard")
        return forms

    @cached_property
    def sheet(self) -> PaperSheet | None:
        return open_sheet(self.session)

    def _carry_out(self, name: str, form: Any) -> str:
        user = self.request.user
        if name == "type":
            code = form.cleaned_data["code"]
            sheet = type_sheet(session_id=self.session.pk, code=code, marks=form.marks(), by=user)
            return str(_SAID[PaperState(sheet.state)])
        if name == "decide" and self.sheet:
            record_sheet(sheet_id=self.sheet.pk, decisions=form.decisions(), by=user)
            return str(_SAID[PaperState.RECORDED])
        if self.sheet:
            discard_sheet(sheet_id=self.sheet.pk, reason=form.cleaned_data["reason"], by=user)
        return str(_SAID[PaperState.DISCARDED])

    def _show(self, **forms: Any) -> HttpResponse:
        typing, deciding = forms.get("type"), forms.get("decide")
        context = self.get_context_data(
            session=self.session,
            sheet=self.sheet,
            typing=typing,
            lines=typing.lines() if typing else [],
            deciding=deciding,
            discarding=forms.get("discard"),
            attendance=reverse(self.viewset.get_url_name("attendance"), args=[self.session.pk]),
        )
        return render(self.request, self.template_name, context)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        sessions = {
            "url": reverse(self.index_url_name),
            "label": capfirst(ClassSession._meta.verbose_name_plural),
        }
        return [*self.breadcrumbs_items, sessions, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"view": self, **super().get_context_data(**kwargs)}


_SAID = {
    PaperState.TYPED: gettext_lazy("Typed. A colleague types the same sheet now; nothing is recorded yet."),
    PaperState.COMPARED: gettext_lazy(
        "The two typings differ. Decide about each line below; nothing is recorded yet."
    ),
    PaperState.RECORDED: gettext_lazy("The sheet is recorded."),
    PaperState.DISCARDED: gettext_lazy(
        "What was typed is discarded. The sheet can be typed from the beginning."
    ),
}
