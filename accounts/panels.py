"""Panels of this app on the home page of the workplace."""

from typing import Any

from wagtail.admin.ui.components import Component

from accounts.models import User
from accounts.services.offers import offers_for


class OffersPanel(Component):
    """Roles that are offered to the user."""

    name = "role_offers"
    template_name = "accounts/admin/offers_panel.html"
    order = 30

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {"count": offers_for(self.user).count()}
