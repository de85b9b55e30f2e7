from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObsConfig(AppConfig):
    name = "live.obs"
    verbose_name = _("Live classes sent with OBS")
