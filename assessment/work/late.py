"""Answers that arrived after the time, for who decides whether they count."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_number, format_since
from assessment.models import Attempt
from assessment.queries.late import attempts_to_decide, not_ones_own


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
