"""The workspace of one cohort as a reader sees it."""

from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.models import User
from courses.enums import WaitingState
from courses.models import Cohort
from courses.queries.workspace.figures import Figures, figures_of
from courses.queries.workspace.registry import BulkAct, WorkspaceTab, bulk_acts_for, tabs_for
from courses.queries.workspace.trainees import Trainee, trainees_of

# What a cohort is read with: nothing of it is read again.
OF_A_COHORT = ("program", "center", "content_version", "completion_rule")


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


def workspace_of(cohort: Cohort, *, user: User) -> Workspace:
    """Two queries more than `trainees_of`. The cohort was read with `OF_A_COHORT`, and within what `user` may see."""
    trainees = trainees_of(cohort)
    return Workspace(
        cohort=cohort,
        trainees=trainees,
        figures=figures_of(trainees),
        waiting=cohort.waiting.filter(state=WaitingState.WAITING).count(),
        instructors=[
            instructor.get_full_name() for instructor in cohort.instructors.order_by("display_name", "pk")
        ],
        tabs=tabs_for(user, cohort),
        acts=bulk_acts_for(user, cohort),
    )
