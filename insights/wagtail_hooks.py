"""What this app registers with Wagtail."""

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.menu import MenuItem

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


@hooks.register("register_admin_menu_item")
def list_figures() -> MenuItem:
    return figures_menu
