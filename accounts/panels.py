"""The panel of this app on the home page of the workplace."""

from typing import Any

from wagtail.admin.ui.components import Component

from accounts.models import User
from accounts.scoping.work import work_waiting_for


class WorkPanel(Component):
    """What waits for the reader, of every app; where nothing does, what to do next."""

    name = "work"
    template_name = "accounts/admin/work_panel.html"
    order = 10

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {"waiting": work_waiting_for(self.user)}
