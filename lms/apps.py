from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class LmsConfig(AppConfig):
    name = "lms"
    verbose_name = "Mihna"
    default = True

    def ready(self) -> None:
        from lms import admin_starts, checks  # noqa: F401, PLC0415 - needs the app registry

        admin_starts.start_from_data()


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's users app without its pages of users: `accounts` has pages that know phones, roles and centers."""

    user_viewset = "accounts.viewsets.NoUserViewSet"
    group_viewset = "accounts.viewsets.groups.GroupsViewSet"
