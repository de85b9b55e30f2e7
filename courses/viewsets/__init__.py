"""Teaching in the staff workplace. Services own the writes."""

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSetGroup

from accounts.models import User
from accounts.scoping.viewsets import CenterViewSet
from courses.forms import (
    HolidayForm,
    SkillLevelForm,
)
from courses.models import (
    Holiday,
    SkillLevel,
    Venue,
)
from courses.services.search_index import mark_level
from courses.viewsets.announcements import AnnouncementViewSet
from courses.viewsets.cohorts import CohortViewSet
from courses.viewsets.enrollments import EnrollmentViewSet
from courses.viewsets.imports import ImportRunViewSet
from courses.viewsets.questions import QuestionViewSet
from courses.viewsets.rules import CompletionRuleViewSet
from courses.viewsets.search import SynonymGroupViewSet
from courses.viewsets.seats import (
    SeatHoldViewSet,
    WaitingEntryViewSet,
)
from courses.viewsets.sessions import ClassSessionViewSet


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
