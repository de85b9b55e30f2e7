"""The tab that says what a cohort is, and what was done to it."""

from typing import Any

from django.db.models import QuerySet
from wagtail.admin.views import generic

from accounts.scoping.audit import InspectViewWithTrail
from courses.models import AttendanceRecord, ClassSession, Cohort, Enrollment, SeatHold, WaitingEntry
from courses.queries.workspace.workspace import workspace_of
from courses.viewsets.workspace.tabs import CohortPage, ReadsItsCohort


class CohortInspectView(ReadsItsCohort, CohortPage, InspectViewWithTrail, generic.InspectView):
    """The cohort, and what was done to it, its meetings, its people and their attendance."""

    template_name = "courses/admin/workspace/about.html"
    # All acts are in the menu of the cohort.
    header_more_buttons = ()

    def get_object(self, queryset: QuerySet[Cohort] | None = None) -> Cohort:
        return self.cohort

    def get_page_title(self) -> str:
        return str(self.cohort.program)

    def rows_of_trail(self) -> list[QuerySet[Any]]:
        cohort = self.cohort
        return [
            Enrollment.objects.filter(cohort=cohort),
            ClassSession.objects.filter(cohort=cohort),
            AttendanceRecord.objects.filter(session__cohort=cohort),
            SeatHold.objects.filter(cohort=cohort),
            WaitingEntry.objects.filter(cohort=cohort),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        workspace = workspace_of(self.cohort, user=self.request.user)
        return super().get_context_data(
            cohort=self.cohort,
            workspace=workspace,
            figures=workspace.figures,
            tabs=workspace.links("about"),
            links=self.acts_on_the_cohort(),
            **kwargs,
        )
