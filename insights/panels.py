"""The panel of this app on the home page of the workplace."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping import acts_held, roles_held
from insights.enums import Measure
from insights.queries.asking import Asked, recorded_day
from insights.queries.figures import figures_for, totals_of


class FiguresPanel(Component):
    """The figures of the last day that was recorded, for those who answer for the ministry's numbers. Two queries; empty for all others."""

    name = "figures"
    template_name = "insights/admin/figures_panel.html"
    order = 8

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        is_for = self.user.is_superuser or RoleName.MINISTRY_OFFICER in roles_held(self.user)
        snapshot = recorded_day(timezone.localdate() - dt.timedelta(days=1)) if is_for else None
        if snapshot is None:
            return {}
        asked = Asked(snapshot.day)
        totals = totals_of(figures_for(self.user, asked))
        numbers = [(measure.label, totals.people[measure], self._page(asked, measure)) for measure in Measure]
        return {"day": snapshot.day, "numbers": numbers, "figures": f"{reverse('figures')}?{asked.query()}"}

    def _page(self, asked: Asked, measure: Measure) -> str:
        """The people behind a number where the reader sees people, else the figures."""
        if Act.VIEW_PEOPLE in acts_held(self.user):
            return f"{reverse('figure_rows')}?{asked.query(measure=measure.value)}"
        return f"{reverse('figures')}?{asked.query()}"
