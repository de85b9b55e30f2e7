"""The list of live classes, and the forms that plan them."""

from typing import Any

from django.db.models import Model, QuerySet
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.widgets import Button, HeaderButton

from accounts.enums import Act, RoleName
from accounts.models import Membership, User
from accounts.scoping import centers_where
from accounts.scoping.viewsets import CenterViewSet
from accounts.services.formatting import format_datetime
from live.enums import LiveState, Scope
from live.forms import ChangeForm, ScheduleForm
from live.models import LiveSession
from live.queries.admission import live_sessions_of
from live.queries.calendar import room_path
from live.services.scheduling import (
    cancel_live_session,
    change_live_session,
    schedule_live_session,
    schedule_series,
)
from live.viewsets.polls import PollsView
from live.viewsets.register import AttendanceView, RegisterExportView, SheetView


def _attendance(row: LiveSession) -> str:
    return reverse("livesession:attendance", args=[row.pk])


def _polls(row: LiveSession) -> str:
    return reverse("livesession:polls", args=[row.pk])


class LiveSessionIndexView(IndexView):
    @cached_property
    def columns(self) -> list[Column]:
        """The first column links to the page of the class, the last ones to its room and its form where permitted."""
        title = TitleColumn(
            "title", label=_("Title"), accessor="class_session.title", get_url=self.get_inspect_url
        )
        enter = TitleColumn("room", label=_("Room"), accessor=self._enter, get_url=self._room_of)
        change = TitleColumn("change", label=_("Change"), accessor=_change, get_url=self._form_of)
        return [title, *super().columns, enter, change]

    @cached_property
    def open_rooms(self) -> set[int]:
        """The rooms that the reader may enter. One query."""
        return set(live_sessions_of(self.request.user).values_list("pk", flat=True))

    def _enter(self, row: LiveSession) -> Any:
        return _("Enter") if row.pk in self.open_rooms else "–"

    def _room_of(self, row: LiveSession) -> str | None:
        return room_path(row) if row.pk in self.open_rooms else None

    def _form_of(self, row: LiveSession) -> str | None:
        return self.get_edit_url(row) if row.state == LiveState.SCHEDULED else None


class LiveSessionInspectView(InspectView):
    """The details of a class, for everyone who may see the cohort, with a link to the room for people who may enter."""

    def get_fields_context(self) -> list[dict[str, Any]]:
        meeting = self.object.class_session
        span = f"{_starts_at(self.object)} – {format_datetime(meeting.ends_at, 'TIME_FORMAT')}"
        facts = [
            (_("Title"), meeting.title),
            (_("Cohort"), f"{meeting.cohort} · {meeting.cohort.program.title}"),
            (_("Center"), meeting.cohort.center),
            (_("When"), span),
            (_("Instructor"), meeting.instructor or "–"),
            (_("State"), self.object.get_state_display()),
        ]
        if meeting.cancel_reason:
            facts.append((_("Reason"), meeting.cancel_reason))
        rows = [{"label": label, "value": value, "component": None} for label, value in facts]
        return [*rows, *super().get_fields_context()]

    @cached_property
    def header_buttons(self) -> list[Button]:
        if not live_sessions_of(self.request.user).filter(pk=self.object.pk).exists():
            return []
        return [HeaderButton(_("Enter the class"), url=room_path(self.object), icon_name="media")]


def _change(row: LiveSession) -> Any:
    return _("Change") if row.state == LiveState.SCHEDULED else "–"


def _starts_at(row: LiveSession) -> str:
    # Wagtail's own date column says "just now" of any day to come.
    return format_datetime(row.class_session.starts_at)


class LiveSessionViewSet(CenterViewSet):
    model = LiveSession
    icon = "media"
    menu_order = 250
    add_to_admin_menu = True
    menu_label = _("Live classes")
    form_class = ScheduleForm
    edit_form_class = ChangeForm
    index_view_class = LiveSessionIndexView
    inspect_view_class = LiveSessionInspectView
    inspect_view_fields = ("joins_before", "capacity", "opened_at", "ended_at")
    list_display = (
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

    def create_row(self, form: ScheduleForm, *, by: User) -> LiveSession:
        typed = form.cleaned_data
        names = ("cohort", "also_for", "title", "instructor", "joins_before", "capacity")
        facts = {name: typed[name] for name in names}
        if rule := form.series():
            return schedule_series(**facts, **rule, by=by)[0]
        return schedule_live_session(**facts, starts_at=typed["starts_at"], ends_at=typed["ends_at"], by=by)

    def change_row(self, form: ChangeForm, *, by: User) -> LiveSession:
        typed = dict(form.cleaned_data)
        is_canceled, reason = typed.pop("is_canceled"), typed.pop("reason")
        scope = Scope(typed.pop("scope", Scope.ONE))
        row = form.instance
        if is_canceled:
            cancel_live_session(session_id=row.pk, reason=reason, by=by, scope=scope)
        else:
            change_live_session(session_id=row.pk, by=by, scope=scope, **typed)
        return row

    def choices(self, name: str, rows: QuerySet[Model], *, user: User, act: Act) -> QuerySet[Model]:
        if name == "instructor":
            teaching = (
                Membership.objects.current()
                .own()
                .filter(role=RoleName.INSTRUCTOR, center__in=centers_where(user, act))
            )
            return rows.filter(pk__in=teaching.values("user"))
        return super().choices(name, rows, user=user, act=act)

    def get_urlpatterns(self) -> list[URLPattern]:
        sheet = self.construct_view(SheetView, verb="view")
        export = self.construct_view(RegisterExportView, verb="view")
        attendance = self.construct_view(
            AttendanceView, verb="view", index_url_name=self.get_url_name("index")
        )
        polls = self.construct_view(PollsView, verb="view", index_url_name=self.get_url_name("index"))
        return [
            *super().get_urlpatterns(),
            path("attendance/<int:pk>/", attendance, name="attendance"),
            path("attendance/<int:pk>/sheet/", sheet, name="sheet"),
            path("attendance/<int:pk>/export/", export, name="export"),
            path("polls/<int:pk>/", polls, name="polls"),
        ]
