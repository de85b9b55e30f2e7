"""Requests for a call in the staff workplace: the front desk calls, the auditor counts."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views.generic import InspectView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.enums import Act
from accounts.models import Person
from accounts.scoping import acts_held, may
from accounts.scoping.act_forms import ActFormView
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import ActView, CenterViewSet
from accounts.services.phones import readable_phone
from accounts.services.view_as import may_be_seen
from courses.forms.call_backs import CloseCallBackForm
from courses.models import CallBack
from courses.models.call_backs import MOST_TRIES
from courses.queries.call_backs import counts_of_desks, shown_entries
from courses.services.call_backs import (
    close_call_back,
    note_unanswered_call,
    reopen_call_back,
    take_call_back,
)


class CallBackInspectView(InspectView):
    template_name = "courses/admin/call_back.html"

    @cached_property
    def shown_person(self) -> Person | None:
        """The person, where the reader may open that page."""
        person = self.object.person
        return person if person is not None and may(self.request.user, Act.VIEW_PEOPLE, on=person) else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, row = self.request.user, self.object
        return super().get_context_data(
            call_back=row,
            person=self.shown_person,
            entries=shown_entries(row),
            events=row.events.select_related("by"),
            sees_pages=self.shown_person is not None and may_be_seen(self.shown_person, by=user),
            is_own=row.person_id is not None and row.person_id == user.person_id,
            is_mine=row.taken_by_id == user.pk,
            may_try=row.tries < MOST_TRIES,
            most_tries=MOST_TRIES,
            **kwargs,
        )


class TakeCallBackView(ActView):
    model = CallBack

    def act_on(self, pk: int) -> str:
        take_call_back(call_back_id=pk, by=self.request.user)
        return _("This call is yours now.")


class NoAnswerView(ActView):
    model = CallBack

    def act_on(self, pk: int) -> str:
        tried = note_unanswered_call(call_back_id=pk, by=self.request.user)
        return _("Noted: no answer, %(tries)s of %(most)s.") % {"tries": tried.tries, "most": MOST_TRIES}


class ReopenCallBackView(ActView):
    model = CallBack

    def act_on(self, pk: int) -> str:
        reopen_call_back(call_back_id=pk, by=self.request.user)
        return _("The request is open again.")


class CloseCallBackView(ActFormView):
    model = CallBack
    select_related = ("center",)
    header_icon = "mail"
    template_name = "courses/admin/call_back_close.html"
    page_title = gettext_lazy("Close the request")
    form_class = CloseCallBackForm

    def carry_out(self, form: CloseCallBackForm) -> str:
        close_call_back(call_back_id=self.row.pk, **form.cleaned_data, by=self.request.user)
        return _("The request is closed.")


class CallBackCountsView(WagtailAdminTemplateMixin, TemplateView):
    """How many requests each desk has. For auditors, who open none."""

    request: MemberRequest
    model = CallBack
    template_name = "courses/admin/call_back_counts.html"
    page_title = gettext_lazy("Requests for a call in numbers")
    header_icon = "mail"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(counts=counts_of_desks(self.request.user), **kwargs)


class NumberColumn(TitleColumn):
    """A telephone number, from left to right in Arabic lists, too."""

    def get_value(self, instance: CallBack) -> SafeString:
        return format_html('<bdo dir="ltr">{}</bdo>', readable_phone(instance.phone))


class CallBackViewSet(CenterViewSet):
    """Of the own center; those of no center are the ministry's."""

    model = CallBack
    name = "call_backs"
    icon = "mail"
    menu_label = gettext_lazy("Requests for a call")
    menu_order = 205
    add_to_admin_menu = True
    inspect_view_class = CallBackInspectView
    list_display = (
        NumberColumn(
            "phone", label=gettext_lazy("Mobile number"), url_name="call_backs:inspect", sort_key="phone"
        ),
        "person",
        "center",
        "hours",
        "asked_at",
        "tries",
        "taken_by",
        "state",
        "outcome",
    )
    list_export = ("phone", "person", "center", "hours", "asked_at", "tries", "taken_by", "state", "outcome")
    list_filter = ("state", "outcome", "center")
    list_select_related = ("person", "center", "taken_by")
    search_fields = ("phone", "person__folded_name")
    search_backend_name = None
    ordering = ("-state", "asked_at", "pk")

    def title_of(self, row: CallBack) -> str:
        return str(row.person or readable_phone(row.phone))

    def get_urlpatterns(self) -> list[URLPattern]:
        index = self.get_url_name("index")
        acts = {"take": TakeCallBackView, "no_answer": NoAnswerView, "reopen": ReopenCallBackView}
        close = self.construct_view(CloseCallBackView, verb="answer", index_url_name=index)
        return [
            *super().get_urlpatterns(),
            *(
                path(f"{name}/<int:pk>/", self.construct_view(view, verb="answer"), name=name)
                for name, view in acts.items()
            ),
            path("close/<int:pk>/", close, name="close"),
            path("counts/", self.construct_view(CallBackCountsView, verb="count"), name="counts"),
        ]


class CallBackCountsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return Act.VIEW_AUDIT in acts_held(request.user)


call_back_counts_item = CallBackCountsItem(
    CallBackCountsView.page_title,
    reverse_lazy("call_backs:counts"),
    name="call-back-counts",
    icon_name="mail",
    order=895,
)
