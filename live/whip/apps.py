from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WhipConfig(AppConfig):
    name = "live.whip"
    verbose_name = _("Media server for live classes")

    def ready(self) -> None:
        from live.media_servers import BACKENDS  # noqa: PLC0415 - needs the app registry
        from live.whip import checks  # noqa: F401, PLC0415 - needs the app registry
        from live.whip.backend import WhipBackend  # noqa: PLC0415 - needs the app registry

        BACKENDS["whip"] = WhipBackend
