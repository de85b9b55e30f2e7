"""What a trainee has in tests: given and ended by who registers people where the trainee learns now."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput, HeaderButton

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import Person
from accounts.scoping import acts_held, fenced, may
from accounts.scoping.requests import MemberRequest
from assessment.errors import NothingGiven
from assessment.models import Accommodation
from assessment.models.accommodations import MOST_BREAKS, MOST_FACTOR
from assessment.queries.accommodations import days_of, decided_at, effects_of, not_over, reasons_of
from assessment.services.accommodations import LONGEST_REASON, end_accommodation, give_accommodation
from courses.enums import EnrollmentState
from courses.models import Enrollment

TITLE = gettext_lazy("Help in tests")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Which paper you saw, and what follows from it; no more about the illness than that. Read by those who decide here, and by"
            " the trainee in the file of their data; instructors and assessors do not see it."
        ),
    )


class EndForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "Why it is not needed any more. Read by the same people as the first reason."
        )


class GiveForm(ReasonForm):
    """Percents in place of a factor: 25 for a quarter more."""

    more_percent = forms.IntegerField(
        label=gettext_lazy("More time, percent"),
        min_value=0,
        max_value=int((MOST_FACTOR - 1) * 100),
        initial=0,
        help_text=gettext_lazy("25 makes 50 minutes of 40. 0 for none."),
    )
    break_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes of breaks that do not count"),
        min_value=0,
        max_value=MOST_BREAKS,
        initial=0,
    )
    has_reader = forms.BooleanField(label=gettext_lazy("Somebody reads the questions aloud"), required=False)
    has_large_text = forms.BooleanField(label=gettext_lazy("Larger text"), required=False)
    since = forms.DateField(
        label=gettext_lazy("First day"), initial=timezone.localdate, widget=AdminDateInput
    )
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=AdminDateInput,
        help_text=gettext_lazy("Empty where it holds until somebody ends it."),
    )
    field_order = (
        "more_percent",
        "break_minutes",
        "has_reader",
        "has_large_text",
        "since",
        "until",
        "reason",
    )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        given = ("more_percent", "break_minutes", "has_reader", "has_large_text")
        if not self.errors and not any(typed[name] for name in given):
            raise ValidationError(str(NothingGiven()))
        return typed

    @property
    def facts(self) -> dict[str, Any]:
        """For the service, once the form is valid."""
        typed = dict(self.cleaned_data)
        return {"factor": 1 + Decimal(typed.pop("more_percent")) / 100, **typed}


class _OfOneTrainee(WagtailAdminTemplateMixin, FormView):
    """Outsiders of the enrollment's center get 404, and so do trainees who look for their own page as staff."""

    request: MemberRequest
    page_title = TITLE
    header_icon = "time"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.enrollment.person_id == self.request.user.person_id:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def enrollment(self) -> Enrollment:
        active = Enrollment.objects.filter(state=EnrollmentState.ACTIVE).select_related("person", "cohort")
        reach = fenced(active, user=self.request.user, act=Act.MANAGE_PEOPLE)
        enrollment: Enrollment = get_object_or_404(reach, pk=self.kwargs["pk"])
        return enrollment

    def done(self, said: str) -> HttpResponse:
        messages.success(self.request, said)
        return redirect("accommodation", self.enrollment.pk)

    def refused(self, form: forms.Form, refusal: DomainError) -> HttpResponse:
        form.add_error(None, str(refusal))
        return self.form_invalid(form)

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


class AccommodationView(_OfOneTrainee):
    """What holds and why, and the form to give something. It is given once its effects were read and confirmed."""

    template_name = "assessment/admin/accommodation.html"
    form_class = GiveForm

    def form_valid(self, form: GiveForm) -> HttpResponse:
        facts = form.facts
        if "confirmed" not in self.request.POST:
            given = Accommodation(**{name: value for name, value in facts.items() if name != "reason"})
            return self.render_to_response(
                self.get_context_data(form=form, asked={"effects": effects_of(given), "days": days_of(given)})
            )
        try:
            give_accommodation(person_id=self.enrollment.person_id, by=self.request.user, **facts)
        except DomainError as refusal:
            return self.refused(form, refusal)
        return self.done(_("It holds from its first day, in every center."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        holding = list(not_over(self.enrollment.person_id).select_related("given_by"))
        reasons = reasons_of(holding)
        return super().get_context_data(
            enrollment=self.enrollment,
            holding=[
                {
                    "row": one,
                    "effects": effects_of(one),
                    "days": days_of(one),
                    "reason": reasons.get(one.pk, ""),
                }
                for one in holding
            ],
            **kwargs,
        )


class EndAccommodationView(_OfOneTrainee):
    template_name = "assessment/admin/end_accommodation.html"
    page_title = gettext_lazy("End it")
    form_class = EndForm

    @cached_property
    def given(self) -> Accommodation:
        rows = Accommodation.objects.filter(person=self.enrollment.person_id)
        given: Accommodation = get_object_or_404(rows, pk=self.kwargs["accommodation"])
        return given

    def form_valid(self, form: EndForm) -> HttpResponse:
        try:
            end_accommodation(
                accommodation_id=self.given.pk, reason=form.cleaned_data["reason"], by=self.request.user
            )
        except DomainError as refusal:
            return self.refused(form, refusal)
        return self.done(_("It is ended. Tests that are being taken keep it."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            enrollment=self.enrollment, effects=effects_of(self.given), days=days_of(self.given), **kwargs
        )


def button_on_enrollment(request: MemberRequest, enrollment: Enrollment) -> HeaderButton | None:
    user = request.user
    if enrollment.state != EnrollmentState.ACTIVE or enrollment.person_id == user.person_id:
        return None
    # No query for most readers, who decide nowhere.
    decides = Act.MANAGE_PEOPLE in acts_held(user) and may(user, Act.MANAGE_PEOPLE, on=enrollment)
    return _button(enrollment) if decides else None


def button_on_person(request: MemberRequest, person: Person) -> HeaderButton | None:
    """Leads to the newest of the enrollments by which the reader decides."""
    if person.pk == request.user.person_id or Act.MANAGE_PEOPLE not in acts_held(request.user):
        return None
    enrollment = decided_at(person, by=request.user)
    return _button(enrollment) if enrollment else None


def _button(enrollment: Enrollment) -> HeaderButton:
    return HeaderButton(TITLE, url=reverse("accommodation", args=[enrollment.pk]), icon_name="time")
