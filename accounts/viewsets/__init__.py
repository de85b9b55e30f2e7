"""The accounts pages of the staff workplace, under one menu item."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup

from accounts.viewsets.data_requests import DataRequestViewSet
from accounts.viewsets.deputies import DeputyViewSet
from accounts.viewsets.hands import RoleRequestViewSet
from accounts.viewsets.logins import LoginViewSet, MembershipViewSet
from accounts.viewsets.offers import RoleOfferViewSet
from accounts.viewsets.people import CenterPlaceViewSet, GovernorateViewSet, PersonViewSet
from accounts.viewsets.recoveries import PasswordRecoveryViewSet


class PeopleAndCentersGroup(ViewSetGroup):
    menu_label = _("Centers and people")
    menu_name = "people-and-centers"
    menu_icon = "group"
    menu_order = 300
    items = (
        PersonViewSet,
        DataRequestViewSet,
        CenterPlaceViewSet,
        MembershipViewSet,
        DeputyViewSet,
        RoleOfferViewSet,
        RoleRequestViewSet,
        LoginViewSet,
        PasswordRecoveryViewSet,
        GovernorateViewSet,
    )


class NoPagesViewSet(ViewSet):
    """Disables Wagtail's pages of users, which have first and last names, groups and no center, and of groups, which give no right."""

    def on_register(self) -> None:
        """No page, no menu item."""
