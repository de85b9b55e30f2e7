from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiveConfig(AppConfig):
    name = "live"
    verbose_name = _("Live classes")

    def ready(self) -> None:
        from live.queries import personal_data  # noqa: F401, PLC0415 - needs the app registry: it registers with a lower app
        from live.services import erased_rows, merging  # noqa: F401, PLC0415 - needs the app registry: they register with a lower app
