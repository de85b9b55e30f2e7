"""Teaching in the staff workplace. Services own the writes."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.db.models import Model, QuerySet
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.base import ViewSetGroup

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import Person, User
from accounts.scoping.choosers import CenterChooserViewSet
from accounts.scoping.viewsets import CenterViewSet
from accounts.services.names import fold_arabic
from courses.enums import EnrollmentState
from courses.errors import EnrollmentNotActive
from courses.forms import (
    ChangeCohortForm,
    EnrollForm,
    HolidayForm,
    OpenCohortForm,
    SkillLevelForm,
    WithdrawForm,
)
from courses.models import (
    Cohort,
    Enrollment,
    Holiday,
    SkillLevel,
    Venue,
)
from courses.services.cohorts import change_cohort, open_cohort, start_cohort
from courses.services.enrollments import enroll, withdraw
from courses.services.search_index import mark_level
from courses.viewsets.announcements import AnnouncementViewSet, WriteToChosenView
from courses.viewsets.closing import CloseCohortView, ReopenCohortView, TakeContentView
from courses.viewsets.doubts import ConfirmCompletionView
from courses.viewsets.enrollments import EnrollmentInspectView
from courses.viewsets.imports import ImportRunViewSet
from courses.viewsets.marks import CorrectScoreView
from courses.viewsets.practice import PracticalResultView
from courses.viewsets.printing import PrintDaysView, PrintLabelsView, PrintRosterView
from courses.viewsets.questions import QuestionViewSet
from courses.viewsets.releases import UnitReleasesView, UnitReleaseView
from courses.viewsets.rules import CompletionRuleViewSet
from courses.viewsets.search import SynonymGroupViewSet
from courses.viewsets.seats import (
    ReinstateView,
    SeatHoldViewSet,
    SettleGivenBackView,
    TransferView,
    WaitingEntryViewSet,
)
from courses.viewsets.sessions import ClassSessionViewSet
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
from courses.viewsets.workspace.tabs import CohortPage, PeopleTab, ProgressTab, RisksTab, SessionsTab

if TYPE_CHECKING:
    # What is mixed into views of Wagtail, which has no types.
    WagtailView = Any
else:
    WagtailView = object


class PersonFilterForm(BaseFilterForm):
    """Finds people by any part of the name, in any spelling."""

    q = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Name, in any spelling")}),
    )

    def filter(self, objects: QuerySet[Person]) -> QuerySet[Person]:
        for word in fold_arabic(self.cleaned_data["q"]).split():
            objects = objects.filter(folded_name__contains=word)
        return objects


class ChoosesPeople(WagtailView):
    """People with what tells namesakes apart: the year of birth and the center, and no more of them than that."""

    filter_form_class = PersonFilterForm

    def apply_object_list_ordering(self, objects: QuerySet[Person]) -> QuerySet[Person]:
        ordered: QuerySet[Person] = super().apply_object_list_ordering(objects)
        return ordered.select_related("registered_at")

    @property
    def title_column(self) -> Column:
        """People have names, not titles."""
        column: Column = super().title_column
        column.label = _("Name")
        return column

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,
            Column(
                "born",
                label=gettext_lazy("Year of birth"),
                accessor=lambda person: f"{person.birth_date:%Y}" if person.birth_date else "–",
            ),
            Column("registered_at", label=gettext_lazy("Center")),
        ]


class ChoosePersonView(ChoosesPeople, ChooseView):
    pass


class ChoosePersonResultsView(ChoosesPeople, ChooseResultsView):
    pass


class PersonChooserViewSet(CenterChooserViewSet):
    model = "accounts.Person"
    act = Act.ENROLL
    icon = "user"
    choose_one_text = gettext_lazy("Choose a person")
    choose_another_text = gettext_lazy("Choose another person")
    choose_view_class = ChoosePersonView
    choose_results_view_class = ChoosePersonResultsView


class CohortEditView(CohortPage, generic.EditView):
    @cached_property
    def cohort(self) -> Cohort:
        return Cohort.objects.select_related("center").get(pk=self.object.pk)

    def get_page_subtitle(self) -> str:
        return f"{self.object} · {self.object.program} · {self.object.get_state_display()}"


class CohortIndexView(generic.IndexView):
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

    @transaction.atomic
    def change_row(self, form: ChangeCohortForm, *, by: User) -> Cohort:
        facts = dict(form.cleaned_data)
        step = facts.pop("step", ChangeCohortForm.STAY)
        cohort = change_cohort(cohort_id=form.instance.pk, by=by, **facts)
        if step == ChangeCohortForm.START:
            return start_cohort(cohort_id=cohort.pk, by=by)
        return cohort

    def get_urlpatterns(self) -> list[URLPattern]:
        index = self.get_url_name("index")
        close = self.construct_view(CloseCohortView, verb="close", index_url_name=index)
        reopen = self.construct_view(ReopenCohortView, verb="reopen", index_url_name=index)
        content = self.construct_view(TakeContentView, verb="take_content", index_url_name=index)
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
            path("close/<int:pk>/", close, name="close"),
            path("reopen/<int:pk>/", reopen, name="reopen"),
            path("content/<int:pk>/", content, name="content"),
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


class WithdrawView(generic.EditView):
    page_title = gettext_lazy("Withdraw")
    submit_button_label = gettext_lazy("Withdraw from the cohort")
    submit_button_active_label = gettext_lazy("Withdrawing…")
    success_message = gettext_lazy("“%(object)s” is withdrawn; the seat is free.")


class EnrollView(generic.CreateView):
    """With the cohort chosen from whose page one comes."""

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "cohort": self.request.GET.get("cohort")}


class EnrollmentViewSet(CenterViewSet):
    """People are enrolled and withdrawn, never edited."""

    model = Enrollment
    icon = "user"
    add_view_class = EnrollView
    edit_view_class = WithdrawView
    change_label = gettext_lazy("Withdraw")
    list_display = (
        "person",
        "cohort",
        Column("cohort__center", label=gettext_lazy("Center of the cohort"), accessor="cohort.center"),
        "state",
        "enrolled_at",
        "completed_at",
    )
    list_filter = ("cohort", "state")
    list_select_related = ("person", "cohort__center")
    search_fields = ("person__folded_name", "cohort__code")
    inspect_view_class = EnrollmentInspectView
    form_class = EnrollForm
    edit_form_class = WithdrawForm

    def create_row(self, form: EnrollForm, *, by: User) -> Enrollment:
        typed = form.cleaned_data
        return enroll(person_id=typed["person"].pk, cohort_id=typed["cohort"].pk, by=by)

    def get_urlpatterns(self) -> list[URLPattern]:
        index = self.get_url_name("index")
        transfer = self.construct_view(TransferView, verb="transfer", index_url_name=index)
        reinstate = self.construct_view(ReinstateView, verb="reinstate", index_url_name=index)
        settle = self.construct_view(SettleGivenBackView, verb="settle_given_back")
        correct = self.construct_view(CorrectScoreView, verb="correct", index_url_name=index)
        confirm = self.construct_view(ConfirmCompletionView, verb="confirm", index_url_name=index)
        practice = self.construct_view(PracticalResultView, verb="practice", index_url_name=index)
        return [
            *super().get_urlpatterns(),
            path("transfer/<int:pk>/", transfer, name="transfer"),
            path("reinstate/<int:pk>/", reinstate, name="reinstate"),
            path("given-back/<int:pk>/", settle, name="settle_given_back"),
            path("correct/<int:pk>/<uuid:unit>/", correct, name="correct"),
            path("confirm/<int:pk>/", confirm, name="confirm"),
            path("practice/<int:pk>/", practice, name="practice"),
        ]

    def refusal_to_change(self, row: Enrollment) -> DomainError | None:
        return None if row.state == EnrollmentState.ACTIVE else EnrollmentNotActive()

    def change_row(self, form: WithdrawForm, *, by: User) -> Enrollment:
        return withdraw(enrollment_id=form.instance.pk, by=by, **form.cleaned_data)


class VenueViewSet(CenterViewSet):
    model = Venue
    icon = "home"
    list_display = ("name", "center")
    list_filter = ("center",)
    list_select_related = ("center",)
    search_fields = ("name",)
    form_fields = ("center", "name")


class SkillLevelViewSet(CenterViewSet):
    """The levels of trades, for the ministry."""

    model = SkillLevel
    icon = "list-ol"
    list_display = ("name", "code", "order")
    form_class = SkillLevelForm

    @transaction.atomic
    def change_row(self, form: SkillLevelForm, *, by: User) -> Model:
        level = super().change_row(form, by=by)
        mark_level(level.pk)
        return level


class HolidayViewSet(CenterViewSet):
    """Days without work, for the ministry. Recurring sessions leave them out, and terms in working days do not count them."""

    model = Holiday
    icon = "date"
    list_display = ("day", "name", "governorate")
    list_filter = ("governorate",)
    list_select_related = ("governorate",)
    form_class = HolidayForm


class TeachingGroup(ViewSetGroup):
    menu_label = gettext_lazy("Teaching")
    menu_name = "teaching"
    menu_icon = "calendar-alt"
    menu_order = 200
    items = (
        CohortViewSet,
        EnrollmentViewSet,
        SeatHoldViewSet,
        WaitingEntryViewSet,
        ImportRunViewSet,
        AnnouncementViewSet,
        QuestionViewSet,
        ClassSessionViewSet,
        VenueViewSet,
        CompletionRuleViewSet,
        HolidayViewSet,
        SkillLevelViewSet,
        SynonymGroupViewSet,
    )
