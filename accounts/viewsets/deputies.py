"""Deputies at the centers of those who give roles there."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import InspectView
from wagtail.admin.widgets import HeaderButton

from accounts.enums import DeputyState
from accounts.models import Deputy
from accounts.scoping.audit import InspectViewWithTrail
from accounts.scoping.viewsets import CenterViewSet
from accounts.services.deputies import may_end


class DeputyInspectView(InspectViewWithTrail, InspectView):
    @cached_property
    def header_buttons(self) -> list[Any]:
        deputy: Deputy = self.object
        buttons = [*super().header_buttons]
        if deputy.state is not DeputyState.OVER and may_end(self.request.user, deputy):
            address = reverse("end_deputy", args=[deputy.pk])
            buttons.append(HeaderButton(_("End"), url=address, icon_name="cross"))
        return buttons

    def get_field_label(self, field_name: str, field: Any) -> str:
        named = {"lender": _("Acts for"), "state": _("State")}
        return str(named[field_name] if field_name in named else super().get_field_label(field_name, field))

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        return value.label if isinstance(value, DeputyState) else value


class DeputyViewSet(CenterViewSet):
    """Named from the page of a role and ended from the own page; never edited."""

    model = Deputy
    icon = "group"
    menu_label = _("Deputies")
    inspect_view_class = DeputyInspectView
    list_display = (
        "user",
        Column("lender", label=_("Acts for"), accessor="lender"),
        "role",
        "center",
        "since",
        "until",
        Column("state", label=_("State"), accessor=lambda deputy: deputy.state.label),
        "reason",
    )
    list_filter = ("role", "center")
    list_select_related = ("user", "lent_from__user", "governorate", "center", "named_by")
    inspect_view_fields = (
        "user",
        "lender",
        "role",
        "scope",
        "governorate",
        "center",
        "since",
        "until",
        "state",
        "ended_at",
        "reason",
        "named_by",
    )
