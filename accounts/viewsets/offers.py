"""Roles that a center offers to people whom it does not know."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import InspectView

from accounts.enums import OfferState
from accounts.forms.roles import OfferRoleForm
from accounts.models import RoleOffer, User
from accounts.scoping.viewsets import ActView, CenterViewSet
from accounts.services.offers import offer_role, withdraw_offer


class WithdrawOfferView(ActView):
    model = RoleOffer

    def act_on(self, pk: int) -> str:
        withdraw_offer(offer_id=pk, by=self.request.user)
        return str(_("The offer was taken back."))


class RoleOfferInspectView(InspectView):
    template_name = "accounts/admin/role_offer.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        is_open = self.object.state == OfferState.WAITING
        return {**super().get_context_data(**kwargs), "is_open": is_open}


class RoleOfferViewSet(CenterViewSet):
    model = RoleOffer
    name = "role_offers"
    icon = "mail"
    menu_label = _("Offered roles")
    inspect_view_class = RoleOfferInspectView
    list_display = ("typed", "role", "center", "state", "offered_by", "offered_at")
    list_filter = ("state", "center")
    list_select_related = ("center", "offered_by")
    inspect_view_fields = ("typed", "role", "center", "reason", "state", "offered_by", "offered_at")
    form_class = OfferRoleForm

    def get_urlpatterns(self) -> list[URLPattern]:
        withdraw = self.construct_view(WithdrawOfferView, verb="withdraw")
        return [*super().get_urlpatterns(), path("withdraw/<int:pk>/", withdraw, name="withdraw")]

    def create_row(self, form: OfferRoleForm, *, by: User) -> RoleOffer:
        return offer_role(**form.cleaned_data, by=by)
