from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and centers")

    def ready(self) -> None:
        from wagtail.models import AbstractPage, Collection, ReferenceIndex  # noqa: PLC0415 - needs the app registry
        from wagtail.permissions import register_permission_policy  # noqa: PLC0415 - needs the app registry

        from accounts import checks, receivers  # noqa: F401, PLC0415 - needs the app registry
        from accounts.models import VisualIdentity  # noqa: PLC0415 - needs the app registry
        from accounts.scoping.content import MembershipPagePolicy  # noqa: PLC0415 - needs the app registry
        from accounts.scoping.policies import SuperusersPolicy  # noqa: PLC0415 - needs the app registry
        from accounts.services import erased_rows, merged_records  # noqa: F401, PLC0415 - needs the app registry: they register rules

        register_permission_policy(AbstractPage, MembershipPagePolicy())
        register_permission_policy(Collection, SuperusersPolicy(Collection))
        # Wagtail indexes pages, snippets and what has a viewset, and no settings.
        ReferenceIndex.register_model(VisualIdentity)
