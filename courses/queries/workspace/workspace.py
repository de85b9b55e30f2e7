"""The workspace of one cohort as a reader sees it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.functional import Promise

from accounts.models import User
from courses.enums import WaitingState
from courses.models import Cohort, WaitingEntry
from courses.queries.workspace.figures import Figures, figures_of
from courses.queries.workspace.registry import BulkAct, WorkspaceTab, bulk_acts_for, tabs_for
from courses.queries.workspace.trainees import Trainee, trainees_of

# What a cohort is read with: nothing of it is read again.
OF_A_COHORT = ("program", "center", "content_version", "completion_rule")
# What a name of a login is made of (`User.get_full_name`).
NAMES = ("display_name", "username", "phone", "email")


@dataclass(frozen=True)
class TabLink:
    label: str | Promise
    url: str
    is_current: bool


@dataclass(frozen=True)
class Workspace:
    """`trainees`: everybody who is or was enrolled, by name. `instructors`: their names."""

    cohort: Cohort
    trainees: list[Trainee]
    figures: Figures
    waiting: int
    instructors: list[str]
    tabs: list[WorkspaceTab]
    acts: list[BulkAct]

    def links(self, current: str) -> list[TabLink]:
        """The tabs as its head shows them; `current` is the name of the one that is open."""
        return [TabLink(tab.label, tab.url(self.cohort), tab.name == current) for tab in self.tabs]


def with_head(cohorts: QuerySet[Cohort]) -> QuerySet[Cohort]:
    """With all that the head of a workspace says of its cohort, in the same query."""
    waiting = WaitingEntry.objects.filter(cohort=OuterRef("pk"), state=WaitingState.WAITING).order_by()
    instructors = User.objects.filter(cohorts_taught=OuterRef("pk")).order_by("display_name", "pk")
    return cohorts.select_related(*OF_A_COHORT).annotate(
        waiting_now=Coalesce(
            Subquery(waiting.values("cohort").annotate(count=Count("pk")).values("count")), 0
        ),
        taught_by=ArraySubquery(instructors.values(names=JSONObject(**{name: name for name in NAMES}))),
    )


def workspace_of(cohort: Cohort, *, user: User) -> Workspace:
    """The queries of `trainees_of`. The cohort was read by `with_head`, and within what `user` may see."""
    trainees = trainees_of(cohort)
    # The type of a row does not know what it was annotated with.
    head: Any = cohort
    return Workspace(
        cohort=cohort,
        trainees=trainees,
        figures=figures_of(trainees),
        waiting=head.waiting_now,
        instructors=[User(**names).get_full_name() for names in head.taught_by],
        tabs=tabs_for(user, cohort),
        acts=bulk_acts_for(user, cohort),
    )
