from django.apps import AppConfig, apps
from wagtail.documents.apps import WagtailDocsAppConfig
from wagtail.images.apps import WagtailImagesAppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class LmsConfig(AppConfig):
    name = "lms"
    verbose_name = "Mihna"
    default = True

    def ready(self) -> None:
        from lms import admin_starts, checks, form_errors, receivers  # noqa: F401, PLC0415 - needs the app registry

        admin_starts.start_from_data()
        form_errors.repeat_little()


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's users app without its pages of users and groups: `accounts` has pages that know phones, roles and centers."""

    user_viewset = "accounts.viewsets.NoPagesViewSet"
    group_viewset = "accounts.viewsets.NoPagesViewSet"


class ImagesConfig(WagtailImagesAppConfig):
    """Wagtail's pictures behind the fence of centers. Wagtail registers its own policy when it is ready: ours comes after."""

    def ready(self) -> None:
        super().ready()
        _fence("wagtailimages.Image")


class DocumentsConfig(WagtailDocsAppConfig):
    """Wagtail's documents behind the fence of centers."""

    def ready(self) -> None:
        super().ready()
        _fence("wagtaildocs.Document")


def _fence(model: str) -> None:
    from wagtail.permissions import register_permission_policy  # noqa: PLC0415 - needs the app registry

    from accounts.scoping.content import LibraryPolicy  # noqa: PLC0415 - needs the app registry

    policy = LibraryPolicy(apps.get_model(model), auth_model=model, owner_field_name="uploaded_by_user")
    register_permission_policy(policy.model, policy)
