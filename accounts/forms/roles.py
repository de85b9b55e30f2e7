"""Forms of roles: given, offered, ended."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from accounts.enums import Act, MembershipScope, RoleName
from accounts.models import (
    Membership,
    RoleOffer,
    RoleRequest,
    User,
)
from accounts.roles import ROLES, gives_roles
from accounts.scoping import may_everywhere
from accounts.scoping.reach import is_known_to
from accounts.services.logins import normalize_login
from accounts.services.memberships import HolderUnknown


class GiveRoleForm(WagtailAdminModelForm):
    """Who gets which role where. The choices are what the user may give."""

    login = forms.CharField(
        label=_("Login"), help_text=_("User name, mobile number or e-mail address of the person.")
    )

    takes_two = False
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=200,
        help_text=_(
            "Needed where this person has a role that conflicts with this one. Kept in the audit trail."
        ),
    )

    class Meta:
        model = Membership
        fields = ("role", "scope", "governorate", "center", "until")

    field_order = ("login", "role", "scope", "governorate", "center", "until", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)
        if not may_everywhere(self.for_user, Act.MANAGE_MEMBERS):
            del self.fields["scope"], self.fields["governorate"]
            self.fields["center"].required = True
            self.fields["role"].choices = self.local_choices()
        else:
            self.fields["role"].choices = [
                (name, name.label) for name in RoleName if gives_roles(name) is self.takes_two
            ]

    def local_choices(self) -> list[tuple[str, Any]]:
        return local_roles()

    def clean_login(self) -> User:
        by = self.for_user
        login = normalize_login(self.cleaned_data["login"])
        user = User.objects.filter(Q(username=login) | Q(phone=login) | Q(email=login)).first()
        if user is None and may_everywhere(by, Act.MANAGE_MEMBERS):
            raise ValidationError(_("No login uses this. Create the login first."))
        # The error does not disclose whether there is such a login elsewhere.
        if user is None or not (user == by or is_known_to(by, user)):
            raise ValidationError(HolderUnknown.message)
        return user

    def clean_scope(self) -> str:
        return self.cleaned_data["scope"] or MembershipScope.CENTER


class AskForRoleForm(GiveRoleForm):
    """A role that gives roles: another person decides."""

    takes_two = True
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Who decides reads it. Kept in the audit trail.")
    )

    class Meta(GiveRoleForm.Meta):
        model = RoleRequest  # type: ignore[assignment]  # a row with the fields of the other

    def local_choices(self) -> list[tuple[str, Any]]:
        return [(name, name.label) for name, role in ROLES.items() if role.is_local and gives_roles(name)]


class OfferRoleForm(WagtailAdminModelForm):
    """A center offers a role. The form does not disclose whether a login uses what was typed."""

    class Meta:
        model = RoleOffer
        fields = ("typed", "role", "center", "reason")
        help_texts = {
            "typed": _(
                "User name, mobile number or e-mail address of the person, who has 14 days to accept."
            ),
            "reason": _("The person reads it. Kept in the audit trail."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            (name, label) for name, label in local_roles() if name != RoleName.TRAINEE
        ]


class EndRoleForm(WagtailAdminModelForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Kept in the audit trail."))

    class Meta:
        model = Membership
        fields = ()


def local_roles() -> list[tuple[str, Any]]:
    """Those that one person gives at a center."""
    return [
        (name, RoleName(name).label)
        for name, role in ROLES.items()
        if role.is_local and not gives_roles(name)
    ]
