"""A sitting while it runs, for who supervises: the code, the board, more time, and what happened."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.scoping import acts_held_in, fenced, may
from accounts.scoping.requests import MemberRequest
from accounts.services.formatting import format_number
from assessment.analysis.taken import LEAST
from assessment.errors import SittingHasNoOpenAttempts
from assessment.models import Attempt, Sitting
from assessment.queries.board import (
    board_of,
    expected_in,
    incidents_of,
    open_in,
    taken_in,
    time_given_in,
)
from assessment.services.grants import MOST_MINUTES, give_time, give_time_to_room
from assessment.services.sittings import compare_papers, end_sitting, note_incident, release_code

PEOPLE_ON_A_BOARD = 100
PAIRS_ON_A_PAGE = 10
# How many have started is read again so often.
COUNT_SECONDS = 10


class SittingView(WagtailAdminTemplateMixin):
    """A page of one sitting. Who may not do `act` at the center of its cohort gets 404, from the moment at which the role ends."""

    request: MemberRequest
    header_icon = "group"
    act = Act.RECORD_ATTENDANCE
    sitting: Sitting

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = Sitting.objects.select_related(
            "class_session__cohort__program",
            "class_session__cohort__center",
            "class_session__cohort__content_version",
            "class_session__cohort__completion_rule",
            "class_session__venue",
        )
        reach = fenced(rows, user=request.user, act=self.act)
        self.sitting = get_object_or_404(reach, pk=kwargs["pk"])

    @property
    def board_url(self) -> str:
        return reverse("sitting", args=[self.sitting.pk])

    @property
    def tests_url(self) -> str:
        return reverse("cohort:tests", args=[self.sitting.class_session.cohort_id])

    def get_page_subtitle(self) -> str:
        return self.sitting.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        cohort = self.sitting.class_session.cohort
        return [
            *self.breadcrumbs_items,
            {"url": self.tests_url, "label": cohort.code},
            {"url": self.board_url, "label": self.sitting.title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session = self.sitting.class_session
        return super().get_context_data(
            sitting=self.sitting,
            session=session,
            cohort=session.cohort,
            board_url=self.board_url,
            tests_url=self.tests_url,
            **kwargs,
        )


@method_decorator(never_cache, name="dispatch")
class BoardView(SittingView, TemplateView):
    """The board. Its script reads `BoardPeopleView` again; without one the page is loaded again by hand."""

    request: MemberRequest
    template_name = "assessment/admin/sitting.html"
    page_title = gettext_lazy("Board of the sitting")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [item for item in super().get_breadcrumbs_items() if item["url"] != self.board_url]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        board = board_of(self.sitting)
        page = Paginator(board.places, PEOPLE_ON_A_BOARD).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            board=board,
            page=page,
            incidents=incidents_of(self.sitting),
            given=time_given_in(self.sitting),
            reads_tests=may(self.request.user, Act.VIEW_COHORTS, on=self.sitting),
            may_compare=Act.MANAGE_COHORTS
            in acts_held_in(self.request.user, self.sitting.class_session.cohort.center),
            **kwargs,
        )


class BoardPeopleView(BoardView):
    """What of the board changes, without the page around it."""

    template_name = "assessment/admin/sitting_people.html"


@method_decorator(never_cache, name="dispatch")
class SittingCodeView(SittingView, TemplateView):
    """The code, large on a wall: a page of the site, without the workplace around it and without names."""

    request: MemberRequest
    template_name = "assessment/admin/sitting_code.html"
    page_title = gettext_lazy("Code of the room")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = render(request, self.template_name, self._facts())
        if self.sitting.is_running:
            response["Refresh"] = str(COUNT_SECONDS)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            release_code(sitting_id=self.sitting.pk, by=self.request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect(request.path)

    def _facts(self) -> dict[str, Any]:
        return {
            "sitting": self.sitting,
            "session": self.sitting.class_session,
            "board_url": self.board_url,
            "started": taken_in(self.sitting).count(),
            "expected": expected_in(self.sitting),
        }


class _ActView(SittingView, FormView):
    request: MemberRequest

    def carry_out(self, form: Any) -> str:
        """Do the act and say so. Raises `DomainError`."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            said = self.carry_out(form)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, said)
        return redirect(self.board_url)

    def get_initial(self) -> dict[str, Any]:
        return {"attempt": self.request.GET.get("attempt")}


class EndSittingView(_ActView):
    template_name = "assessment/admin/end_sitting.html"
    page_title = gettext_lazy("End the sitting")
    form_class = forms.Form

    def carry_out(self, form: forms.Form) -> str:
        end_sitting(sitting_id=self.sitting.pk, by=self.request.user)
        return _("The sitting is ended. Who has started goes on until their time is over.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(open_now=open_in(self.sitting).count(), **kwargs)


@method_decorator(never_cache, name="dispatch")
class SimilarityView(SittingView, TemplateView):
    """Pairs of papers with many identical wrong answers, for those who run the center. Each reading is in the audit trail."""

    request: MemberRequest
    template_name = "assessment/admin/sitting_similarity.html"
    page_title = gettext_lazy("Papers that are alike")
    act = Act.MANAGE_COHORTS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            report = compare_papers(sitting_id=self.sitting.pk, by=self.request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect(self.tests_url)
        page = Paginator(report.shown, PAIRS_ON_A_PAGE).get_page(request.GET.get("p"))
        center = self.sitting.class_session.cohort.center
        names_people = Act.VIEW_PEOPLE in acts_held_in(self.request.user, center)
        return self.render_to_response(
            self.get_context_data(report=report, page=page, names_people=names_people, least=LEAST)
        )


class _OfAttempts(forms.Form):
    """About one person of the room, or all of it."""

    attempt = forms.ModelChoiceField(Attempt.objects.none(), required=False)

    def __init__(self, *args: Any, attempts: Any, everybody: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["attempt"]
        chosen.queryset, chosen.empty_label = attempts, everybody
        chosen.label = _("Whom")
        chosen.label_from_instance = _person_of


def _person_of(attempt: Attempt) -> str:
    return str(attempt.enrollment.person)


class TimeForm(_OfAttempts):
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=MOST_MINUTES)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=gettext_lazy("Kept with the time. Say what happened, and nothing about anybody's health."),
    )


class GiveTimeView(_ActView):
    """Read first whom it concerns, then give it. It is not taken back."""

    template_name = "assessment/admin/sitting_time.html"
    page_title = gettext_lazy("Give more time")
    form_class = TimeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "attempts": open_in(self.sitting).filter(limit_seconds__isnull=False),
            "everybody": _("Everybody who is taking it now"),
        }

    def form_valid(self, form: TimeForm) -> HttpResponse:
        if "confirmed" in self.request.POST:
            return super().form_valid(form)
        attempt = form.cleaned_data["attempt"]
        people = 1 if attempt else self.get_form_kwargs()["attempts"].count()
        if not people:
            form.add_error(None, str(SittingHasNoOpenAttempts()))
            return self.form_invalid(form)
        name = _person_of(attempt) if attempt else ""
        return self.render_to_response(
            self.get_context_data(
                form=form, asked={"people": people, "name": name, "minutes": form.cleaned_data["minutes"]}
            )
        )

    def carry_out(self, form: TimeForm) -> str:
        facts = {name: form.cleaned_data[name] for name in ("minutes", "reason")}
        attempt, people = form.cleaned_data["attempt"], 1
        if attempt:
            give_time(attempt_id=attempt.pk, by=self.request.user, **facts)
        else:
            people = give_time_to_room(sitting_id=self.sitting.pk, by=self.request.user, **facts)
        return ngettext(
            "%(people)s person has more time. Their page shows it within seconds.",
            "%(people)s people have more time. Their pages show it within seconds.",
            people,
        ) % {"people": format_number(people)}


class IncidentForm(_OfAttempts):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attempt"].help_text = _(
            "Those who opened the test in this room. Who did not come is on the board as not started: nothing is noted about them."
        )

    text = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("With your name and the time. It is not changed afterwards."),
    )


class IncidentView(_ActView):
    template_name = "assessment/admin/sitting_incident.html"
    page_title = gettext_lazy("Note an incident")
    form_class = IncidentForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "attempts": taken_in(self.sitting),
            "everybody": _("The room"),
        }

    def carry_out(self, form: IncidentForm) -> str:
        attempt = form.cleaned_data["attempt"]
        note_incident(
            sitting_id=self.sitting.pk,
            text=form.cleaned_data["text"],
            by=self.request.user,
            attempt_id=attempt.pk if attempt else None,
        )
        return _("It is noted.")
