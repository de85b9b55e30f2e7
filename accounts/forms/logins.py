"""Forms of logins of staff, and of help with a lost password."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from accounts.enums import Act, MembershipScope, RoleName
from accounts.errors import DomainError
from accounts.fields import PhoneField
from accounts.forms.roles import local_roles
from accounts.models import (
    Center,
    Governorate,
    PasswordRecovery,
    User,
)
from accounts.roles import ROLES, gives_roles
from accounts.scoping import may_everywhere
from accounts.services.identity_documents import fingerprint_of
from accounts.services.number_misses import require_few_misses


class NewLoginForm(WagtailAdminModelForm):
    """A login of a member of staff, who has a card and a number, together with the first role: without one it is the ministry's alone.

    Centers give roles of their own. The ministry gives those of any place, but none for which a colleague compares the card first. It may
    leave the role to a colleague.
    """

    number = forms.CharField(
        label=_("National number or passport number"),
        max_length=40,
        help_text=_("The whole number, from the card itself. A colleague compares it again."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    country = forms.CharField(
        label=_("Country of the passport"),
        required=False,
        max_length=2,
        help_text=_("ISO code, e.g. SD. Empty for a national number."),
    )
    phone = PhoneField(help_text=_("The holder’s own. By a code to it the holder chooses the password."))
    role = forms.ChoiceField(label=_("Role"), choices=())
    scope = forms.ChoiceField(label=_("Scope"), choices=MembershipScope, initial=MembershipScope.CENTER)
    governorate = forms.ModelChoiceField(
        label=_("Governorate"), queryset=Governorate.objects.all(), required=False
    )
    center = forms.ModelChoiceField(label=_("Center"), queryset=Center.objects.all())

    class Meta:
        model = User
        fields = ("display_name", "username", "phone", "email", "language")
        help_texts = {"display_name": _("The whole name in Arabic, as on the card.")}

    field_order = ("display_name", "number", "country", "phone", "username", "email", "language")
    # The keyed hash of a number that was typed.
    missed_number = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)
        self.fields["display_name"].required = True
        if not may_everywhere(self.for_user, Act.MANAGE_MEMBERS):
            del self.fields["scope"], self.fields["governorate"]
            self.fields["role"].choices = local_roles()
            return
        for name in ("role", "scope", "center"):
            self.fields[name].required = False
        self.fields["role"].choices = [("", _("no role yet")), *roles_of_a_new_login()]
        self.fields["role"].help_text = _(
            "A role of the ministry, or one that gives roles, is given after a colleague compared the card: leave it open here."
        )
        self.fields["center"].help_text = _("For a role of a center only.")
        self.fields["governorate"].help_text = _("For a role of a governorate only.")

    def clean_number(self) -> str:
        """A number that belongs to somebody else is refused: so each that was typed in vain is counted."""
        typed: str = self.cleaned_data["number"]
        country = self.data.get("country", "").strip()
        try:
            fingerprint = fingerprint_of(number=typed, country=country)
            require_few_misses(center=None, by=self.for_user, fingerprint=fingerprint)
        except DomainError as refusal:
            raise ValidationError(str(refusal), code="number") from refusal
        self.missed_number = fingerprint
        return typed


class HelpWithLoginForm(WagtailAdminModelForm):
    """Closes or opens a login, ends its sessions, or helps where the password or the second factor was lost."""

    NEW_PASSWORD, CLOSE, OPEN = "new_password", "close", "open"
    END_SESSIONS, REMOVE_FACTORS = "end_sessions", "remove_factors"
    step = forms.ChoiceField(
        label=_("What to do"),
        choices=(
            (NEW_PASSWORD, _("Ask for a password, which a colleague gives")),
            (CLOSE, _("Close this login")),
            (OPEN, _("Open this login again")),
            (END_SESSIONS, _("End all its sessions")),
            (REMOVE_FACTORS, _("Remove its lost second factor")),
        ),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Kept in the audit trail."))

    class Meta:
        model = User
        fields = ()


class AskForPasswordForm(WagtailAdminModelForm):
    """Whose password was lost, by the whole number of the identity card that lies on the desk."""

    number = forms.CharField(
        label=_("National number or passport number"),
        max_length=40,
        help_text=_("The whole number, from the card itself."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    country = forms.CharField(
        label=_("Country of the passport"),
        required=False,
        max_length=2,
        help_text=_("ISO code, e.g. SD. Empty for a national number."),
    )

    class Meta:
        model = PasswordRecovery
        fields = ("center", "reason")

    field_order = ("number", "country", "center", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)


def roles_of_a_new_login() -> list[tuple[str, Any]]:
    return [
        (name, RoleName(name).label)
        for name, role in ROLES.items()
        if role.is_local and not gives_roles(name)
    ]
