from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BucketConfig(AppConfig):
    name = "media_pipeline.bucket"
    verbose_name = _("Bucket for films")

    def ready(self) -> None:
        from media_pipeline.bucket import checks  # noqa: F401, PLC0415 - needs the app registry
