"""Forms of people, roles and logins."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from accounts.enums import Act, MembershipScope, RoleName
from accounts.errors import DomainError
from accounts.models import Center, Governorate, Membership, PasswordRecovery, Person, RoleOffer, User
from accounts.roles import ROLES
from accounts.scoping import may_everywhere
from accounts.scoping.reach import is_known_to
from accounts.services.consents import privacy_notice
from accounts.services.logins import normalize_login
from accounts.services.memberships import HolderUnknown
from accounts.services.names import NameTooShort, check_arabic_name
from accounts.services.national_number import BadNationalNumber, parse_national_number
from accounts.services.phones import NotAMobileNumber, normalize_phone

LONGEST_NAME = 160


class PhoneField(forms.CharField):
    """A mobile number in any spelling; cleans to E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Mobile number"), "max_length": 40, **kwargs})

    def clean(self, value: Any) -> str | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return normalize_phone(typed)
        except NotAMobileNumber as refusal:
            raise ValidationError(str(refusal), code="phone") from refusal


class LoginForm(allauth_forms.LoginForm):
    """Login by user name, phone or e-mail. What is typed is normalized first, so each login has one counter of
    failed attempts however it is spelled."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Mobile number, user name or e-mail")
        self.fields["login"].widget.attrs.update(
            {"autocomplete": "username", "autocapitalize": "none", "dir": "auto"}
        )
        del self.fields["login"].widget.attrs["placeholder"]

    def clean_login(self) -> str:
        return normalize_login(super().clean_login())


class SignupForm(allauth_forms.SignupForm):
    """Sign-up of a trainee by mobile number and name; e-mail is welcome and never required.

    The number is not verified: not every ministry has a gateway for short messages. So the form states that a number is
    taken; its owner would otherwise not learn why no login was made.
    """

    full_name_ar = forms.CharField(
        label=_("Full name in Arabic"),
        max_length=LONGEST_NAME,
        help_text=_("As on your identity card: at least three names, all four if it has them."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={
            "max_length": _("The name is longer than %(limit_value)d letters. Leave titles out.")
        },
    )
    name_is_exact = forms.BooleanField(
        label=_("This is exactly how my name is written in my document."), required=False
    )
    consent = forms.BooleanField(
        label=_("I have read the privacy notice and agree that my data is kept for my training.")
    )
    data: Any
    # The revision that the page linked to: a notice that changed since then is read again.
    notice = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = (
        "full_name_ar",
        "name_is_exact",
        "phone",
        "email",
        "password1",
        "password2",
        "consent",
        "notice",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notice"].initial = self._notice_now()
        self.fields["password1"].help_text = _("At least 8 letters or digits, unlike your name or phone.")
        # Shown after a name was too short.
        if not (self.is_bound and self._is_short(self.data.get("full_name_ar", ""))):
            del self.fields["name_is_exact"]

    @staticmethod
    def _notice_now() -> int | None:
        revision = privacy_notice().revision
        return revision.pk if revision else None

    @staticmethod
    def _is_short(name: str) -> bool:
        try:
            check_arabic_name(name, is_exact=False)
        except NameTooShort:
            return True
        except DomainError:
            return False
        return False

    def clean_full_name_ar(self) -> str:
        name = self.cleaned_data["full_name_ar"]
        try:
            check_arabic_name(name, is_exact="name_is_exact" in self.data)
        except DomainError as refusal:
            raise ValidationError(str(refusal), code="name") from refusal
        return name

    def clean(self) -> dict[str, Any]:
        """Compare the password with the name and the phone, too: allauth knows neither here."""
        typed: dict[str, Any] = super().clean()
        if password := typed.get("password1"):
            try:
                validate_password(
                    password, User(display_name=typed.get("full_name_ar", ""), phone=typed.get("phone"))
                )
            except ValidationError as weak:
                self.add_error("password1", weak)
        return typed

    def clean_notice(self) -> int | None:
        seen = self.cleaned_data["notice"]
        now = self._notice_now()
        if seen is not None and seen != now:
            # The form is shown again with the notice of now.
            shown_again = self.data.copy()
            shown_again["notice"] = str(now or "")
            self.data = shown_again
            self.add_error("consent", _("The privacy notice has changed. Read it again, then agree."))
        return now

    def _clean_phone(self) -> None:
        phone = self.cleaned_data.get("phone")
        if phone and get_adapter().get_user_by_phone(phone):
            self.add_error(
                "phone", _("This number already has a login. Log in, or ask your center for a new password.")
            )

    def validate_unique_email(self, value: str) -> str:
        if User.objects.filter(email__iexact=value).exists():
            raise ValidationError(
                _("This e-mail address already has a login. Log in, or ask for a new password.")
            )
        return value

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        try:
            return super().try_save(request)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            # The same page again, with where the person was going.
            return None, redirect(request.get_full_path())


class PersonForm(WagtailAdminModelForm):
    """A person's facts, and a new identity document if one is at hand."""

    national_number = forms.CharField(
        label=_("National number"), required=False, max_length=40, help_text=_("14 digits, in any keyboard.")
    )
    passport_number = forms.CharField(label=_("Passport number"), required=False, max_length=40)
    passport_country = forms.CharField(
        label=_("Country of the passport"), required=False, max_length=2, help_text=_("ISO code, e.g. SD.")
    )

    class Meta:
        model = Person
        fields = (
            "full_name_ar",
            "full_name_en",
            "birth_date",
            "sex",
            "residence_governorate",
            "education",
            "registered_at",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Outside every center a person is the ministry's: only there may it be left open.
        self.fields["registered_at"].required = not may_everywhere(self.for_user, Act.MANAGE_PEOPLE)

    def clean_national_number(self) -> str:
        """Show an invalid number as an error of the field; the service validates it again."""
        typed = self.cleaned_data["national_number"]
        if typed:
            try:
                parse_national_number(typed, today=timezone.localdate())
            except BadNationalNumber as refusal:
                raise ValidationError(str(refusal), code="national_number") from refusal
        return typed

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class GiveRoleForm(WagtailAdminModelForm):
    """Who gets which role where. The choices are what the user may give."""

    login = forms.CharField(
        label=_("Login"), help_text=_("User name, mobile number or e-mail address of the person.")
    )

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
            self.fields["role"].choices = local_roles()

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


class NewLoginForm(WagtailAdminModelForm):
    """A login of a member of staff, together with the first role: without one it is the ministry's alone.

    Centers give roles of their own. The ministry gives those of any place, but none that approves certificates: the officer who
    made a login is not the one to do that. It may leave the role to a colleague.
    """

    phone = PhoneField(required=False)
    role = forms.ChoiceField(label=_("Role"), choices=())
    scope = forms.ChoiceField(label=_("Scope"), choices=MembershipScope, initial=MembershipScope.CENTER)
    governorate = forms.ModelChoiceField(
        label=_("Governorate"), queryset=Governorate.objects.all(), required=False
    )
    center = forms.ModelChoiceField(label=_("Center"), queryset=Center.objects.all())

    class Meta:
        model = User
        fields = ("display_name", "username", "phone", "email", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["display_name"].required = True
        if not may_everywhere(self.for_user, Act.MANAGE_MEMBERS):
            del self.fields["scope"], self.fields["governorate"]
            self.fields["role"].choices = local_roles()
            return
        for name in ("role", "scope", "center"):
            self.fields[name].required = False
        self.fields["role"].choices = [("", _("no role yet")), *roles_of_a_new_login()]
        self.fields["role"].help_text = _(
            "A role that approves certificates is given afterwards, by another officer: leave it open here."
        )
        self.fields["center"].help_text = _("For a role of a center only.")
        self.fields["governorate"].help_text = _("For a role of a governorate only.")


class HelpWithLoginForm(WagtailAdminModelForm):
    """Closes or opens a login, ends its sessions, or helps where the password or the second factor was lost."""

    NEW_PASSWORD, CLOSE, OPEN = "new_password", "close", "open"
    END_SESSIONS, REMOVE_FACTORS = "end_sessions", "remove_factors"
    step = forms.ChoiceField(
        label=_("What to do"),
        choices=(
            (NEW_PASSWORD, _("Give a new password")),
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
        if Act.APPROVE_CERTIFICATES not in role.acts
    ]


def local_roles() -> list[tuple[str, Any]]:
    return [(name, RoleName(name).label) for name, role in ROLES.items() if role.is_local]
