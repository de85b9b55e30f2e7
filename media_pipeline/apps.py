from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaPipelineConfig(AppConfig):
    name = "media_pipeline"
    verbose_name = _("Media")

    def ready(self) -> None:
        from media_pipeline import checks, receivers  # noqa: F401, PLC0415 - needs the app registry
