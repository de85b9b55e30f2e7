"""Live classes in the staff workplace."""

from typing import Any

from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping import centers_where
from accounts.scoping.viewsets import CenterViewSet
from live.forms import ScheduleForm
from live.models import LiveSession
from live.policy import policy_of
from live.polls_admin import PollsView
from live.queries import presence_in
from live.services import schedule_live_session


class AttendanceView(WagtailAdminTemplateMixin, TemplateView):
    """What the heartbeats of one class add up to, person by person."""

    model = LiveSession
    template_name = "live/admin/attendance.html"
    page_title = _("Attendance of the live class")
    header_icon = "group"
    index_url_name = ""

    @cached_property
    def session(self) -> LiveSession:
        return get_object_or_404(
            LiveSession.objects.select_related("class_session__cohort__center"), pk=self.kwargs["pk"]
        )

    def get_page_subtitle(self) -> str:
        return str(self.session)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse(self.index_url_name), "label": _("Live sessions")},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            session=self.session,
            presences=presence_in(self.session),
            policy=policy_of(self.session.attendance_policy),
            **kwargs,
        )


def _room(row: LiveSession) -> str:
    return reverse("live:room", args=[row.class_session.public_id])


def _attendance(row: LiveSession) -> str:
    return reverse("livesession:attendance", args=[row.pk])


def _polls(row: LiveSession) -> str:
    return reverse("livesession:polls", args=[row.pk])


def _starts_at(row: LiveSession) -> str:
    # Wagtail's own date column says "just now" of any day to come.
    return date_format(timezone.localtime(row.class_session.starts_at), "DATETIME_FORMAT")


class LiveSessionViewSet(CenterViewSet):
    model = LiveSession
    icon = "media"
    menu_order = 250
    add_to_admin_menu = True
    menu_label = _("Live classes")
    acts = {"view": Act.VIEW_COHORTS, "add": Act.TEACH}
    form_class = ScheduleForm
    list_display = (
        TitleColumn("title", label=_("Title"), accessor="class_session.title", get_url=_room),
        Column("cohort", label=_("Cohort"), accessor="class_session.cohort"),
        Column("starts_at", label=_("Starts at"), accessor=_starts_at),
        Column("state", label=_("State"), accessor="get_state_display"),
        TitleColumn(
            "attendance", label=_("Attendance"), accessor=lambda _row: _("Attendance"), get_url=_attendance
        ),
        TitleColumn("polls", label=_("Polls"), accessor=lambda _row: _("Polls"), get_url=_polls),
    )
    list_filter = ("state",)
    list_select_related = ("class_session__cohort",)

    def create_row(self, form: BaseForm, *, by: User) -> LiveSession:
        return schedule_live_session(**form.cleaned_data, by=by)

    def choices(self, name: str, rows: QuerySet[Model], *, user: User, act: Act) -> QuerySet[Model]:
        if name == "trainer":
            return rows.filter(
                memberships__role=RoleName.INSTRUCTOR, memberships__center__in=centers_where(user, act)
            ).distinct()
        return super().choices(name, rows, user=user, act=act)

    def get_urlpatterns(self) -> list[URLPattern]:
        attendance = self.construct_view(
            AttendanceView, verb="view", index_url_name=self.get_url_name("index")
        )
        polls = self.construct_view(PollsView, verb="view", index_url_name=self.get_url_name("index"))
        return [
            *super().get_urlpatterns(),
            path("attendance/<int:pk>/", attendance, name="attendance"),
            path("polls/<int:pk>/", polls, name="polls"),
        ]
