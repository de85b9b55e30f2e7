"""Answers that arrived after the time, for who decides whether they count."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.hands import hands_shown, people_shown
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_number, format_since
from assessment.models import Attempt
from assessment.queries.late import attempts_to_decide, not_ones_own, units_left_failed
from courses.models import Cohort, UnitProgress


class LateAnswers(Work):
    """Not of oneself, nor of cohorts that one teaches."""

    name = "late-answers"
    title = gettext_lazy("Answers that arrived after the time")
    help = gettext_lazy("Look at what arrived when, and say whether it counts.")
    roles = frozenset({RoleName.REGISTRAR, RoleName.CENTER_MANAGER})
    act = Act.RECORD_ATTENDANCE
    order = 29

    def rows(self, user: User) -> QuerySet[Attempt]:
        rows = attempts_to_decide(not_ones_own(Attempt.objects.all(), user))
        return self.reach(rows, user).select_related("enrollment__person", "enrollment__cohort")

    def line(self, row: Any) -> WorkItem:
        note = ngettext("%(number)s late answer", "%(number)s late answers", row.late)
        facts = {"number": format_number(row.late)}
        return WorkItem(
            str(row.enrollment.person),
            reverse("late_attempt", args=[row.pk]),
            f"{row.title} · {row.enrollment.cohort} · {note % facts}",
            format_since(row.first_late),
        )


class UnitsLeftFailed(Work):
    """As earlier versions left them: the score that the late answers made is entered by hand. Not of oneself, nor of whom one taught."""

    name = "units-left-failed"
    title = gettext_lazy("Units that late answers left failed")
    help = gettext_lazy("The attempt passed, and its unit kept the score of before. Correct the score.")
    roles = frozenset({RoleName.ASSESSOR})
    act = Act.ASSESS
    order = 13

    def rows(self, user: User) -> QuerySet[UnitProgress]:
        taught = Cohort.objects.filter(instructors__in=hands_shown(user)).values("pk")
        left = units_left_failed().exclude(enrollment__person__in=people_shown(user))
        rows = self.reach(left.exclude(enrollment__cohort__in=taught), user).defer("watched")
        return rows.select_related("enrollment__person", "enrollment__cohort__program")

    def line(self, row: UnitProgress) -> WorkItem:
        cohort = row.enrollment.cohort
        return WorkItem(
            str(row.enrollment.person),
            reverse("enrollment:correct", args=[row.enrollment_id, row.unit_key]),
            f"{cohort} · {cohort.program.title}",
            format_since(row.updated_at),
        )
