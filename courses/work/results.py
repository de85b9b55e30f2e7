"""Tests, practical tasks, and completions that the records no longer support."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.hands import hands_shown
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_date, format_since, localize_digits
from courses.enums import CohortState, EnrollmentState
from courses.models import Enrollment, UnitProgress
from courses.queries.content import units_of
from courses.queries.doubts import completions_in_doubt
from courses.queries.requirements import title_of
from courses.queries.timetable import cohorts_taught_by
from courses.queries.waiting import awaiting_practice, work_to_mark

_OF_PROGRESS = ("enrollment__person", "enrollment__cohort__content_version")


class FailedTests(Work):
    """Of the cohorts that the reader teaches: tests that were not passed yet, who failed first first."""

    name = "failed-tests"
    title = gettext_lazy("Trainees who failed a test")
    help = gettext_lazy("The page of the enrollment shows what was answered and what is left.")
    roles = frozenset({RoleName.INSTRUCTOR})
    act = Act.VIEW_COHORTS
    order = 60

    def rows(self, user: User) -> QuerySet[UnitProgress]:
        failed = UnitProgress.objects.filter(
            passed=False,
            completed_at=None,
            enrollment__state=EnrollmentState.ACTIVE,
            enrollment__cohort__state=CohortState.RUNNING,
        )
        taught = Q(enrollment__cohort__in=cohorts_taught_by(user))
        own = self.reach_or_own(failed, user, own=taught)
        return own.select_related(*_OF_PROGRESS).defer("watched").order_by("updated_at", "pk")

    def line(self, row: UnitProgress) -> WorkItem:
        return WorkItem(
            str(row.enrollment.person),
            reverse("enrollment:inspect", args=[row.enrollment_id]),
            " · ".join(part for part in (_title_of_unit(row), str(row.enrollment.cohort)) if part),
            format_since(row.updated_at),
        )


class MarksWaiting(Work):
    """But for what is marked without its person: that has work of its own (`register_marked_blind`)."""

    name = "marks"
    title = gettext_lazy("Work that waits for a mark")
    roles = frozenset({RoleName.ASSESSOR})
    act = Act.ASSESS
    order = 10

    def rows(self, user: User) -> QuerySet[UnitProgress]:
        waiting = work_to_mark().exclude(enrollment__person__user__in=hands_shown(user))
        return self.reach(waiting, user).select_related(*_OF_PROGRESS).defer("watched")

    def line(self, row: UnitProgress) -> WorkItem:
        return WorkItem(
            str(row.enrollment.person),
            reverse("enrollment:inspect", args=[row.enrollment_id]),
            " · ".join(part for part in (_title_of_unit(row), str(row.enrollment.cohort)) if part),
            format_since(row.awaits_mark_since) if row.awaits_mark_since else "",
        )


class PracticeWaiting(Work):
    """Candidates by cohort, the cohort that ends first first."""

    name = "practice"
    title = gettext_lazy("Candidates for the practical tasks")
    roles = frozenset({RoleName.ASSESSOR})
    act = Act.ASSESS
    order = 20

    def rows(self, user: User) -> QuerySet[Enrollment]:
        return self.reach(awaiting_practice(user), user).select_related("person", "cohort__center")

    def line(self, row: Any) -> WorkItem:
        passed = _("%(passed)s of %(tasks)s passed") % {
            "passed": localize_digits(row.passed_tasks),
            "tasks": localize_digits(row.tasks),
        }
        return WorkItem(
            str(row.person),
            reverse("enrollment:practice", args=[row.pk]),
            f"{row.cohort} · {row.cohort.center} · {passed}",
            _("until %(date)s") % {"date": format_date(row.cohort.ends_on)},
        )


class DoubtfulCompletions(Work):
    name = "doubts"
    title = gettext_lazy("Completions in doubt")
    help = gettext_lazy(
        "Records were changed after the program was completed. Confirm the completion or leave it open."
    )
    roles = frozenset({RoleName.CERTIFYING_OFFICER})
    act = Act.APPROVE_CERTIFICATES
    order = 40

    def rows(self, user: User) -> QuerySet[Enrollment]:
        return completions_in_doubt(user).order_by("completed_at", "pk")

    def lines(self, rows: Sequence[Enrollment], user: User) -> list[WorkItem]:
        return [
            WorkItem(
                str(row.person),
                reverse("enrollment:confirm", args=[row.pk]),
                f"{row.cohort} · {row.cohort.program.title}",
                format_date(row.completed_at) if row.completed_at else "",
                also=[(gettext_lazy("Enrollment"), reverse("enrollment:inspect", args=[row.pk]))],
            )
            for row in rows
        ]


def _title_of_unit(progress: UnitProgress) -> str:
    """As the cohort sees it; empty for a unit that was taken out."""
    key = str(progress.unit_key)
    units = {unit["unit"]: unit["titles"] for unit in units_of(progress.enrollment.cohort)}
    return title_of(units[key]) if key in units else ""
