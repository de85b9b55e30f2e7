"""Forms of people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from accounts.enums import Act, ContactKind, SameContact
from accounts.fields import PhoneField
from accounts.models import Contact, Person
from accounts.scoping import fenced, may_everywhere
from accounts.services.contacts import ContactOfAnother, is_of_another
from accounts.services.duplicates import Candidates, find_candidates, label_of
from accounts.services.identity_documents import (
    BadPassportNumber,
    DuplicateDocument,
    UnknownCountry,
    fingerprint_of,
    normalize_country,
    normalize_passport_number,
)
from accounts.services.national_number import (
    DIGIT_UNFIT,
    NUMBER_IS_EXACT,
    BadNationalNumber,
    parse_national_number,
)
from accounts.services.number_misses import TooManyMisses, require_few_misses


class PersonForm(WagtailAdminModelForm):
    """A person's facts, how to reach them, and a new identity document if one is at hand."""

    # Asked for only where people on record may be the same as the one who is registered.
    is_another = forms.BooleanField(label=_("This is another person"), required=False)
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
    # Asked for only where the check digit does not fit.
    number_is_exact = forms.BooleanField(label=NUMBER_IS_EXACT, required=False)
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
        self._is_unfit = False
        # The keyed hash of a number that was typed, unless a person whom the user may see has it.
        self.missed_number = ""
        if not self.is_bound:
            del self.fields["number_is_exact"]
        if self.instance.pk:
            for contact in Contact.objects.current().filter(person=self.instance):
                self.fields[contact.kind].initial = contact.value
                if contact.is_disputed and not self.instance.is_unproved:
                    self._disputed.add(ContactKind(contact.kind))
        if not (self.is_bound or self._disputed):
            # Shown after a number or address turned out to be that of another person.
            del self.fields["same"]
        if self.instance.pk or not self.is_bound:
            del self.fields["is_another"]
        else:
            self.order_fields(["is_another"])
        # Outside every center a person is the ministry's: only there may it be left open.
        self.fields["registered_at"].required = not may_everywhere(self.for_user, Act.MANAGE_PEOPLE)

    def clean_national_number(self) -> str:
        """Show an invalid number as an error of the field; the service validates it again."""
        typed: str = self.cleaned_data["national_number"]
        if typed:
            try:
                read = parse_national_number(typed, today=timezone.localdate())
            except BadNationalNumber as refusal:
                raise ValidationError(str(refusal), code="national_number") from refusal
            self._is_unfit = not read.check_digit_fits
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
        if not self._is_unfit:
            del self.fields["number_is_exact"]
        elif not typed.get("number_is_exact"):
            self.add_error("number_is_exact", DIGIT_UNFIT)
        if typed.get("passport_number") and not typed.get("birth_date"):
            self.add_error(
                "birth_date", gettext("A passport number needs the date of birth: read it from the passport.")
            )
        self._require_few_misses()
        if "is_another" in self.fields:
            self._compare_with_people_on_record()
        return typed

    def _require_few_misses(self) -> None:
        number, country = self._document
        if not number:
            return
        self.missed_number = fingerprint_of(number=number, country=country)
        try:
            require_few_misses(
                center=self.cleaned_data.get("registered_at"),
                by=self.for_user,
                fingerprint=self.missed_number,
            )
        except TooManyMisses as refusal:
            self.missed_number = ""
            raise ValidationError(str(refusal), code="misses") from refusal

    def _compare_with_people_on_record(self) -> None:
        """Show who may be the same person, and save only when the user says that it is another one."""
        found = self._candidates()
        if found.is_carrier_here:
            self.missed_number = ""
        if found.carrier:
            # A number belongs to one person: saying that it is another one would not help.
            self.add_error(self._number_field, str(DuplicateDocument.message))
            self[self._number_field].help_text = self._list_of([found.carrier])
        if found.carrier or not found:
            del self.fields["is_another"]
            return
        self["is_another"].help_text = format_html(
            "{}{}", self._list_of(found.here), self._elsewhere(found.elsewhere)
        )
        if not self.cleaned_data.get("is_another"):
            self.add_error(
                "is_another",
                gettext(
                    "These people may be the same. Compare with the card, and tick this only if none is."
                ),
            )

    def _candidates(self) -> Candidates:
        typed = self.cleaned_data
        if not typed.get("full_name_ar"):
            return Candidates([], 0)
        number, country = self._document
        return find_candidates(
            full_name_ar=typed["full_name_ar"],
            birth_date=typed.get("birth_date"),
            number=number,
            country=country,
            phone=typed.get("phone") or "",
            by=self.for_user,
        )

    @property
    def _number_field(self) -> str:
        return "national_number" if self.cleaned_data.get("national_number") else "passport_number"

    @property
    def _document(self) -> tuple[str, str]:
        """Number and country ("" for a national number) in their plain form; no number where the service will refuse it."""
        typed = self.cleaned_data
        if national := typed.get("national_number"):
            return parse_national_number(national, today=timezone.localdate()).number, ""
        if not typed.get("passport_number"):
            return "", ""
        try:
            return normalize_passport_number(typed["passport_number"]), normalize_country(
                typed.get("passport_country") or ""
            )
        except (BadPassportNumber, UnknownCountry):
            return "", ""

    def _list_of(self, people: list[Person]) -> str:
        """Those whose page the user may open are links. Who signed up alone belongs to no center yet."""
        rows = Person.objects.filter(pk__in=[person.pk for person in people])
        shown = set(fenced(rows, user=self.for_user, act=Act.VIEW_PEOPLE).values_list("pk", flat=True))
        return format_html_join(
            "",
            "<p>{}</p>",
            (
                (
                    format_html(
                        '<a href="{}" target="_blank">{}</a>',
                        reverse("person:inspect", args=[person.pk]),
                        label_of(person),
                    )
                    if person.pk in shown
                    else _("Signed up alone with this name and number: serve this person at the front desk."),
                )
                for person in people
            ),
        )

    def _elsewhere(self, count: int) -> str:
        if not count:
            return ""
        return format_html(
            "<p>{}</p>", gettext("Registered elsewhere with this name: %(people)s") % {"people": count}
        )

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
