"""How much each center may keep: the ministry's to say."""

from django.utils.translation import gettext_lazy as _

from accounts.enums import Act
from accounts.scoping.viewsets import CenterViewSet
from media_pipeline.models import MediaQuota


class MediaQuotaViewSet(CenterViewSet):
    model = MediaQuota
    icon = "folder-inverse"
    menu_label = _("Storage limits")
    menu_order = 330
    add_to_admin_menu = True
    acts = {
        "view": Act.MANAGE_CENTERS,
        "add": Act.MANAGE_CENTERS,
        "change": Act.MANAGE_CENTERS,
        "delete": Act.MANAGE_CENTERS,
    }
    form_fields = ("center", "gigabytes")
    list_display = ("center", "gigabytes")
    list_filter = ("center",)
    list_select_related = ("center",)


media_quota_viewset = MediaQuotaViewSet("media_quota")
