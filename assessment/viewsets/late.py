"""Answers that arrived after the time: which attempts have some, and whether they count. By who may give time, but about no one whom they taught."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.scoping import fenced
from accounts.scoping.requests import MemberRequest
from assessment.models import Attempt
from assessment.queries.late import attempts_to_decide, decisions_of, late_answers_of
from assessment.services.late import (
    LONGEST_REASON,
    count_late_answers,
    leave_late_answers,
    refusal_to_decide,
)
from courses.models import Cohort

ATTEMPTS_ON_A_PAGE = 50


def late_in(cohort: Cohort) -> int:
    """How many attempts of a cohort wait for a decision."""
    return attempts_to_decide(Attempt.objects.filter(enrollment__cohort=cohort)).count()


class LateAnswersView(WagtailAdminTemplateMixin, TemplateView):
    """The attempts of a cohort with late answers about which no one decided."""

    request: MemberRequest
    template_name = "assessment/admin/late_answers.html"
    page_title = gettext_lazy("Late answers")
    header_icon = "time"

    @cached_property
    def cohort(self) -> Cohort:
        cohorts = Cohort.objects.select_related("program", "center")
        reach = fenced(cohorts, user=self.request.user, act=Act.RECORD_ATTENDANCE)
        cohort: Cohort = get_object_or_404(reach, pk=self.kwargs["pk"])
        return cohort

    def get_page_subtitle(self) -> str:
        return str(self.cohort.code)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("cohort:index"), "label": capfirst(Cohort._meta.verbose_name_plural)},
            {"url": reverse("cohort:tests", args=[self.cohort.pk]), "label": self.cohort.code},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        attempts = Attempt.objects.filter(enrollment__cohort=self.cohort)
        rows = attempts_to_decide(attempts).select_related("enrollment__person")
        return super().get_context_data(
            cohort=self.cohort,
            page=Paginator(rows, ATTEMPTS_ON_A_PAGE).get_page(self.request.GET.get("p")),
            back_url=reverse("cohort:tests", args=[self.cohort.pk]),
            **kwargs,
        )


class LateForm(forms.Form):
    act = forms.ChoiceField(choices=[("count", ""), ("leave", "")], widget=forms.HiddenInput, required=True)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Kept with the decision. Say what happened, and nothing about anybody's health."
        ),
    )


class LateAttemptView(WagtailAdminTemplateMixin, FormView):
    """What arrived late in one attempt, next to what was saved in time; without what is right. Two acts, each with a reason."""

    request: MemberRequest
    template_name = "assessment/admin/late_attempt.html"
    page_title = gettext_lazy("Late answers of an attempt")
    header_icon = "time"
    form_class = LateForm

    @property
    def list_url(self) -> str:
        return reverse("late_answers", args=[self.attempt.enrollment.cohort_id])

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = Attempt.objects.select_related("enrollment__person", "enrollment__cohort")
        reach = fenced(rows, user=self.request.user, act=Act.RECORD_ATTENDANCE)
        self.attempt: Attempt = get_object_or_404(reach, pk=self.kwargs["pk"])

    def form_valid(self, form: LateForm) -> HttpResponse:
        is_counted = form.cleaned_data["act"] == "count"
        decide = count_late_answers if is_counted else leave_late_answers
        try:
            decide(attempt_id=self.attempt.pk, reason=form.cleaned_data["reason"], by=self.request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        said = _("The late answers count now.") if is_counted else _("The late answers are left as they are.")
        messages.success(self.request, said)
        return redirect(self.request.path)

    def get_page_subtitle(self) -> str:
        return str(self.attempt.enrollment.person)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        cohort = self.attempt.enrollment.cohort
        return [
            *self.breadcrumbs_items,
            {"url": reverse("cohort:tests", args=[cohort.pk]), "label": cohort.code},
            {"url": self.list_url, "label": str(LateAnswersView.page_title)},
            {"url": "", "label": self.get_page_subtitle()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            attempt=self.attempt,
            answers=late_answers_of(self.attempt),
            decisions=decisions_of(self.attempt),
            refusal=refusal_to_decide(self.attempt, self.request.user),
            list_url=self.list_url,
            **kwargs,
        )
