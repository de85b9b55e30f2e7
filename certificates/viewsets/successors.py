"""Certificates that follow from one in the register: its renewal, and those that stand on it, such as licences."""

from typing import Any, cast

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.viewsets import ActView
from certificates.enums import CredentialState
from certificates.models import CertificateTemplate, Credential, CredentialType, IssuingRule
from certificates.queries import renewable_days
from certificates.services import propose_on_basis, propose_renewal


def types_standing_on(type_id: int) -> QuerySet[CredentialType]:
    """Kinds whose newest rule asks for a certificate of this kind."""
    newest = IssuingRule.objects.filter(type=OuterRef("pk")).order_by("-version")
    return (
        CredentialType.objects.filter(is_active=True)
        .alias(asked=Subquery(newest.values("basis")[:1]))
        .filter(asked=type_id)
    )


class RenewalForm(forms.Form):
    template = forms.ModelChoiceField(
        label=gettext_lazy("Template"), queryset=CertificateTemplate.objects.filter(live=True)
    )


class FollowingForm(RenewalForm):
    """Which kind is to stand on the certificate."""

    type = forms.ModelChoiceField(
        label=gettext_lazy("Kind of certificate"), queryset=CredentialType.objects.none()
    )
    field_order = ("type", "template")

    def __init__(self, *args: Any, basis_type_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["type"]).queryset = types_standing_on(basis_type_id)


def following_forms(credential: Credential, *, user: User) -> dict[str, forms.Form | None]:
    """The forms of the page of a certificate for what may follow from it now; None where nothing may."""
    nothing: dict[str, forms.Form | None] = {"renewal_form": None, "following_form": None}
    is_valid = credential.state == CredentialState.IN_FORCE and not credential.is_expired
    if not is_valid or not may(user, Act.PROPOSE_CERTIFICATES, on=credential):
        return nothing
    usual = {"template": credential.type.template_id}
    today = timezone.localdate()
    days = renewable_days(credential.type, level=credential.facts.get("level"), day=today)
    is_ending = credential.valid_until is not None and (credential.valid_until - today).days <= days
    has_kinds = types_standing_on(credential.type_id).exists()
    return {
        "renewal_form": RenewalForm(initial=usual) if days and is_ending else None,
        "following_form": FollowingForm(basis_type_id=credential.type_id) if has_kinds else None,
    }


class RenewView(ActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        form = RenewalForm(self.request.POST)
        if not form.is_valid():
            raise TemplateMissing
        propose_renewal(
            credential_ids=[pk], template_id=form.cleaned_data["template"].pk, by=self.request.user
        )
        return _("The renewal is proposed. A certifying officer decides about it.")


class FollowView(ActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        credential = Credential.objects.get(pk=pk)
        form = FollowingForm(self.request.POST, basis_type_id=credential.type_id)
        if not form.is_valid():
            raise TemplateMissing
        propose_on_basis(
            type_id=form.cleaned_data["type"].pk,
            basis_ids=[pk],
            template_id=form.cleaned_data["template"].pk,
            by=self.request.user,
        )
        return _("The certificate is proposed. A certifying officer decides about it.")


class TemplateMissing(DomainError):
    message = gettext_lazy("Choose the kind of certificate and a template from the lists.")
