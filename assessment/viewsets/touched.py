"""What a corrected key changed under a certificate in force, for the officer who answers for it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.scoping import fenced
from accounts.scoping.requests import MemberRequest
from assessment.queries.touched import corrections_of
from assessment.services.touched import LONGEST_REASON, review_touched
from courses.models import Enrollment
from courses.queries.doubts import in_doubt
from courses.queries.issued_documents import issued_documents_of


class ReviewForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What follows"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Such as: the certificate stays, the test is passed as before. Kept with the correction."
        ),
    )


class TouchedView(WagtailAdminTemplateMixin, FormView):
    request: MemberRequest
    template_name = "assessment/admin/touched.html"
    page_title = gettext_lazy("A certificate that a corrected key touches")
    header_icon = "rotate"
    form_class = ReviewForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = Enrollment.objects.select_related("person", "cohort__center", "cohort__program")
        reach = fenced(rows, user=self.request.user, act=Act.APPROVE_CERTIFICATES)
        self.enrollment: Enrollment = get_object_or_404(reach, pk=self.kwargs["pk"])

    def form_valid(self, form: ReviewForm) -> HttpResponse:
        try:
            review_touched(
                enrollment_id=self.enrollment.pk, reason=form.cleaned_data["reason"], by=self.request.user
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Noted. The certificate is as it was."))
        return redirect(self.request.path)

    def get_page_subtitle(self) -> str:
        return str(self.enrollment.person)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        page = reverse("enrollment:inspect", args=[self.enrollment.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("enrollment:index"), "label": capfirst(Enrollment._meta.verbose_name_plural)},
            {"url": page, "label": self.get_page_subtitle()},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            enrollment=self.enrollment,
            corrections=corrections_of(self.enrollment),
            documents=issued_documents_of(self.enrollment, user=self.request.user),
            is_in_doubt=in_doubt(Enrollment.objects.filter(pk=self.enrollment.pk)).exists(),
            **kwargs,
        )
