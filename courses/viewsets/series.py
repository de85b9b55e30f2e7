"""Recurring sessions in the staff workplace: typed, previewed, then saved day by day."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.digits import read_key
from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import CenterViewSet
from accounts.services.formatting import localize_digits
from courses.enums import SessionKind
from courses.forms.series import SessionSeriesForm
from courses.models import ClassSession
from courses.services.series import schedule_days


class SessionSeriesView(WagtailAdminTemplateMixin, View):
    """One page: the rule, and under it the days with what is against each. Saved is what the preview showed."""

    request: MemberRequest
    model = ClassSession
    template_name = "courses/admin/session_series.html"
    page_title = gettext_lazy("Recurring sessions")
    header_icon = "calendar-alt"
    # Set by the viewset.
    viewset: CenterViewSet
    index_url_name = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(self._form(initial=self._first_values(request.GET.get("cohort", ""))))

    def _first_values(self, cohort: str) -> dict[str, Any]:
        """From whose page one comes: the cohort with its days, where the user may plan them."""
        key = read_key(cohort)
        choices: Any = self._form().fields["cohort"]
        chosen = choices.queryset.filter(pk=key).first() if key else None
        if chosen is None:
            return {}
        return {"cohort": chosen.pk, "first_day": chosen.starts_on, "last_day": chosen.ends_on}

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        if form.is_valid() and "save" in request.POST and form.is_previewed:
            try:
                self._save(form)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect(f"{reverse(self.index_url_name)}?cohort={form.cleaned_data['cohort'].pk}")
        return self._show(form)

    def _form(self, data: Any = None, **kwargs: Any) -> SessionSeriesForm:
        form = SessionSeriesForm(data, **kwargs)
        self.viewset.fence_form(form, user=self.request.user, act=self.viewset.acts["add"])
        return form

    def _save(self, form: SessionSeriesForm) -> None:
        typed = form.cleaned_data
        made = schedule_days(
            cohort_id=typed["cohort"].pk,
            kind=SessionKind(typed["kind"]),
            title=typed["title"],
            slots=[planned.slot for planned in form.days() if planned.is_chosen],
            venue_id=typed["venue"] and typed["venue"].pk,
            instructor_id=typed["instructor"] and typed["instructor"].pk,
            by=self.request.user,
        )
        said = ngettext(
            "%(count)s session is in the timetable.", "%(count)s sessions are in the timetable.", len(made)
        )
        messages.success(self.request, said % {"count": localize_digits(len(made))})

    def _show(self, form: SessionSeriesForm) -> HttpResponse:
        is_planned = form.is_bound and all(name in form.cleaned_data for name in form.fields)
        days = form.days() if is_planned and not (set(form.errors) - {"__all__"}) else []
        if days:
            form.data = form.data.copy()
            form.data["previewed"] = form.fingerprint
        context = self.get_context_data(form=form, days=days)
        return render(self.request, self.template_name, context)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        sessions = {
            "url": reverse(self.index_url_name),
            "label": capfirst(ClassSession._meta.verbose_name_plural),
        }
        return [*self.breadcrumbs_items, sessions, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"view": self, **super().get_context_data(**kwargs)}
