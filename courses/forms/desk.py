"""The form of the front desk: who comes, how to reach them, which seat, which login."""

import re
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from accounts.enums import Act, ContactKind, Education, SameContact, Sex
from accounts.errors import DomainError
from accounts.fields import DateField, PhoneField
from accounts.models import Center, Governorate, Person, User
from accounts.scoping import fenced_choices
from accounts.services.contacts import ContactOfAnother, is_of_another
from accounts.services.duplicates import Candidates, find_candidates, label_of
from accounts.services.formatting import format_date
from accounts.services.guardians import BirthDateMissing, is_minor, lacks_guardian
from accounts.services.identity_documents import (
    UnknownCountry,
    fingerprint_of,
    normalize_country,
    normalize_passport_number,
)
from accounts.services.names import LONGEST_NAME, check_arabic_name, is_same_name
from accounts.services.national_number import DIGIT_UNFIT, NUMBER_IS_EXACT, parse_national_number
from accounts.services.number_misses import TooManyMisses, require_few_misses
from accounts.services.people import PersonFacts
from courses.forms.seats import CohortChoiceField
from courses.models import Cohort
from courses.queries.cohorts import SEATS_FREE, giving_seats
from courses.queries.seats import unproved_seats
from courses.services.desk import Card, CarrierDiffers, Guardian, GuardianNotNamed, Phone

NEW, CARRIER = "new", "carrier"
LETTER = re.compile("[A-Za-z]")
LEFT_TO_RIGHT = {"dir": "ltr", "autocomplete": "off"}
# Asked for only where an answer showed that it is needed.
OF_GUARDIAN = frozenset({"guardian_name", "guardian_number", "guardian_phone", "guardian_agrees"})
ASKED_LATER = frozenset({"who", "same_phone", "number_is_exact"}) | OF_GUARDIAN


class DeskForm(forms.Form):
    """Asks for more only where it is needed: who of several people this is, whose number, which guardian."""

    number = forms.CharField(
        label=gettext_lazy("National number or passport number"),
        max_length=40,
        required=False,
        help_text=gettext_lazy(
            "From the card itself, with any keyboard. Birth date and sex are read from a national number."
        ),
        widget=forms.TextInput(attrs={**LEFT_TO_RIGHT, "autofocus": True}),
    )
    number_is_exact = forms.BooleanField(label=NUMBER_IS_EXACT, required=False)
    country = forms.CharField(
        label=gettext_lazy("Country of the passport"),
        max_length=2,
        required=False,
        help_text=gettext_lazy("ISO code, e.g. SD. Empty for a national number."),
        widget=forms.TextInput(attrs=LEFT_TO_RIGHT),
    )
    full_name_ar = forms.CharField(label=gettext_lazy("Full name in Arabic"), max_length=LONGEST_NAME)
    full_name_en = forms.CharField(
        label=gettext_lazy("Full name in Latin letters"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=gettext_lazy("Exactly as in the passport."),
        widget=forms.TextInput(attrs=LEFT_TO_RIGHT),
    )
    # Its choices are those of this answer: what else is sent is none.
    who = forms.CharField(label=gettext_lazy("Who is it?"), required=False, widget=forms.RadioSelect)
    birth_date = DateField(
        label=gettext_lazy("Date of birth"),
        required=False,
        help_text=gettext_lazy("Day, month and year, e.g. 25/3/1998. Empty for a national number."),
        widget=AdminDateInput,
    )
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=(("", "–"), *Sex.choices), required=False)
    residence_governorate = forms.ModelChoiceField(
        label=gettext_lazy("Governorate of residence"), queryset=Governorate.objects.all(), required=False
    )
    education = forms.ChoiceField(
        label=gettext_lazy("Education"), choices=(("", "–"), *Education.choices), required=False
    )
    guardian_name = forms.CharField(
        label=gettext_lazy("Guardian's full name in Arabic"), max_length=LONGEST_NAME, required=False
    )
    guardian_number = forms.CharField(
        label=gettext_lazy("Guardian's national number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=LEFT_TO_RIGHT),
    )
    guardian_phone = PhoneField(label=gettext_lazy("Guardian's mobile number"), required=False)
    guardian_agrees = forms.BooleanField(
        label=gettext_lazy("The guardian is here, heard the privacy notice and agrees."), required=False
    )
    phone = PhoneField(required=False)
    same_phone = forms.ChoiceField(
        label=gettext_lazy("Another person has this number"),
        choices=SameContact,
        required=False,
        widget=forms.RadioSelect,
    )
    was_called = forms.BooleanField(
        label=gettext_lazy("I called the number, and the phone rang in front of me."), required=False
    )
    center = forms.ModelChoiceField(label=gettext_lazy("Center"), queryset=Center.objects.none())
    cohort = CohortChoiceField(
        label=gettext_lazy("Seat in"),
        queryset=Cohort.objects.none(),
        required=False,
        empty_label=gettext_lazy("No seat now"),
        error_messages={
            "invalid_choice": gettext_lazy("This cohort gives no more seats. Choose another one.")
        },
    )
    wants_login = forms.BooleanField(
        label=gettext_lazy("Give a login with a temporary password"), required=False, initial=True
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the site for this person"),
        choices=settings.LANGUAGES,
    )
    agrees = forms.BooleanField(
        label=gettext_lazy("The person read the privacy notice, or heard it, and agrees.")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        centers = fenced_choices(Center.objects.filter(is_active=True), user=user, act=Act.MANAGE_PEOPLE)
        self._field("center").queryset = centers
        # A seat that is kept may be kept for the person who comes.
        with_seats = (
            giving_seats()
            .alias(free=SEATS_FREE)
            .filter(
                Q(free__gt=0) | Q(seats_held__gt=0) | Q(pk__in=unproved_seats().order_by().values("cohort"))
            )
        )
        cohorts = fenced_choices(with_seats, user=user, act=Act.ENROLL)
        self._field("cohort").queryset = cohorts.select_related("program", "center").order_by(
            "starts_on", "code"
        )
        if len(first_two := list(centers[:2])) == 1:
            self._field("center").initial = first_two[0]
            self._field("center").widget = forms.HiddenInput()
        self.candidates = Candidates([], 0)
        self._asked: set[str] = set()
        # The keyed hash of a number that was compared with those on record, unless it led to a person who is served here.
        self.missed_number = ""
        # The same of a guardian.
        self.missed_guardian = ""

    def is_shown(self, name: str) -> bool:
        """Whether the form asks for this now."""
        return name not in ASKED_LATER or name in self._asked

    # What was answered

    @property
    def card(self) -> Card:
        return Card(self.cleaned_data["number"], self.cleaned_data["country"])

    @property
    def phone_answer(self) -> Phone | None:
        typed = self.cleaned_data
        return Phone(typed["phone"], typed["was_called"], typed["same_phone"]) if typed["phone"] else None

    @property
    def guardian(self) -> Guardian | None:
        typed = self.cleaned_data
        if not (typed["guardian_name"] and typed["guardian_agrees"]):
            return None
        return Guardian(typed["guardian_name"], typed["guardian_number"], typed["guardian_phone"] or "")

    @property
    def facts(self) -> PersonFacts:
        typed = self.cleaned_data
        return {
            "full_name_ar": typed["full_name_ar"],
            "full_name_en": typed["full_name_en"],
            "birth_date": typed["birth_date"],
            "sex": typed["sex"],
            "residence_governorate": typed["residence_governorate"],
            "education": typed["education"],
            "registered_at": typed["center"],
        }

    @property
    def known_person(self) -> Person | None:
        """The registered person of the own centers who was recognized."""
        if self.candidates.carrier:
            return self.candidates.carrier if self.candidates.is_carrier_here else None
        chosen = self.cleaned_data.get("who")
        return next((person for person in self.candidates.here if str(person.pk) == chosen), None)

    @property
    def is_carrier_elsewhere(self) -> bool:
        return self.candidates.carrier is not None and not self.candidates.is_carrier_here

    # How it is checked

    def clean_full_name_ar(self) -> str:
        name: str = self.cleaned_data["full_name_ar"]
        try:
            check_arabic_name(name, is_exact=True)
        except DomainError as refusal:
            raise ValidationError(str(refusal), code="name") from refusal
        return name

    def clean(self) -> dict[str, Any]:
        # What was answered is shown again, whatever else is wrong.
        self._asked |= {name for name in ASKED_LATER if name != "who" and self.data.get(name)}
        if any(name in self._asked for name in OF_GUARDIAN):
            self._asked |= OF_GUARDIAN
        self._check_card()
        if not self.errors:
            self._recognize()
        if not self.errors:
            self._check_phone()
            self._check_guardian()
        return self.cleaned_data

    def focus_on_first_error(self) -> None:
        """The keyboard goes on where an answer is needed."""
        del self.fields["number"].widget.attrs["autofocus"]
        if first := next((name for name in self.fields if name in self.errors), None):
            self.fields[first].widget.attrs["autofocus"] = True

    def _check_card(self) -> None:
        typed = self.cleaned_data
        country = typed["country"] = typed.get("country", "").strip().upper()
        number, today = typed.get("number", ""), timezone.localdate()
        try:
            if country:
                typed["number"] = normalize_passport_number(number)
                normalize_country(country)
            elif LETTER.search(number):
                self.add_error(
                    "country", _("A number with letters is that of a passport: write its country, too.")
                )
            elif number:
                read = parse_national_number(number, today=today)
                typed["number"] = read.number
                if not read.check_digit_fits:
                    self._asked.add("number_is_exact")
                    if not typed.get("number_is_exact"):
                        self.add_error("number_is_exact", DIGIT_UNFIT)
                typed["sex"] = typed.get("sex") or read.sex
                stated = typed.get("birth_date") or read.birth_date
                typed["birth_date"] = stated
                if stated != read.birth_date:
                    wrong = _("The national number says %(date)s. Compare both with the card.")
                    self.add_error("birth_date", wrong % {"date": format_date(read.birth_date)})
        except UnknownCountry as refusal:
            self.add_error("country", str(refusal))
        except DomainError as refusal:
            self.add_error("number", str(refusal))

    def _require_few_misses(self) -> None:
        typed = self.cleaned_data
        if not typed["number"]:
            return
        fingerprint = fingerprint_of(number=typed["number"], country=typed["country"])
        try:
            require_few_misses(center=typed["center"], by=self.user, fingerprint=fingerprint)
        except TooManyMisses as refusal:
            self.add_error("number", str(refusal))
            self.candidates = Candidates([], 0)
        else:
            self.missed_number = fingerprint

    def _recognize(self) -> None:
        typed = self.cleaned_data
        self.candidates = found = find_candidates(
            full_name_ar=typed["full_name_ar"],
            birth_date=typed["birth_date"],
            number=typed["number"],
            country=typed["country"],
            phone=typed["phone"] or "",
            by=self.user,
        )
        if not found.is_carrier_here:
            self._require_few_misses()
        if not found or self.errors:
            return
        if (
            found.carrier
            and not found.is_carrier_here
            and not is_same_name(typed["full_name_ar"], found.carrier.full_name_ar)
        ):
            # The number alone gives no seat in another person's name, and discloses no name.
            self.candidates = Candidates([], 0)
            self.add_error("full_name_ar", str(CarrierDiffers.message))
            return
        if found.carrier:
            self.missed_number = ""
        self._asked.add("who")
        choices = choices_of(found)
        cast("forms.RadioSelect", self.fields["who"].widget).choices = choices
        if typed["who"] not in dict(choices):
            typed["who"] = ""
            self.add_error("who", _("Compare with the card, then choose."))
        elif self.is_carrier_elsewhere and not typed["cohort"]:
            self.add_error(
                "cohort", _("Choose the seat: nothing else is done for a person of another center.")
            )
        elif (known := self.known_person) and known.is_unproved and not typed["was_called"]:
            # Anyone can sign up under a name: the card is tied to the account of who holds the phone.
            self.add_error(
                "was_called",
                _(
                    "This person signed up alone. Call the number: only who holds that phone gets the account."
                ),
            )

    def _check_phone(self) -> None:
        typed, known = self.cleaned_data, self.known_person
        if not typed["phone"] or self.is_carrier_elsewhere or typed["phone"] == typed["guardian_phone"]:
            return
        if is_of_another(person_id=known.pk if known else None, kind=ContactKind.PHONE, value=typed["phone"]):
            self._asked.add("same_phone")
            if not typed["same_phone"]:
                self.add_error("same_phone", str(ContactOfAnother.message))
            elif typed["same_phone"] == SameContact.CHANGED_OWNER and not typed["was_called"]:
                self.add_error(
                    "was_called",
                    _("Call the number first: it is taken from the person who has it on record."),
                )

    def _check_guardian(self) -> None:
        typed, known, today = self.cleaned_data, self.known_person, timezone.localdate()
        if self.is_carrier_elsewhere:
            return
        birth_date = (known and not known.is_unproved and known.birth_date) or typed["birth_date"]
        if birth_date is None:
            self.add_error("birth_date", str(BirthDateMissing.message))
            return
        has_guardian = (
            known is not None and known.guardian_id is not None and not lacks_guardian(known, today)
        )
        if has_guardian or not is_minor(birth_date, today):
            return
        self._asked |= OF_GUARDIAN
        if not typed["guardian_name"]:
            self.add_error("guardian_name", str(GuardianNotNamed.message))
        elif not typed["guardian_agrees"]:
            self.add_error("guardian_agrees", _("Without the guardian's consent nothing is kept."))
        if typed["guardian_number"]:
            try:
                typed["guardian_number"] = parse_national_number(typed["guardian_number"], today=today).number
                self._count_guardian(typed["guardian_number"])
            except DomainError as refusal:
                self.add_error("guardian_number", str(refusal))

    def _count_guardian(self, number: str) -> None:
        """Whether the name fits says whether somebody has the number. Raises `TooManyMisses`."""
        fingerprint = fingerprint_of(number=number, country="")
        require_few_misses(center=self.cleaned_data["center"], by=self.user, fingerprint=fingerprint)
        self.missed_guardian = fingerprint

    def _field(self, name: str) -> Any:
        return self.fields[name]


def choices_of(found: Candidates) -> list[tuple[str, str]]:
    """Everyone who may be the person, as the card tells them apart, and "another person" where that is possible."""
    if found.carrier and found.is_carrier_here:
        return [(CARRIER, label_of(found.carrier))]
    if found.carrier:
        return [(CARRIER, _("Registered at another center with this number. Only a seat is given here."))]
    here = [(str(person.pk), label_of(person)) for person in found.here]
    other = _("Another person of the same name")
    if found.elsewhere:
        other = _("Another person of the same name. People with this name at other centers: %(people)s") % {
            "people": found.elsewhere
        }
    return [*here, (NEW, other)]
