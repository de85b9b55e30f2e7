"""The way to the first cohort, on the home page and on the page of a center."""

from typing import Any

from django.utils.functional import cached_property
from wagtail.admin.ui.components import Component

from accounts.enums import Act, RoleName
from accounts.models import Center, User
from accounts.scoping import acts_held_in, fenced, roles_held
from courses.queries.first_cohort import new_centers
from courses.queries.first_steps import checklists_of

# A manager of a whole governorate may have more new centers than a page can show.
MOST_CENTERS = 3


class FirstCohortPanel(Component):
    """Of the new centers that the reader manages; empty for all others, and asks nothing of them."""

    name = "first-cohort"
    template_name = "courses/admin/first_cohort_panel.html"
    order = 7

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {
            "checklists": checklists_of(self.centers[:MOST_CENTERS], user=self.user),
            "others": self.centers[MOST_CENTERS:],
        }

    @property
    def asks_for_something(self) -> bool:
        """A center is new as long as a step is left."""
        return bool(self.centers)

    @cached_property
    def centers(self) -> list[Center]:
        if RoleName.CENTER_MANAGER not in roles_held(self.user):
            return []
        roles = frozenset({RoleName.CENTER_MANAGER})
        return list(fenced(new_centers(), user=self.user, act=Act.MANAGE_COHORTS, roles=roles))


class CenterPanel(Component):
    """On the page of a center, for those who manage its cohorts: the steps, or a link to them once it teaches."""

    name = "first-cohort"
    template_name = "courses/admin/first_cohort_of_center.html"

    def __init__(self, user: User, center: Center) -> None:
        self.user, self.center = user, center

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        if Act.MANAGE_COHORTS not in acts_held_in(self.user, self.center):
            return {"checklist": None}
        (checklist,) = checklists_of([self.center], user=self.user)
        return {"checklist": checklist}
