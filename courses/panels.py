"""Panels of this app on the home page of the workplace."""

from typing import Any

from django.utils import timezone
from wagtail.admin.ui.components import Component

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import acts_held, fenced
from courses.enums import CohortState
from courses.models import ClassSession, Cohort
from courses.queries.doubts import completions_in_doubt, doubts
from courses.queries.reviews import reviews_waiting_for
from courses.queries.seats import seats_given_back
from courses.queries.timetable import on_day

MOST_LINES = 12


class TodayPanel(Component):
    """For the user's centers. Renders nothing for users who see no cohorts."""

    name = "teaching_today"
    template_name = "courses/admin/today_panel.html"
    order = 50

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        acts = acts_held(self.user)
        if Act.VIEW_COHORTS not in acts:
            return {"is_shown": False}
        today = timezone.localdate()
        sessions = fenced(ClassSession.objects.all(), user=self.user, act=Act.VIEW_COHORTS)
        cohorts = fenced(Cohort.objects.all(), user=self.user, act=Act.VIEW_COHORTS)
        return {
            "is_shown": True,
            "today": today,
            "sessions": on_day(sessions, today).select_related("cohort__center", "venue", "instructor")[
                :MOST_LINES
            ],
            "cohorts": cohorts.filter(
                state__in=[CohortState.OPEN, CohortState.RUNNING], starts_on__lte=today, ends_on__gte=today
            ).select_related("program", "center")[:MOST_LINES],
            "may_mark": Act.RECORD_ATTENDANCE in acts,
        }


class ReviewsPanel(Component):
    """Drafts that wait for the user's decision, the oldest first."""

    name = "content_reviews"
    template_name = "courses/admin/reviews_panel.html"
    order = 40

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {"waiting": reviews_waiting_for(self.user)}


class SeatsGivenBackPanel(Component):
    """Seats that trainees gave back in the last days, in the user's centers: somebody may call, or fill the seat."""

    name = "seats_given_back"
    template_name = "courses/admin/seats_given_back_panel.html"
    order = 60

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {"seats": seats_given_back(self.user, at_most=MOST_LINES)}


class CompletionsInDoubtPanel(Component):
    """Completions that the records no longer support, with what was changed, for users who approve certificates there."""

    name = "completions_in_doubt"
    template_name = "courses/admin/completions_in_doubt_panel.html"
    order = 40

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        found = list(completions_in_doubt(self.user)[: MOST_LINES + 1])
        return {"doubts": doubts(found[:MOST_LINES]), "has_more": len(found) > MOST_LINES}
