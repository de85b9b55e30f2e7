"""What other apps add to the workspace of a cohort: acts on many people at once, and tabs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import acts_held_in
from courses.models import Cohort


@dataclass(frozen=True)
class BulkAct:
    """An act on chosen enrollments. It is offered where the user may do `act` in the center of the cohort, and `is_for` agrees.

    `url_name` takes the key of the cohort. It is opened by GET with what was chosen, which
    `courses.queries.workspace.selection` reads, and has to fence the cohort by `act` itself: what is not offered may still be typed.
    """

    name: str
    label: str | Promise
    icon: str
    act: Act
    url_name: str
    order: int = 100
    is_for: Callable[[User, Cohort], bool] | None = None

    def url(self, cohort: Cohort) -> str:
        return reverse(self.url_name, args=[cohort.pk])


@dataclass(frozen=True)
class WorkspaceTab:
    """A page of the workspace. `url_name` takes the key of the cohort and fences it by `act`.

    An app above has `template` shown below the head, with `facts` about the cohort for its reader; its address is `cohort:<name>`, for who
    may see the cohort.
    """

    name: str
    label: str | Promise
    url_name: str
    act: Act = Act.VIEW_COHORTS
    order: int = 100
    template: str = ""
    facts: Callable[[User, Cohort], Mapping[str, Any]] | None = None

    def url(self, cohort: Cohort) -> str:
        return reverse(self.url_name, args=[cohort.pk])


_ACTS: dict[str, BulkAct] = {}
_TABS: dict[str, WorkspaceTab] = {}


def register_bulk_act(act: BulkAct) -> BulkAct:
    _ACTS[act.name] = act
    return act


def register_tab(tab: WorkspaceTab) -> WorkspaceTab:
    _TABS[tab.name] = tab
    return tab


def tabs_of_other_apps() -> list[WorkspaceTab]:
    """Those with a template of their own."""
    return [tab for tab in _TABS.values() if tab.template]


def bulk_acts_for(user: User, cohort: Cohort) -> list[BulkAct]:
    """What `user` may do to many people of a cohort at once, in order. No query once the roles of the user are read, but those of
    `is_for`.
    """
    held = acts_held_in(user, cohort.center)
    acts = (
        act for act in _ACTS.values() if act.act in held and (act.is_for is None or act.is_for(user, cohort))
    )
    return sorted(acts, key=lambda act: (act.order, act.name))


def tabs_for(user: User, cohort: Cohort) -> list[WorkspaceTab]:
    """The tabs that `user` may open, in order. No query once the roles of the user are read."""
    held = acts_held_in(user, cohort.center)
    return sorted((tab for tab in _TABS.values() if tab.act in held), key=lambda tab: (tab.order, tab.name))
