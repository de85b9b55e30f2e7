"""Wagtail's own reports, with the exports of ours: in the audit trail, in the language of the reader, without formulas."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.reports.aging_pages import AgingPagesView
from wagtail.admin.views.reports.audit_logging import LogEntriesView, SiteHistoryReportFilterSet
from wagtail.admin.views.reports.locked_pages import LockedPagesView
from wagtail.admin.views.reports.workflows import WorkflowTasksView, WorkflowView

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import fenced
from accounts.scoping.exports import SafeExport


class LockedPagesReport(SafeExport, LockedPagesView):
    pass


class WorkflowReport(SafeExport, WorkflowView):
    # Wagtail names these columns by their fields.
    export_headings = {
        **WorkflowView.export_headings,
        "workflow": _("Workflow"),
        "requested_by": _("Asked by"),
    }


class WorkflowTasksReport(SafeExport, WorkflowTasksView):
    export_headings = {
        **WorkflowTasksView.export_headings,
        "task": _("Task"),
        "workflow_state.requested_by": _("Asked by"),
        "started_at": _("Started at"),
        "finished_at": _("Finished at"),
        "finished_by": _("Finished by"),
    }


class SiteHistoryFilterSet(SiteHistoryReportFilterSet):
    def get_users_queryset(self) -> QuerySet[User]:
        """Oneself, and who works where the reader writes or publishes. Wagtail's own offers everyone who ever changed a page."""
        reader = self.request.user
        near = Q(pk=reader.pk)
        for act in (Act.EDIT_CONTENT, Act.PUBLISH_CONTENT):
            near |= Q(pk__in=fenced(User.objects.all(), user=reader, act=act).order_by().values("pk"))
        choices: QuerySet[User] = self.get_user_choices()
        return choices.filter(near)


class SiteHistoryReport(SafeExport, LogEntriesView):
    filterset_class = SiteHistoryFilterSet


class AgingPagesReport(SafeExport, AgingPagesView):
    pass
