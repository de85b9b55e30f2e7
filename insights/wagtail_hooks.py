"""What this app registers with Wagtail."""

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from accounts.scoping.requests import MemberRequest
from insights.panels import FiguresPanel
from insights.reports import FigureRowsResultsView, FigureRowsView
from insights.views.workplace import AttendanceView, CentersView, FunnelView, figures_menu


@hooks.register("register_admin_urls")
def register_figures() -> list[URLPattern]:
    return [
        path("figures/", FunnelView.as_view(), name="figures"),
        path("figures/attendance/", AttendanceView.as_view(), name="figures_attendance"),
        path("figures/centers/", CentersView.as_view(), name="figures_centers"),
        path("figures/rows/", FigureRowsView.as_view(), name="figure_rows"),
        path("figures/rows/results/", FigureRowsResultsView.as_view(), name="figure_rows_results"),
    ]


@hooks.register("construct_homepage_panels")
def show_key_figures(request: MemberRequest, panels: list[Component]) -> None:
    panels.insert(0, FiguresPanel(request.user))


@hooks.register("register_admin_menu_item")
def list_figures() -> MenuItem:
    return figures_menu
