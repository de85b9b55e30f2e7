"""One attempt, for who supervises or runs the center: what was noted and decided about it, and the acts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.scoping import fenced
from accounts.scoping.requests import MemberRequest
from assessment.enums import AttemptAct
from assessment.models import Attempt, AttemptDecision
from assessment.queries.decisions import decisions_about, incidents_about, newest_decision
from assessment.services.decisions import (
    LONGEST_REASON,
    declare_void,
    end_attempt,
    hold_result,
    refusal_to_decide,
    release_result,
)
from courses.models import Cohort

ACTS: dict[str, Callable[..., AttemptDecision]] = {
    AttemptAct.ENDED: end_attempt,
    AttemptAct.HELD: hold_result,
    AttemptAct.RELEASED: release_result,
    AttemptAct.VOIDED: declare_void,
}
_SAID = {
    AttemptAct.ENDED: gettext_lazy(
        "The attempt is ended. What was answered is marked, and the trainee is told."
    ),
    AttemptAct.HELD: gettext_lazy("The result is held until a second person decides. The trainee is told."),
    AttemptAct.RELEASED: gettext_lazy("The result counts as before. The trainee is told."),
    AttemptAct.VOIDED: gettext_lazy("The attempt is void. The trainee is told."),
}


class DecisionForm(forms.Form):
    act = forms.ChoiceField(choices=AttemptAct, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Kept with the decision, and told to the trainee. Say what happened, and nothing about anybody's health."
        ),
    )


class AttemptDecisionsView(WagtailAdminTemplateMixin, FormView):
    """Who may not record attendance at the center of the cohort gets 404."""

    request: MemberRequest
    template_name = "assessment/admin/attempt_decisions.html"
    page_title = gettext_lazy("Decide about an attempt")
    header_icon = "warning"
    form_class = DecisionForm

    @cached_property
    def attempt(self) -> Attempt:
        rows = Attempt.objects.select_related("enrollment__person", "enrollment__cohort")
        reach = fenced(rows, user=self.request.user, act=Act.RECORD_ATTENDANCE)
        attempt: Attempt = get_object_or_404(reach, pk=self.kwargs["pk"])
        return attempt

    def get_page_subtitle(self) -> str:
        return str(self.attempt.enrollment.person)

    @property
    def tests_url(self) -> str:
        return reverse("cohort:tests", args=[self.attempt.enrollment.cohort_id])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("cohort:index"), "label": capfirst(Cohort._meta.verbose_name_plural)},
            {"url": self.tests_url, "label": self.attempt.enrollment.cohort.code},
            {"url": "", "label": self.get_page_title()},
        ]

    def form_valid(self, form: DecisionForm) -> HttpResponse:
        act = form.cleaned_data["act"]
        try:
            ACTS[act](attempt_id=self.attempt.pk, reason=form.cleaned_data["reason"], by=self.request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, str(_SAID[AttemptAct(act)]))
        return redirect(self.request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        attempt = self.attempt
        return super().get_context_data(
            attempt=attempt,
            refusal=refusal_to_decide(attempt, self.request.user),
            acts=self._acts(),
            decisions=decisions_about(attempt),
            incidents=incidents_about(attempt) if attempt.sitting_id else [],
            board_url=reverse("sitting", args=[attempt.sitting_id]) if attempt.sitting_id else "",
            tests_url=self.tests_url,
            **kwargs,
        )

    def _acts(self) -> list[tuple[str, str]]:
        """What may follow now: the act, and its button."""
        attempt, decided = self.attempt, newest_decision(self.attempt)
        acts = []
        if attempt.is_open and attempt.sitting_id:
            acts.append((AttemptAct.ENDED.value, _("End the attempt")))
        if decided == AttemptAct.HELD:
            acts.append((AttemptAct.RELEASED.value, _("Let the result count")))
            if attempt.is_marked:
                acts.append((AttemptAct.VOIDED.value, _("Declare the attempt void")))
        elif decided != AttemptAct.VOIDED:
            acts.append((AttemptAct.HELD.value, _("Hold the result")))
        return acts
