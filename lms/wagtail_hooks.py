"""Registers the style of the staff workplace, and messages of scheduled publishing in its histories."""

from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import BaseLogEntry

from lms.job_views import JobsView, jobs_item


@hooks.register("insert_global_admin_css")
def admin_sheet() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("insert_global_admin_js")
def admin_script() -> SafeString:
    return format_html(
        '<script src="{}"></script><script src="{}" data-find="{}"></script>',
        static("js/admin_starts.js"),
        static("js/admin_keys.js"),
        reverse("find"),
    )


@hooks.register("register_admin_urls")
def register_jobs() -> list[URLPattern]:
    return [path("jobs/", JobsView.as_view(), name="jobs")]


@hooks.register("register_reports_menu_item")
def list_jobs() -> MenuItem:
    return jobs_item


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(
        "lms.job.retry", gettext_lazy("Retry a background job"), gettext_lazy("Retried the background job")
    )
    actions.register_action(
        "lms.job.cancel", gettext_lazy("Cancel a background job"), gettext_lazy("Canceled the background job")
    )

    @actions.register_action("lms.publish.refused")
    class ScheduledPublishingRefused(LogFormatter):
        label = gettext_lazy("Publish at its hour")

        def format_message(self, log_entry: BaseLogEntry) -> str:
            return _("Not published at its hour: %(why)s") % {"why": log_entry.data.get("why", "")}


@hooks.register("register_audit_labels")
def audit_labels() -> dict[str, None]:
    # The message of the action says it.
    return {"lms.publish.refused:why": None}
