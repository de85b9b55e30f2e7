"""The page that says what a person would get for an enrollment, and why."""

from typing import Any, cast

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.enums import Act
from accounts.scoping import fenced
from accounts.scoping.requests import MemberRequest
from certificates.services.outlook import Supposed, outlook_of
from courses.fields import hours_field, percent_field
from courses.models import CompletionRule, Enrollment

# Of a program, the versions one may look through; the older ones are of cohorts of years ago.
MOST_VERSIONS = 50


class SupposedForm(forms.Form):
    """Another version of the rule, and what to suppose instead of what is on record."""

    rule = forms.ModelChoiceField(
        CompletionRule.objects.none(), label=gettext_lazy("Version of the completion rule"), required=False
    )
    units = forms.BooleanField(label=gettext_lazy("Every required unit is done"), required=False)
    attendance = percent_field(gettext_lazy("Attendance, percent"), required=False)
    hours = hours_field(gettext_lazy("Hours in classes"), required=False)
    score = percent_field(gettext_lazy("Mean score of the tests, percent"), required=False)
    practice = percent_field(gettext_lazy("Mean score of the practical tasks, percent"), required=False)

    def __init__(self, data: Any, *, enrollment: Enrollment) -> None:
        super().__init__(data)
        rules = CompletionRule.objects.filter(program=enrollment.cohort.program_id)
        newest = list(rules.values_list("pk", flat=True)[:MOST_VERSIONS])
        field = cast("forms.ModelChoiceField", self.fields["rule"])
        field.queryset = rules.filter(pk__in=newest)
        field.empty_label = gettext_lazy("that of the cohort")

    def supposed(self) -> Supposed:
        """What was typed, once the form is valid."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "rule"}
        return Supposed(**typed)


class OutlookView(WagtailAdminTemplateMixin, TemplateView):
    """Reads only; outsiders of the enrollment's center get 404."""

    request: MemberRequest
    template_name = "certificates/admin/outlook.html"
    page_title = gettext_lazy("What this person would get")
    header_icon = "glasses"

    @cached_property
    def enrollment(self) -> Enrollment:
        rows = Enrollment.objects.select_related(
            "person",
            "cohort__program__locale",
            "cohort__center",
            "cohort__content_version",
            "cohort__completion_rule",
        )
        reach = fenced(rows, user=self.request.user, act=Act.VIEW_CERTIFICATES)
        enrollment: Enrollment = get_object_or_404(reach, pk=self.kwargs["pk"])
        return enrollment

    def get_context_data(self, **_kwargs: Any) -> dict[str, Any]:
        form = SupposedForm(self.request.GET or None, enrollment=self.enrollment)
        supposed = form.supposed() if form.is_bound and form.is_valid() else Supposed()
        chosen = form.cleaned_data.get("rule") if form.is_bound and form.is_valid() else None
        rule = chosen or self.enrollment.cohort.completion_rule
        return super().get_context_data(
            enrollment=self.enrollment,
            form=form,
            is_supposed=supposed != Supposed() or chosen is not None,
            outlook=outlook_of(self.enrollment, rule=rule, supposed=supposed) if rule else None,
        )

    def get_page_subtitle(self) -> str:
        return str(self.enrollment.person)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        page = reverse("enrollment:inspect", args=[self.enrollment.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("enrollment:index"), "label": capfirst(Enrollment._meta.verbose_name_plural)},
            {"url": page, "label": str(self.enrollment)},
            {"url": "", "label": self.get_page_title()},
        ]
