"""Results that are held, for who decides what becomes of them."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_since
from assessment.enums import AttemptAct
from assessment.models import Attempt, AttemptDecision
from assessment.queries.late import not_ones_own


class HeldResults(Work):
    """Not of oneself, nor of cohorts that one teaches."""

    name = "held-results"
    title = gettext_lazy("Results of exams that are held")
    help = gettext_lazy(
        "Read what happened, and let the result count or declare the attempt void. Who held it does not declare it void."
    )
    roles = frozenset({RoleName.REGISTRAR, RoleName.CENTER_MANAGER})
    act = Act.RECORD_ATTENDANCE
    order = 28

    def rows(self, user: User) -> QuerySet[Attempt]:
        held = AttemptDecision.objects.filter(attempt=OuterRef("pk"), act=AttemptAct.HELD).order_by("-pk")
        rows = not_ones_own(Attempt.objects.held(), user).annotate(held_at=Subquery(held.values("at")[:1]))
        rows = self.reach(rows, user).select_related("enrollment__person", "enrollment__cohort")
        return rows.order_by("held_at", "pk")

    def line(self, row: Any) -> WorkItem:
        return WorkItem(
            str(row.enrollment.person),
            reverse("attempt_decisions", args=[row.pk]),
            f"{row.title} · {row.enrollment.cohort}",
            format_since(row.held_at),
        )
