"""Registers people and corrects what is written about them."""

import datetime as dt
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import Education, Language, Sex
from accounts.errors import DomainError
from accounts.models import Center, Governorate, Person, User
from accounts.scoping.hands import is_own
from accounts.services.names import fold_names, tidy_name


class PersonFacts(TypedDict, total=False):
    """What may be written about a person; names as typed, `full_name_en` exactly as in the passport."""

    full_name_ar: str
    full_name_en: str
    birth_date: dt.date | None
    sex: Sex | str
    residence_governorate: Governorate | None
    education: Education | str
    language: Language | str
    guardian: Person | None
    registered_at: Center | None


class NameMissing(DomainError):
    message = _("Write the full name in Arabic: own, father's, grandfather's and family name.")


class BornInTheFuture(DomainError):
    message = _("The date of birth is in the future. Compare it with the document.")


class OwnGuardian(DomainError):
    message = _("A person cannot be their own guardian. Choose another person.")


class OwnRecord(DomainError):
    message = _("This is your own record. Ask a colleague to change it.")


@transaction.atomic
def register_person(*, by: User | None, **facts: Unpack[PersonFacts]) -> Person:
    """Register a person. `by` is None when people register themselves.

    Raises `NameMissing`, `BornInTheFuture`.
    """
    person = Person()
    _write(person, facts)
    log(person, "accounts.person.register", user=by)
    return person


@transaction.atomic
def correct_person(*, person_id: int, by: User, **facts: Unpack[PersonFacts]) -> Person:
    """Correct what is written about a person; before and after stay in the audit trail.

    Raises `OwnRecord`, `NameMissing`, `BornInTheFuture`, `OwnGuardian`.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if is_own(by, person.pk):
        raise OwnRecord
    before = {name: getattr(person, name) for name in facts}
    names = (person.full_name_ar, person.full_name_en)
    _write(person, facts)
    # A login is called as its person, unless it has a name of its own.
    for was, now in zip(names, (person.full_name_ar, person.full_name_en), strict=True):
        if was and now and was != now:
            User.objects.filter(person=person, display_name=was).update(display_name=now)
    if person.language != before.get("language", person.language):
        User.objects.filter(person=person).update(language=person.language)
    changes = {
        name: {"before": _plain(was), "after": _plain(getattr(person, name))}
        for name, was in before.items()
        if was != getattr(person, name)
    }
    log(person, "accounts.person.correct", user=by, data={"changes": changes})
    return person


def _write(person: Person, facts: PersonFacts) -> None:
    fill_in(person, facts)
    person.save()


def fill_in(person: Person, facts: PersonFacts) -> None:
    """Write facts to a person without saving. Raises `NameMissing`, `BornInTheFuture`, `OwnGuardian`."""
    for name, value in facts.items():
        setattr(person, name, value)
    person.full_name_ar = tidy_name(person.full_name_ar)
    person.full_name_en = tidy_name(person.full_name_en)
    if not person.full_name_ar:
        raise NameMissing
    if person.birth_date and person.birth_date > timezone.localdate():
        raise BornInTheFuture
    if person.pk and person.guardian_id == person.pk:
        raise OwnGuardian
    person.folded_name = fold_names(person.full_name_ar, person.full_name_en)


def _plain(value: object) -> object:
    return value.pk if hasattr(value, "pk") else value if value is None else str(value)
