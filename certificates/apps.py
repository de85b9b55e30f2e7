from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        from certificates import checks, receivers  # noqa: F401, PLC0415 - needs the app registry
        from certificates.services import erased_rows, merging, mistyped_numbers  # noqa: F401, PLC0415 - needs the app registry: they register with a lower app
