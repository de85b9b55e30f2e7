from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DataIntegrityConfig(AppConfig):
    name = "certificates.data_integrity"
    verbose_name = _("Data Integrity proofs")

    def ready(self) -> None:
        from certificates.api import api  # noqa: PLC0415 - needs the app registry
        from certificates.checks import NEEDED_ROLES  # noqa: PLC0415 - needs the app registry
        from certificates.data_integrity.api import router  # noqa: PLC0415 - needs the app registry
        from certificates.enums import KeyRole  # noqa: PLC0415 - needs the app registry

        api.add_router("credentials", router, tags=["credentials"])
        NEEDED_ROLES.append(KeyRole.DATA_INTEGRITY)
