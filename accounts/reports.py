"""Wagtail's own reports, with the exports of ours: in the audit trail, in the language of the reader, without formulas."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.reports.aging_pages import AgingPagesView
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.admin.views.reports.locked_pages import LockedPagesView
from wagtail.admin.views.reports.workflows import WorkflowTasksView, WorkflowView

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


class SiteHistoryReport(SafeExport, LogEntriesView):
    pass


class AgingPagesReport(SafeExport, AgingPagesView):
    pass
