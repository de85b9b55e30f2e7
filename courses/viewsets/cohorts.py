"""Cohorts: the list, the form, and every page of their workspace."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from accounts.models import User
from accounts.scoping.columns import CodesIndexView
from accounts.scoping.viewsets import CenterViewSet
from courses.forms import (
    ChangeCohortForm,
    OpenCohortForm,
)
from courses.models import (
    Cohort,
)
from courses.queries.workspace.registry import tabs_of_other_apps
from courses.services.cohorts import change_cohort, open_cohort
from courses.viewsets.closing import CloseCohortView, ReopenCohortView, TakeContentView
from courses.viewsets.facts import CorrectFactsView, DecideFactsView
from courses.viewsets.printing import PrintDaysView, PrintLabelsView, PrintRosterView
from courses.viewsets.releases import UnitReleasesView, UnitReleaseView
from courses.viewsets.starting import StartCohortView
from courses.viewsets.workspace.about import CohortInspectView
from courses.viewsets.workspace.bulk_acts import (
    AssessManyView,
    EnrollManyView,
    TransferManyView,
    UndoTransferManyView,
    UndoWithdrawManyView,
    WithdrawManyView,
)
from courses.viewsets.workspace.messages import MessagesTab
from courses.viewsets.workspace.questions import QuestionsTab
from courses.viewsets.workspace.tabs import (
    CohortPage,
    PeopleTab,
    ProgressTab,
    RegisteredTab,
    RisksTab,
    SessionsTab,
)
from courses.viewsets.writing import WriteToChosenView


class CohortEditView(CohortPage, generic.EditView):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # Wagtail reads the row later than this.
        self.cohort = Cohort.objects.select_related("center").get(pk=self.object_pk)

    def get_page_subtitle(self) -> str:
        return f"{self.object} · {self.object.program} · {self.object.get_state_display()}"


class CohortIndexView(CodesIndexView):
    """Names lead to the people of the cohort."""

    def _get_title_column(self, field_name: str, *args: Any, **kwargs: Any) -> Column:
        column = super()._get_title_column(field_name, *args, **kwargs)
        column._get_url_func = lambda cohort: reverse("cohort:people", args=[cohort.pk])
        return column


def _seats_in_words(cohort: Cohort) -> str:
    facts = {"taken": cohort.seats_taken, "seats": cohort.seats, "held": cohort.seats_held}
    if cohort.seats_held:
        return _("%(taken)s of %(seats)s, and %(held)s held") % facts
    return _("%(taken)s of %(seats)s") % facts


class CohortViewSet(CenterViewSet):
    model = Cohort
    icon = "group"
    list_display = (
        "code",
        "program",
        "center",
        "starts_on",
        "ends_on",
        Column(
            "seats",
            label=gettext_lazy("Seats taken"),
            # In words: a stroke between two numbers has no direction in Arabic.
            accessor=_seats_in_words,
        ),
        "state",
    )
    list_filter = ("center", "state", "shift")
    list_select_related = ("program", "center")
    search_fields = ("code", "program__title")
    index_view_class = CohortIndexView
    inspect_view_class = CohortInspectView
    edit_view_class = CohortEditView
    inspect_view_fields = (
        "code",
        "program",
        "center",
        "content_version",
        "completion_rule",
        "starts_on",
        "ends_on",
        "shift",
        "seats",
        "seats_taken",
        "seats_held",
        "seats_reserved",
        "entry",
        "late_entry_days",
        "state",
        "closed_at",
        "close_reason",
    )
    form_class = OpenCohortForm
    edit_form_class = ChangeCohortForm

    def create_row(self, form: OpenCohortForm, *, by: User) -> Cohort:
        typed = form.cleaned_data
        return open_cohort(
            program_id=typed["program"].pk,
            center_id=typed["center"].pk,
            code=typed["code"],
            starts_on=typed["starts_on"],
            ends_on=typed["ends_on"],
            shift=typed["shift"],
            seats=typed["seats"],
            seats_reserved=typed["seats_reserved"],
            entry=typed["entry"],
            late_entry_days=typed["late_entry_days"],
            instructors=typed["instructors"],
            by=by,
        )

    def change_row(self, form: ChangeCohortForm, *, by: User) -> Cohort:
        return change_cohort(cohort_id=form.instance.pk, by=by, **form.cleaned_data)

    def get_urlpatterns(self) -> list[URLPattern]:
        index = self.get_url_name("index")
        start = self.construct_view(StartCohortView, verb="start", index_url_name=index)
        close = self.construct_view(CloseCohortView, verb="close", index_url_name=index)
        reopen = self.construct_view(ReopenCohortView, verb="reopen", index_url_name=index)
        content = self.construct_view(TakeContentView, verb="take_content", index_url_name=index)
        facts = self.construct_view(CorrectFactsView, verb="correct_facts", index_url_name=index)
        decide_facts = self.construct_view(DecideFactsView, verb="decide_facts")
        units = self.construct_view(UnitReleasesView, verb="view", index_url_name=index)
        unit = self.construct_view(UnitReleaseView, verb="release", index_url_name=index)
        tabs = {"people": PeopleTab, "progress": ProgressTab, "sessions": SessionsTab, "risks": RisksTab}
        acts = {
            "withdraw_many": ("withdraw_many", WithdrawManyView),
            "undo_withdraw_many": ("withdraw_many", UndoWithdrawManyView),
            "transfer_many": ("transfer_many", TransferManyView),
            "undo_transfer_many": ("transfer_many", UndoTransferManyView),
            "enroll_many": ("enroll_many", EnrollManyView),
            "assess_many": ("assess_many", AssessManyView),
        }
        return [
            *super().get_urlpatterns(),
            *(
                path(
                    f"{name}/<int:pk>/",
                    self.construct_view(tab, verb="view", index_url_name=index),
                    name=name,
                )
                for name, tab in tabs.items()
            ),
            *(
                path(
                    f"{name}/<int:pk>/",
                    self.construct_view(act, verb=verb, index_url_name=index),
                    name=name,
                )
                for name, (verb, act) in acts.items()
            ),
            *(
                path(
                    f"{tab.name}/<int:pk>/",
                    self.construct_view(
                        RegisteredTab,
                        verb="view",
                        index_url_name=index,
                        tab=tab.name,
                        template_name=tab.template,
                        facts=tab.facts,
                    ),
                    name=tab.name,
                )
                for tab in tabs_of_other_apps()
            ),
            path(
                "write_to/<int:pk>/", self.construct_view(WriteToChosenView, verb="write_to"), name="write_to"
            ),
            path(
                "messages/<int:pk>/",
                self.construct_view(MessagesTab, verb="write_to", index_url_name=index),
                name="messages",
            ),
            path(
                "questions/<int:pk>/",
                self.construct_view(QuestionsTab, verb="questions", index_url_name=index),
                name="questions",
            ),
            path("start/<int:pk>/", start, name="start"),
            path("close/<int:pk>/", close, name="close"),
            path("reopen/<int:pk>/", reopen, name="reopen"),
            path("content/<int:pk>/", content, name="content"),
            path("facts/<int:pk>/", facts, name="facts"),
            path("decide_facts/<int:pk>/", decide_facts, name="decide_facts"),
            path("units/<int:pk>/", units, name="units"),
            *(
                path(f"print/{name}/<int:pk>/", self.construct_view(view, verb="view"), name=f"print_{name}")
                for name, view in (
                    ("roster", PrintRosterView),
                    ("days", PrintDaysView),
                    ("labels", PrintLabelsView),
                )
            ),
            path("units/<int:pk>/<uuid:unit>/", unit, name="unit"),
        ]
