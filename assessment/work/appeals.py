"""Appeals that wait for an answer, on the home page of assessors."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_since
from assessment.models import Appeal
from assessment.queries.appeals import appeals_for, title_of_appeal


class AppealsWaiting(Work):
    name = "appeals"
    title = gettext_lazy("Appeals against marks")
    help = gettext_lazy("Grant them or refuse them, with an answer that the trainee reads.")
    roles = frozenset({RoleName.ASSESSOR})
    act = Act.ASSESS
    order = 28

    def rows(self, user: User) -> QuerySet[Appeal]:
        rows: QuerySet[Appeal] = self.reach(appeals_for(user), user)
        return rows.select_related("attempt__enrollment__person", "attempt__enrollment__cohort")

    def lines(self, rows: Sequence[Appeal], user: User) -> list[WorkItem]:
        return [self.line(row) for row in rows]

    def line(self, row: Appeal) -> WorkItem:
        enrollment = row.attempt.enrollment
        return WorkItem(
            str(enrollment.person),
            reverse("appeals:inspect", args=[row.pk]),
            f"{title_of_appeal(row)} · {enrollment.cohort}",
            format_since(row.filed_at),
        )
