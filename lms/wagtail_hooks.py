"""Registers the look of the staff's workplace."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


@hooks.register("insert_global_admin_css")
def admin_sheet() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))
