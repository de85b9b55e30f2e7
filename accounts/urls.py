"""URLs that replace Wagtail's own pages at the same address."""

from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from accounts.reports import (
    AgingPagesReport,
    LockedPagesReport,
    SiteHistoryReport,
    WorkflowReport,
    WorkflowTasksReport,
)
from accounts.views.sign_in import StaffAccountView, staff_login

urlpatterns = [
    path("login/", staff_login),
    path("account/", require_admin_access(StaffAccountView.as_view())),
]

REPORTS = {
    "locked": LockedPagesReport,
    "workflow": WorkflowReport,
    "workflow_tasks": WorkflowTasksReport,
    "site-history": SiteHistoryReport,
    "aging-pages": AgingPagesReport,
}
# Wagtail's scripts need the policy that its own pages have: `lms.urls` adds it.
report_patterns = decorate_urlpatterns(
    [
        path(f"reports/{name}/{part}", report.as_view(results_only=bool(part)))
        for name, report in REPORTS.items()
        # An export may be asked of the results alone, too.
        for part in ("", "results/")
    ],
    require_admin_access,
)
