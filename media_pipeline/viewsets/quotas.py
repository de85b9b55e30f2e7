"""Storage quotas of centers, set by the ministry."""

from django.utils.translation import gettext_lazy as _

from accounts.scoping.viewsets import CenterViewSet
from media_pipeline.models import MediaQuota


class MediaQuotaViewSet(CenterViewSet):
    model = MediaQuota
    icon = "folder-inverse"
    menu_label = _("Storage limits")
    menu_order = 330
    add_to_admin_menu = True
    form_fields = ("center", "gigabytes")
    list_display = ("center", "gigabytes")
    list_filter = ("center",)
    list_select_related = ("center",)


media_quota_viewset = MediaQuotaViewSet("media_quota")
