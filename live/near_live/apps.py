from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NearLiveConfig(AppConfig):
    name = "live.near_live"
    verbose_name = _("Live classes nearly live")

    def ready(self) -> None:
        from live.broadcast.streams import KEEPERS  # noqa: PLC0415 - needs the app registry
        from live.near_live.keeper import FragmentKeeper  # noqa: PLC0415 - needs the app registry

        KEEPERS.append(FragmentKeeper)
