"""The timetable of cohorts in the staff workplace."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets import HeaderButton, ListingButton

from accounts.digits import read_key
from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping import fenced
from accounts.scoping.act_forms import ActFormView
from accounts.scoping.viewsets import CenterViewSet
from courses.enums import SessionKind
from courses.errors import LiveClassElsewhere, SessionCanceled
from courses.forms import CancelSessionForm, ClassSessionForm
from courses.models import ClassSession, Cohort
from courses.queries.timetable import likely_exam, tests_at
from courses.services.sessions import cancel_session, reschedule_session, schedule_session
from courses.viewsets.codes import SessionCodeView
from courses.viewsets.mark_objections import MarkObjectionsView
from courses.viewsets.paper import PaperSheetView
from courses.viewsets.printing import PrintSessionView
from courses.viewsets.series import SessionSeriesView
from courses.viewsets.sheets import AttendanceSheetView

TITLE_LETTERS = 255


class CancelSessionView(ActFormView):
    """Cancels a session that will not be held: no trainee is absent from it."""

    model = ClassSession
    select_related = ("cohort__program", "cohort__center")
    template_name = "courses/admin/cancel_session.html"
    page_title = gettext_lazy("Cancel the session")
    header_icon = "calendar-alt"
    form_class = CancelSessionForm

    def carry_out(self, form: CancelSessionForm) -> str:
        if self.row.kind == SessionKind.LIVE:
            raise LiveClassElsewhere
        session = cancel_session(
            session_id=self.row.pk, reason=form.cleaned_data["reason"], by=self.request.user
        )
        return _("“%(title)s” is canceled.") % {"title": session.title}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            session=self.row, refusal=self._refusal(), tells=self._tells_trainees(), **kwargs
        )

    def _tells_trainees(self) -> bool:
        """Whether a test is taken there, of which they were told. Of what has begun they are told nothing."""
        is_to_come = self.row.is_exam and self.row.starts_at > timezone.now()
        return is_to_come and bool(tests_at([self.row.pk]))

    def _refusal(self) -> DomainError | None:
        if self.row.canceled_at:
            return SessionCanceled()
        return LiveClassElsewhere() if self.row.kind == SessionKind.LIVE else None


CANCELED = StatusTagColumn(
    "canceled_at",
    label=gettext_lazy("State"),
    accessor=lambda session: _("Canceled") if session.canceled_at else "",
)


class ClassSessionIndexView(generic.IndexView):
    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons = [*super().header_buttons]
        if self.add_url:
            # With the cohort that the list is of, where it is of one.
            cohort = self.request.GET.get("cohort", "")
            address = reverse(self.viewset.get_url_name("series"))
            url = f"{address}?cohort={cohort}" if cohort.isdecimal() else address
            buttons.append(HeaderButton(_("Recurring sessions"), url=url, icon_name="calendar-alt"))
        return buttons

    def get_list_more_buttons(self, instance: ClassSession) -> list[Any]:
        sheet = reverse(self.viewset.get_url_name("attendance"), args=[instance.pk])
        buttons = [*super().get_list_more_buttons(instance)]
        if not instance.is_exam:
            button = ListingButton(_("Attendance sheet"), url=sheet, icon_name="list-ul", priority=10)
            buttons.insert(0, button)
        is_open = instance.locked_at is None and instance.kind != SessionKind.LIVE
        if is_open and self.change_url(instance):
            cancel = reverse(self.viewset.get_url_name("cancel"), args=[instance.pk])
            buttons.append(ListingButton(_("Cancel"), url=cancel, icon_name="cross", priority=40))
        return buttons


class _SaysWhatIsMissing:
    """An exam in no room is saved, as its room may be found later, and not without a word."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        if form.cleaned_data["kind"] == SessionKind.EXAM and form.cleaned_data["venue"] is None:
            messages.warning(
                self.request,  # type: ignore[attr-defined]
                _("The exam has no room yet. The trainees read no place: change it when you know the room."),
            )
        return response


class ClassSessionCreateView(_SaysWhatIsMissing, generic.CreateView):
    def get_initial(self) -> dict[str, Any]:
        """Of an exam of a cohort (`?kind=exam&cohort=7&title=...`): what is known of its room and its hours."""
        given, initial = self.request.GET, super().get_initial()
        cohort = read_key(given.get("cohort", ""))
        if given.get("kind") != SessionKind.EXAM or cohort is None:
            return initial
        reach = fenced(Cohort.objects.all(), user=self.request.user, act=Act.MANAGE_COHORTS)
        found = reach.filter(pk=cohort).first()
        if found is None:
            return initial
        return {**initial, "title": given.get("title", "")[:TITLE_LETTERS], **likely_exam(found)}


class ClassSessionEditView(_SaysWhatIsMissing, generic.EditView):
    pass


class ClassSessionViewSet(CenterViewSet):
    model = ClassSession
    add_view_class = ClassSessionCreateView
    edit_view_class = ClassSessionEditView
    icon = "calendar-alt"
    index_view_class = ClassSessionIndexView
    list_display = ("title", "cohort", "kind", "starts_at", "ends_at", "venue", "instructor", CANCELED)
    list_filter = ("cohort", "kind", "venue")
    list_select_related = ("cohort", "venue", "instructor")
    search_fields = ("title", "cohort__code")
    inspect_view_fields = (
        "title",
        "cohort",
        "kind",
        "starts_at",
        "ends_at",
        "venue",
        "instructor",
        "locked_at",
        "canceled_at",
        "cancel_reason",
    )
    form_class = ClassSessionForm

    def refusal_to_change(self, row: ClassSession) -> DomainError | None:
        return SessionCanceled() if row.canceled_at else None

    def create_row(self, form: ClassSessionForm, *, by: User) -> ClassSession:
        return schedule_session(cohort_id=form.cleaned_data["cohort"].pk, by=by, **_timetable(form))

    def change_row(self, form: ClassSessionForm, *, by: User) -> ClassSession:
        return reschedule_session(session_id=form.instance.pk, by=by, **_timetable(form))

    def get_urlpatterns(self) -> list[URLPattern]:
        index = self.get_url_name("index")
        sheet = self.construct_view(AttendanceSheetView, verb="view", index_url_name=index)
        code = self.construct_view(SessionCodeView, verb="attend")
        objections = self.construct_view(MarkObjectionsView, verb="attend", index_url_name=index)
        paper = self.construct_view(PaperSheetView, verb="attend", index_url_name=index)
        printed = self.construct_view(PrintSessionView, verb="view")
        series = self.construct_view(SessionSeriesView, verb="add", index_url_name=index)
        cancel = self.construct_view(CancelSessionView, verb="change", index_url_name=index)
        return [
            *super().get_urlpatterns(),
            path("attendance/<int:pk>/", sheet, name="attendance"),
            path("objections/<int:pk>/", objections, name="objections"),
            path("code/<int:pk>/", code, name="code"),
            path("paper/<int:pk>/", paper, name="paper"),
            path("print/<int:pk>/", printed, name="print"),
            path("series/", series, name="series"),
            path("cancel/<int:pk>/", cancel, name="cancel"),
        ]


def _timetable(form: ClassSessionForm) -> dict[str, Any]:
    typed = form.cleaned_data
    return {
        "kind": typed["kind"],
        "title": typed["title"],
        "starts_at": typed["starts_at"],
        "ends_at": typed["ends_at"],
        "venue_id": typed["venue"] and typed["venue"].pk,
        "instructor_id": typed["instructor"] and typed["instructor"].pk,
    }
