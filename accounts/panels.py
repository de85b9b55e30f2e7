"""The panels of this app on the home page of the workplace."""

from typing import Any

from wagtail.admin.ui.components import Component

from accounts.models import User
from accounts.scoping.deputies import deputies_of_interest
from accounts.scoping.hands import centers_without_second_person
from accounts.scoping.work import work_waiting_for


class WorkPanel(Component):
    """What waits for the reader, of every app; where nothing does, what to do next."""

    name = "work"
    template_name = "accounts/admin/work_panel.html"
    order = 10

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        others = parent_context.get("panels", ())
        return {
            "waiting": work_waiting_for(self.user),
            # Whether another panel, such as the steps to a first cohort, says what to do.
            "is_more_asked": any(getattr(panel, "asks_for_something", False) for panel in others),
        }


class SecondPersonPanel(Component):
    """Says to staff of a center where no one counts as a second person after them that the ministry decides. Empty for all others."""

    name = "second-person"
    template_name = "accounts/admin/second_person_panel.html"
    order = 6

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {"centers": centers_without_second_person(self.user)}


class DeputiesPanel(Component):
    """For whom the reader acts, and who acts for the reader. Empty for all others."""

    name = "deputies"
    template_name = "accounts/admin/deputies_panel.html"
    order = 5

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        deputies = deputies_of_interest(self.user)
        return {
            "acting": [deputy for deputy in deputies if deputy.user_id == self.user.pk],
            "lending": [deputy for deputy in deputies if deputy.user_id != self.user.pk],
        }
