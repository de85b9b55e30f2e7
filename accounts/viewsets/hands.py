"""Comparing the identity card of a colleague, and roles that two people give, in the staff workplace."""

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import InspectView
from wagtail.admin.widgets import HeaderButton

from accounts.enums import MembershipScope
from accounts.forms.hands import ConfirmCardForm
from accounts.forms.roles import AskForRoleForm
from accounts.models import RoleRequest, User
from accounts.scoping.act_forms import ActFormView
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import ActView, CenterViewSet
from accounts.services.hands import PersonOfAnotherLogin, confirm_card, is_to_be_confirmed
from accounts.services.identity_documents import fingerprint_of
from accounts.services.number_misses import note_miss
from accounts.services.role_requests import ask_for_role, give_asked_role, is_open, refuse_role


class ConfirmCardView(ActFormView):
    model = User
    select_related = ("person",)
    header_icon = "key"
    template_name = "accounts/admin/confirm_card.html"
    page_title = _("Compare the identity card")
    form_class = ConfirmCardForm

    def get_form_kwargs(self) -> dict[str, Any]:
        facts = {"is_named": self.row.person is not None, "has_phone": bool(self.row.phone)}
        return {**super().get_form_kwargs(), **facts}

    def carry_out(self, form: ConfirmCardForm) -> str:
        try:
            card = confirm_card(user_id=self.row.pk, **form.cleaned_data, by=self.request.user)
        except PersonOfAnotherLogin:
            # Here the transaction that was refused has ended.
            typed = form.cleaned_data
            fingerprint = fingerprint_of(number=typed["number"], country=typed["country"])
            note_miss(center=None, by=self.request.user, fingerprint=fingerprint)
            raise
        done = gettext("The card is compared. %(login)s counts as a second person from now on.") % {
            "login": self.row
        }
        if card.login.was_opened:
            return done
        return f"{done} {gettext('The password is chosen by a code to the mobile number.')}"


def confirm_card_buttons(request: MemberRequest, user: User) -> list[HeaderButton]:
    """On the page of a login whose card waits for somebody."""
    if user == request.user or not is_to_be_confirmed(user):
        return []
    url = reverse("user:confirm_card", args=[user.pk])
    return [HeaderButton(ConfirmCardView.page_title, url=url, icon_name="key")]


class GiveAskedRoleView(ActView):
    model = RoleRequest

    def act_on(self, pk: int) -> str:
        membership = give_asked_role(request_id=pk, by=self.request.user)
        return gettext("%(person)s has this role now: %(role)s.") % {
            "person": membership.user,
            "role": membership,
        }


class RefuseRoleView(ActView):
    model = RoleRequest

    def act_on(self, pk: int) -> str:
        refuse_role(request_id=pk, by=self.request.user)
        return gettext("The role is not given.")


class RoleRequestInspectView(InspectView):
    template_name = "accounts/admin/role_request.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "is_open": is_open(self.object),
            "is_own": self.object.asked_by == self.request.user,
        }


class RoleRequestViewSet(CenterViewSet):
    """Roles that give roles: one member of staff asks, another one gives."""

    model = RoleRequest
    name = "role_requests"
    icon = "key"
    menu_label = _("Roles given by two")
    inspect_view_class = RoleRequestInspectView
    list_display = ("user", "role", "scope", "center", "state", "asked_by", "asked_at", "decided_by")
    list_filter = ("state", "center")
    list_select_related = ("user", "center", "asked_by", "decided_by")
    inspect_view_fields = (
        "user",
        "role",
        "scope",
        "governorate",
        "center",
        "until",
        "reason",
        "state",
        "asked_by",
        "asked_at",
        "decided_by",
        "decided_at",
    )
    form_class = AskForRoleForm

    def get_urlpatterns(self) -> list[URLPattern]:
        give = self.construct_view(GiveAskedRoleView, verb="give")
        refuse = self.construct_view(RefuseRoleView, verb="refuse")
        return [
            *super().get_urlpatterns(),
            path("give/<int:pk>/", give, name="give"),
            path("refuse/<int:pk>/", refuse, name="refuse"),
        ]

    def create_row(self, form: AskForRoleForm, *, by: User) -> RoleRequest:
        typed = form.cleaned_data
        return ask_for_role(
            user_id=typed["login"].pk,
            role=typed["role"],
            scope=typed.get("scope") or MembershipScope.CENTER,
            center=typed["center"],
            governorate=typed.get("governorate"),
            until=typed["until"],
            reason=typed["reason"],
            by=by,
        )
