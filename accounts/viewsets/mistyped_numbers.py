"""Correcting a mistyped national number in the staff workplace."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import DocumentKind
from accounts.forms.mistyped_numbers import MistypedNumberForm
from accounts.models import IdentityDocument, Person
from accounts.scoping.act_forms import ActFormView
from accounts.services.identity_documents import DuplicateDocument, fingerprint_of
from accounts.services.mistyped_numbers import correct_national_number, take_out_national_number
from accounts.services.number_misses import note_miss


class CorrectNumberView(ActFormView):
    """Shows the last four digits of the number, and asks for the right one or to take it out."""

    model = Person
    select_related = ("registered_at",)
    form_class = MistypedNumberForm
    template_name = "accounts/admin/correct_number.html"
    page_title = gettext_lazy("Mistyped national number")
    header_icon = "edit"

    @cached_property
    def card(self) -> IdentityDocument:
        cards = IdentityDocument.objects.filter(person=self.row, kind=DocumentKind.NATIONAL_ID)
        return get_object_or_404(cards, pk=self.kwargs["card"])

    def get_initial(self) -> dict[str, Any]:
        return {"step": MistypedNumberForm.CORRECT}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(person=self.row, card=self.card, **kwargs)

    def carry_out(self, form: MistypedNumberForm) -> str:
        typed, by = form.cleaned_data, self.request.user
        if typed["step"] == MistypedNumberForm.TAKE_OUT:
            take_out_national_number(document_id=self.card.pk, reason=typed["reason"], by=by)
            return _("The number was taken out. Merge the other record now, or record the right number.")
        before = self.card.number_hmac
        try:
            card = correct_national_number(
                document_id=self.card.pk, number=typed["number"], reason=typed["reason"], by=by
            )
        except DuplicateDocument:
            fingerprint = fingerprint_of(number=typed["number"], country="")
            note_miss(center=self.row.registered_at, by=by, fingerprint=fingerprint)
            raise
        if card.number_hmac == before:
            return _("The number was compared with the card, and stays.")
        return _("The number was corrected.")
