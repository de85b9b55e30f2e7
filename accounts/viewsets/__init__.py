"""The accounts pages of the staff workplace, under one menu item."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.users.views import groups

from accounts.viewsets.logins import LoginViewSet, MembershipViewSet
from accounts.viewsets.people import CenterPlaceViewSet, GovernorateViewSet, PersonViewSet
from accounts.viewsets.recoveries import PasswordRecoveryViewSet


class PeopleAndCentersGroup(ViewSetGroup):
    menu_label = _("Centers and people")
    menu_name = "people-and-centers"
    menu_icon = "group"
    menu_order = 300
    items = (
        PersonViewSet,
        CenterPlaceViewSet,
        MembershipViewSet,
        LoginViewSet,
        PasswordRecoveryViewSet,
        GovernorateViewSet,
    )


class GroupEditView(groups.EditView):
    # Wagtail's button leads to its own pages of users, which are not here.
    header_buttons = ()


class GroupViewSet(groups.GroupViewSet):
    """Wagtail's groups, for superusers; no group has a right."""

    edit_view_class = GroupEditView


class NoUserViewSet(ViewSet):
    """Takes the place of Wagtail's pages of users: they know first and last names, groups and no center."""

    def on_register(self) -> None:
        """No page, no menu item."""
