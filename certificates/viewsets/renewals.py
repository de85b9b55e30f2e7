"""Proposals that start from a certificate in the register: its renewal, and certificates based on it, such as licenses."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.viewsets import ActView
from certificates.models import CertificateTemplate, Credential, CredentialType
from certificates.queries.prerequisites import types_with_prerequisite, valid_prerequisites
from certificates.queries.proposals import templates_for
from certificates.queries.terms import renewable
from certificates.services.proposing import propose_on_prerequisite, propose_renewal


class RenewalForm(forms.Form):
    """The choice of a template that can print `kinds`."""

    template = forms.ModelChoiceField(
        label=gettext_lazy("Template"), queryset=CertificateTemplate.objects.none()
    )

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["template"]).queryset = templates_for(kinds)


class FollowUpForm(RenewalForm):
    """The choice of the kind of the new certificate."""

    type = forms.ModelChoiceField(
        label=gettext_lazy("Kind of certificate"), queryset=CredentialType.objects.none()
    )
    field_order = ("type", "template")

    def __init__(self, *args: Any, prerequisite_type_id: int, **kwargs: Any) -> None:
        types = types_with_prerequisite(prerequisite_type_id)
        super().__init__(*args, kinds=types.values_list("kind", flat=True), **kwargs)
        cast("forms.ModelChoiceField", self.fields["type"]).queryset = types


def follow_up_forms(credential: Credential, *, user: User) -> dict[str, forms.Form | None]:
    """The forms on the page of a certificate for the proposals that are possible now; None if there are none."""
    nothing: dict[str, forms.Form | None] = {"renewal_form": None, "following_form": None}
    if not may(user, Act.PROPOSE_CERTIFICATES, on=credential):
        return nothing
    usual, today = {"template": credential.type.template_id}, timezone.localdate()
    itself = Credential.objects.filter(pk=credential.pk)
    may_carry = valid_prerequisites(credential.type_id, day=today).filter(pk=credential.pk).exists()
    return {
        "renewal_form": RenewalForm(auto_id="renew_%s", initial=usual, kinds=[credential.type.kind])
        if renewable(itself, day=today).exists()
        else None,
        "following_form": FollowUpForm(auto_id="follow_%s", prerequisite_type_id=credential.type_id)
        if may_carry and types_with_prerequisite(credential.type_id).exists()
        else None,
    }


class RenewView(ActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        credential = Credential.objects.select_related("type").get(pk=pk)
        form = RenewalForm(self.request.POST, kinds=[credential.type.kind])
        if not form.is_valid():
            raise TemplateMissing
        propose_renewal(
            credential_ids=[pk], template_id=form.cleaned_data["template"].pk, by=self.request.user
        )
        return _("The renewal is proposed. A certifying officer decides about it.")


class ProposeOnPrerequisiteView(ActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        credential = Credential.objects.get(pk=pk)
        form = FollowUpForm(self.request.POST, prerequisite_type_id=credential.type_id)
        if not form.is_valid():
            raise TemplateMissing
        propose_on_prerequisite(
            type_id=form.cleaned_data["type"].pk,
            prerequisite_ids=[pk],
            template_id=form.cleaned_data["template"].pk,
            by=self.request.user,
        )
        return _("The certificate is proposed. A certifying officer decides about it.")


class TemplateMissing(DomainError):
    message = gettext_lazy("Choose the kind of certificate and a template from the lists.")
