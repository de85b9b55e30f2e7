"""Registers the look of the staff's workplace, and what its histories say of the clock."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import BaseLogEntry


@hooks.register("insert_global_admin_css")
def admin_sheet() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("insert_global_admin_js")
def admin_script() -> SafeString:
    return format_html('<script src="{}"></script>', static("js/admin_starts.js"))


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    @actions.register_action("lms.publish.refused")
    class RefusedAtItsHour(LogFormatter):
        label = gettext_lazy("Publish at its hour")

        def format_message(self, log_entry: BaseLogEntry) -> str:
            return _("Not published at its hour: %(why)s") % {"why": log_entry.data.get("why", "")}


@hooks.register("register_audit_words")
def audit_words() -> dict[str, None]:
    # The message of the action says it.
    return {"lms.publish.refused:why": None}
