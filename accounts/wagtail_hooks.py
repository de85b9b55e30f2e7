"""Registers the accounts pages of the staff workplace."""

from wagtail import hooks

from accounts.viewsets import CenterOfficeViewSet, PersonViewSet


@hooks.register("register_admin_viewset")
def people_and_centers() -> list[object]:
    return [PersonViewSet(), CenterOfficeViewSet()]
