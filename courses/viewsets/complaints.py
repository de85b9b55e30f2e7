"""Complaints in the staff workplace: read and answered by whom they are not about."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.log_actions import log

from accounts.models import User
from accounts.scoping import may
from accounts.scoping.act_forms import ActFormView
from accounts.scoping.viewsets import ActView, CenterViewSet
from courses.enums import ComplaintLevel, ComplaintState
from courses.forms.complaints import AnswerComplaintForm, ComplaintTextForm, HandOverForm
from courses.models import Complaint
from courses.queries.complaints import (
    acts_before_reopening,
    answerable_by,
    by_hand_of,
    may_be_taken_back,
    mutes_complained_of,
    visible_to,
    with_level,
)
from courses.services.complaints import (
    ComplaintClosed,
    NotToBeTakenBack,
    answer_complaint,
    ask_citizen,
    hand_over_complaint,
    note_on_complaint,
    open_again,
    reply_at_desk,
    take_complaint,
)


class ComplaintIndexView(IndexView):
    logs_exports_itself = True

    def as_spreadsheet(self, queryset: QuerySet[Complaint], spreadsheet_format: str) -> Any:
        """Without the number of rows: whom a complaint is about may read the trail."""
        by = self.request.user
        log(by, "courses.complaint.export", user=by, data={"format": spreadsheet_format})
        return super().as_spreadsheet(queryset, spreadsheet_format)


class ComplaintInspectView(InspectView):
    template_name = "courses/admin/complaint.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        complaint: Any = with_level(
            Complaint.objects.select_related(
                "person", "program", "cohort__program", "staff", "center", "taken_by", "filed_by"
            )
        ).get(pk=self.object.pk)
        user = self.request.user
        answered_before = acts_before_reopening(complaint, by_hand_of(user)).exists()
        return super().get_context_data(
            complaint=complaint,
            level=ComplaintLevel(complaint.with_level),
            is_last=complaint.with_level == ComplaintLevel.LAST,
            events=complaint.events.select_related("by"),
            mutes=mutes_complained_of(complaint),
            notices=complaint.notices.order_by("pk"),
            states=ComplaintState,
            may_handle=may(user, self.viewset.acts["handle"], on=complaint) and not answered_before,
            answered_before=answered_before,
            may_be_taken_back=not answered_before and may_be_taken_back(complaint, user),
            is_mine=complaint.taken_by_id == user.pk,
            may_rise=complaint.level < ComplaintLevel.MINISTRY,
            **kwargs,
        )


class TakeComplaintView(ActView):
    model = Complaint

    def act_on(self, pk: int) -> str:
        take_complaint(complaint_id=pk, by=self.request.user)
        return _("You work on this complaint now.")


class ComplaintActView(ActFormView):
    """One text about one complaint, whose page is repeated above it."""

    model = Complaint
    select_related = ("center",)
    header_icon = "warning"
    template_name = "courses/admin/complaint_act.html"
    form_class: type[forms.Form] = ComplaintTextForm
    help_text: Any = ""
    button: Any = gettext_lazy("Send")

    @property
    def refusal(self) -> str:
        """Why there is no form; "" where there is one."""
        return str(ComplaintClosed()) if self.row.state == ComplaintState.CLOSED else ""

    @cached_property
    def row(self) -> Any:
        """Not for who had part in the first answer: they read it only."""
        rows = Complaint.objects.select_related(*self.select_related)
        return get_object_or_404(answerable_by(rows, self.request.user), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            complaint=self.row,
            events=self.row.events.select_related("by"),
            help_text=self.help_text,
            refusal=self.refusal,
            button=self.button,
            **kwargs,
        )


class AskCitizenView(ComplaintActView):
    page_title = gettext_lazy("Ask the citizen")

    @property
    def help_text(self) -> str:
        sentence = _(
            "The clock is stopped until the answer, for %(days)s days at most. The citizen gets a short message and answers on"
            " the page of the complaint."
        )
        return sentence % {"days": self.row.days_to_wait}

    def carry_out(self, form: ComplaintTextForm) -> str:
        ask_citizen(complaint_id=self.row.pk, text=form.cleaned_data["text"], by=self.request.user)
        return _("The question was sent. The clock is stopped until the answer.")


class NoteOnComplaintView(ComplaintActView):
    page_title = gettext_lazy("Write a note")
    help_text = gettext_lazy("For colleagues. The citizen does not read it.")
    button = gettext_lazy("Save the note")

    def carry_out(self, form: ComplaintTextForm) -> str:
        note_on_complaint(complaint_id=self.row.pk, text=form.cleaned_data["text"], by=self.request.user)
        return _("The note is saved.")


class ReplyAtDeskView(ComplaintActView):
    page_title = gettext_lazy("Write down the citizen's answer")
    help_text = gettext_lazy("What the citizen answered at the desk or by telephone. The clock goes on.")
    button = gettext_lazy("Save the answer")

    def carry_out(self, form: ComplaintTextForm) -> str:
        reply_at_desk(complaint_id=self.row.pk, text=form.cleaned_data["text"], by=self.request.user)
        return _("The answer is saved. The clock goes on.")


class HandOverView(ComplaintActView):
    """Above the ministry there is no level to hand it to."""

    page_title = gettext_lazy("Hand over")
    help_text = gettext_lazy("The day on which the answer is due stays the same.")
    button = gettext_lazy("Hand over")
    form_class = HandOverForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.row.level >= ComplaintLevel.MINISTRY:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "above": self.row.level}

    def carry_out(self, form: HandOverForm) -> str:
        hand_over_complaint(complaint_id=self.row.pk, **form.cleaned_data, by=self.request.user)
        return _("The complaint is handed over.")


class AnswerComplaintView(ComplaintActView):
    page_title = gettext_lazy("Answer and close")
    help_text = gettext_lazy(
        "The citizen gets a short message that the answer is there, and may reopen the complaint once."
    )
    button = gettext_lazy("Answer and close")
    form_class = AnswerComplaintForm

    def carry_out(self, form: AnswerComplaintForm) -> str:
        answer_complaint(complaint_id=self.row.pk, **form.cleaned_data, by=self.request.user)
        return _("The complaint is answered and closed.")


class OpenAgainView(ComplaintActView):
    page_title = gettext_lazy("Reopen the complaint")
    help_text = gettext_lazy(
        "For a wrong answer. Other people answer it, with a new date; the citizen reads why."
    )
    button = gettext_lazy("Reopen the complaint")

    @property
    def refusal(self) -> str:
        return "" if may_be_taken_back(self.row, self.request.user) else str(NotToBeTakenBack())

    def carry_out(self, form: ComplaintTextForm) -> str:
        open_again(complaint_id=self.row.pk, text=form.cleaned_data["text"], by=self.request.user)
        return _("The complaint is open again. Other people answer it this time.")


def _with_whom(complaint: Any) -> str:
    """Who is asked now; a dash for one that is closed."""
    is_closed = complaint.state == ComplaintState.CLOSED
    return "–" if is_closed else str(ComplaintLevel(complaint.with_level).label)


class ComplaintViewSet(CenterViewSet):
    """Whom a complaint is about, and who made it, sees nothing of it here: its rows are filtered for lists and pages alike."""

    model = Complaint
    name = "complaints"
    icon = "warning"
    menu_label = gettext_lazy("Complaints")
    menu_order = 210
    add_to_admin_menu = True
    index_view_class = ComplaintIndexView
    inspect_view_class = ComplaintInspectView
    list_display = (
        "__str__",
        "kind",
        "center",
        "state",
        Column(
            "with_level",
            label=gettext_lazy("With"),
            accessor=_with_whom,
        ),
        "taken_by",
        "filed_at",
        "due_at",
        "outcome",
    )
    list_filter = ("state", "kind", "center", "outcome")
    list_select_related = ("center", "taken_by")
    search_fields = ("reference", "name")
    search_backend_name = None
    ordering = ("due_at", "-filed_at", "pk")

    def within(self, rows: QuerySet[Complaint], *, user: User) -> QuerySet[Complaint]:
        return with_level(visible_to(rows, user))

    def get_urlpatterns(self) -> list[URLPattern]:
        index = self.get_url_name("index")
        # The events on its page are its history.
        kept = [one for one in super().get_urlpatterns() if one.name not in {"history", "history_results"}]
        take = self.construct_view(TakeComplaintView, verb="handle")
        acts = {
            "ask": AskCitizenView,
            "note": NoteOnComplaintView,
            "reply": ReplyAtDeskView,
            "hand_over": HandOverView,
            "answer": AnswerComplaintView,
            "open_again": OpenAgainView,
        }
        return [
            *kept,
            path("take/<int:pk>/", take, name="take"),
            *(
                path(
                    f"{name}/<int:pk>/",
                    self.construct_view(view, verb="handle", index_url_name=index),
                    name=name,
                )
                for name, view in acts.items()
            ),
        ]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(**kwargs) | {"history_url_name": None}
