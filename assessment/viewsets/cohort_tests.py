"""The tests of a cohort in its workspace: when they may be started, and in which exams of the timetable."""

from operator import attrgetter
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
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
from accounts.models import User
from accounts.scoping import acts_held_in, fenced, holds_everywhere
from accounts.scoping.requests import MemberRequest
from accounts.services.formatting import format_datetime
from assessment.queries.cohort_tests import CohortTest, exams_to_come, tests_of
from assessment.queries.exams import who_needs_attempts
from assessment.services.further_attempts import LONGEST_REASON, give_further_attempt
from assessment.services.sittings import cancel_sitting, plan_sitting
from assessment.services.windows import set_window
from assessment.viewsets.late import late_in
from assessment.viewsets.sittings import SittingView
from courses.enums import CohortState
from courses.models import ClassSession, Cohort, Enrollment


def facts_of_tab(user: User, cohort: Cohort) -> dict[str, Any]:
    """Of the tab in the workspace of a cohort."""
    held = acts_held_in(user, cohort.center)
    return {
        "tests": tests_of(cohort),
        "may_plan": Act.SCHEDULE_CLASSES in held and cohort.state != CohortState.CLOSED,
        "may_supervise": Act.RECORD_ATTENDANCE in held,
        "may_schedule": Act.MANAGE_COHORTS in held,
        "late": late_in(cohort) if Act.RECORD_ATTENDANCE in held else 0,
        "reads_keys": Act.VIEW_QUESTIONS in held,
        "corrects_keys": holds_everywhere(user, Act.CORRECT_CONTENT),
    }


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class WindowForm(forms.Form):
    opens_at = forms.DateTimeField(
        label=gettext_lazy("May be started from"), required=False, widget=DateTimeInput
    )
    closes_at = forms.DateTimeField(
        label=gettext_lazy("May be started until"),
        required=False,
        widget=DateTimeInput,
        help_text=gettext_lazy(
            "Who starts by then has the whole time limit. Leave both empty where it may be started at any time."
        ),
    )


class SittingForm(forms.Form):
    exam = forms.ModelChoiceField(
        ClassSession.objects.none(),
        label=gettext_lazy("Exam in the timetable"),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, exams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        exam: Any = self.fields["exam"]
        exam.queryset = exams
        exam.label_from_instance = _with_time_and_room


def _with_time_and_room(session: ClassSession) -> str:
    parts = (format_datetime(session.starts_at), session.title, session.venue or _("no room yet"))
    return " · ".join(str(part) for part in parts if part)


class FurtherAttemptForm(forms.Form):
    enrollment = forms.ModelChoiceField(
        Enrollment.objects.none(),
        label=gettext_lazy("Trainee"),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Kept with the decision. Say what happened, and nothing about anybody's health."
        ),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        enrollment: Any = self.fields["enrollment"]
        enrollment.queryset = people
        enrollment.label_from_instance = attrgetter("person")


class _OfOneTest(WagtailAdminTemplateMixin, FormView):
    """An act on the test that `?test=` names. Who may not do `act` at the center of the cohort gets 404."""

    request: MemberRequest
    header_icon = "group"
    takes_any = True
    act = Act.SCHEDULE_CLASSES
    test: CohortTest

    @cached_property
    def cohort(self) -> Cohort:
        cohorts = Cohort.objects.select_related("program", "center", "content_version", "completion_rule")
        reach = fenced(cohorts, user=self.request.user, act=self.act)
        cohort: Cohort = get_object_or_404(reach, pk=self.kwargs["pk"])
        return cohort

    def _named(self) -> CohortTest | None:
        named = self.request.GET.get("test", "")
        fitting = (one for one in tests_of(self.cohort) if self.takes_any or one.is_supervised)
        return next((one for one in fitting if str(one.key) == named), None)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        test = self._named()
        if test is None:
            return redirect(self.back_url())
        self.test = test
        return super().dispatch(request, *args, **kwargs)

    def carry_out(self, form: Any) -> str:
        """Do the act and say so. Raises `DomainError`."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            said = self.carry_out(form)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, said)
        return redirect(self.back_url())

    def back_url(self) -> str:
        return reverse("cohort:tests", args=[self.cohort.pk])

    def get_page_subtitle(self) -> str:
        return self.test.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("cohort:index"), "label": capfirst(Cohort._meta.verbose_name_plural)},
            {"url": self.back_url(), "label": self.cohort.code},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            cohort=self.cohort, test=self.test, back_url=self.back_url(), **kwargs
        )


class WindowView(_OfOneTest):
    template_name = "assessment/admin/exam_window.html"
    page_title = gettext_lazy("When it may be started")
    form_class = WindowForm

    def get_initial(self) -> dict[str, Any]:
        window = self.test.window
        return {"opens_at": window.opens_at, "closes_at": window.closes_at} if window else {}

    def carry_out(self, form: WindowForm) -> str:
        window = set_window(
            cohort_id=self.cohort.pk, quiz_key=self.test.key, by=self.request.user, **form.cleaned_data
        )
        facts = {"test": self.test.title}
        if window is None and self.test.is_supervised:
            return _("Sittings of “%(test)s” may be planned at any time.") % facts
        if window is None:
            return _("“%(test)s” may be started at any time.") % facts
        facts |= {
            "first": format_datetime(window.opens_at),
            "last": format_datetime(window.closes_at),
        }
        return _("“%(test)s” may be started from %(first)s until %(last)s.") % facts


class PlanSittingView(_OfOneTest):
    template_name = "assessment/admin/plan_sitting.html"
    page_title = gettext_lazy("Plan a sitting")
    form_class = SittingForm
    takes_any = False

    def get_initial(self) -> dict[str, Any]:
        """The next exam: most often there is one."""
        return {"exam": exams_to_come(self.cohort, self.test.key).values_list("pk", flat=True).first()}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "exams": exams_to_come(self.cohort, self.test.key)}

    def carry_out(self, form: SittingForm) -> str:
        exam = form.cleaned_data["exam"]
        plan_sitting(session_id=exam.pk, quiz_key=self.test.key, by=self.request.user)
        if exam.venue_id is None:
            messages.warning(
                self.request,
                _("The exam has no room yet. The trainees read no place: change it when you know the room."),
            )
        readiness = self.test.readiness
        if readiness and not readiness.can_be_begun:
            messages.warning(
                self.request,
                _("The question bank has too few questions for it: until it has more, no one can begin it."),
            )
        facts = {"test": self.test.title, "moment": format_datetime(exam.starts_at)}
        return _("“%(test)s” is taken on %(moment)s. The trainees see it on the page of the test.") % facts

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            has_exams=exams_to_come(self.cohort, self.test.key).exists(),
            may_schedule=Act.MANAGE_COHORTS in acts_held_in(self.request.user, self.cohort.center),
            **kwargs,
        )


class FurtherAttemptView(_OfOneTest):
    template_name = "assessment/admin/further_attempt.html"
    page_title = gettext_lazy("Give another attempt")
    form_class = FurtherAttemptForm
    act = Act.MANAGE_COHORTS

    def get_form_kwargs(self) -> dict[str, Any]:
        people = who_needs_attempts(self.cohort, self.test.key)
        return {**super().get_form_kwargs(), "people": people}

    def carry_out(self, form: FurtherAttemptForm) -> str:
        enrollment = form.cleaned_data["enrollment"]
        give_further_attempt(
            enrollment_id=enrollment.pk,
            quiz_key=self.test.key,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
        )
        facts = {"person": enrollment.person, "test": self.test.title}
        return _("%(person)s may begin “%(test)s” once more.") % facts


class CancelSittingView(SittingView, FormView):
    request: MemberRequest
    template_name = "assessment/admin/cancel_sitting.html"
    page_title = gettext_lazy("Cancel the sitting")
    form_class = forms.Form
    act = Act.SCHEDULE_CLASSES

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            cancel_sitting(sitting_id=self.sitting.pk, by=self.request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The sitting is canceled. The exam stays in the timetable."))
        return redirect("cohort:tests", self.sitting.class_session.cohort_id)
