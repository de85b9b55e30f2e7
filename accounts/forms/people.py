"""Forms of people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from accounts.enums import Act, ContactKind, SameContact
from accounts.fields import PhoneField
from accounts.models import (
    Contact,
    Person,
)
from accounts.scoping import may_everywhere
from accounts.services.contacts import ContactOfAnother, is_of_another
from accounts.services.national_number import BadNationalNumber, parse_national_number


class PersonForm(WagtailAdminModelForm):
    """A person's facts, how to reach them, and a new identity document if one is at hand."""

    phone = PhoneField(required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    same = forms.ChoiceField(
        label=_("Another person has this number or address"),
        choices=SameContact,
        required=False,
        widget=forms.RadioSelect,
    )
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
            "language",
            "registered_at",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._of_another: set[ContactKind] = set()
        self._disputed: set[ContactKind] = set()
        if self.instance.pk:
            for contact in Contact.objects.current().filter(person=self.instance):
                self.fields[contact.kind].initial = contact.value
                if contact.is_disputed:
                    self._disputed.add(ContactKind(contact.kind))
        if not (self.is_bound or self._disputed):
            # Shown after a number or address turned out to be that of another person.
            del self.fields["same"]
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

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean()
        self._of_another = {kind for kind in ContactKind if self._is_of_another(kind, typed.get(kind))}
        if not self._of_another:
            # The dispute may wait, other facts are corrected meanwhile.
            if not self._disputed:
                del self.fields["same"]
        elif not typed.get("same"):
            self.add_error("same", str(ContactOfAnother.message))
        return typed

    def _is_of_another(self, kind: ContactKind, value: str | None) -> bool:
        is_changed = bool(value) and kind in self.changed_data
        return is_changed and is_of_another(person_id=self.instance.pk, kind=kind, value=value or "")

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    @property
    def contacts(self) -> list[tuple[ContactKind, str, str]]:
        """The numbers and addresses that were changed ("" ends one), and what is true where another person has them."""
        typed = self.cleaned_data
        settled = self._disputed - set(self.changed_data) if typed["same"] else set()
        return [
            (kind, typed[kind] or "", typed["same"] if kind in self._of_another | settled else "")
            for kind in ContactKind
            if kind in self.changed_data or kind in settled
        ]
