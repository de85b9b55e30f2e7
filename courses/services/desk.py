"""The front desk: a person who comes with a document is registered, gets a seat and a login, all or nothing."""

import datetime as dt
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import ContactKind, ContactProof, DocumentKind, SameContact
from accounts.errors import DomainError
from accounts.models import Center, Person, User
from accounts.scoping.reach import reaches_person
from accounts.services.consents import agree_to_privacy_notice
from accounts.services.contacts import record_contact
from accounts.services.guardians import BirthDateMissing, age_obstacle, record_guardian
from accounts.services.identity_documents import find_by_identity, register_national_id, register_passport
from accounts.services.logins import give_first_login, is_to_be_opened
from accounts.services.names import is_same_name
from accounts.services.people import PersonFacts, correct_person, register_person
from courses.models import Cohort, Enrollment
from courses.services.enrollments import enroll


class CarrierDiffers(DomainError):
    message = _("This number belongs to another name. Compare both with the card.")


class GuardianDiffers(DomainError):
    message = _("The guardian's number belongs to another name. Compare both with the card.")


class GuardianNotNamed(DomainError):
    message = _("This person is under 18: write the guardian who is here and agrees.")


@dataclass(frozen=True)
class Card:
    """The document on the desk: a national number, or a passport with the ISO code of its country. "" is none."""

    number: str = ""
    country: str = ""


@dataclass(frozen=True)
class Guardian:
    """Who agrees for a minor; `number` is a national number or ""."""

    full_name_ar: str
    number: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Phone:
    """A number as typed, whether it was called at the desk, and what is true where another person has it."""

    number: str
    was_called: bool = False
    same: SameContact | str = ""


@dataclass(frozen=True)
class Served:
    """What the slip says. `password` is shown once; "" where the person had a login, or wants none."""

    person: Person
    enrollment: Enrollment | None
    login: User | None
    password: str


@transaction.atomic
def register_at_desk(
    *,
    facts: PersonFacts,
    card: Card,
    phone: Phone | None,
    guardian: Guardian | None,
    cohort: Cohort | None,
    wants_login: bool,
    language: str,
    by: User,
) -> Served:
    """Register a person who read the privacy notice and agreed; give a seat and a login where they are wanted.

    Raises what `register_person`, `register_national_id`, `register_passport`, `record_contact`, `enroll` and `give_first_login`
    raise, and `BirthDateMissing`, `GuardianNotNamed`, `GuardianDiffers`.
    """
    known: PersonFacts = {**facts, "language": language}
    person = register_person(**known, by=by)
    _add_document(person, card, by=by)
    person.refresh_from_db()
    return _serve(person, phone, guardian, cohort, by=by, wants_login=wants_login, language=language)


@transaction.atomic
def serve_known_person(
    *,
    person: Person,
    birth_date: dt.date | None = None,
    card: Card,
    phone: Phone | None,
    guardian: Guardian | None,
    center: Center,
    cohort: Cohort | None,
    wants_login: bool,
    language: str,
    by: User,
) -> Served:
    """The same for a person on record: what is written about the person stays as it is, and a missing date of birth is written down.

    Someone who signed up alone is registered at `center` from now on, with what the card says.
    """
    if birth_date and (person.birth_date is None or person.is_unproved):
        person = correct_person(person_id=person.pk, birth_date=birth_date, by=by)
    if person.registered_at is None:
        person = correct_person(person_id=person.pk, registered_at=center, by=by)
    kind = DocumentKind.PASSPORT if card.country else DocumentKind.NATIONAL_ID
    if card.number and not person.documents.filter(kind=kind).exists():
        _add_document(person, card, by=by)
        person.refresh_from_db()
    return _serve(person, phone, guardian, cohort, by=by, wants_login=wants_login, language=language)


@transaction.atomic
def enroll_carrier(*, card: Card, full_name_ar: str, cohort: Cohort, by: User) -> Served:
    """Give a seat to the person of the document, who is registered at another center: nothing else is shown or changed.

    Raises `CarrierDiffers` unless the whole name is that of the number.
    """
    document = find_by_identity(number=card.number, country=card.country)
    if document is None or not is_same_name(full_name_ar, document.person.full_name_ar):
        raise CarrierDiffers
    enrollment = enroll(person_id=document.person_id, cohort_id=cohort.pk, by=by)
    return Served(enrollment.person, enrollment, None, "")


def _serve(
    person: Person,
    phone: Phone | None,
    guardian: Guardian | None,
    cohort: Cohort | None,
    *,
    by: User,
    wants_login: bool,
    language: str,
) -> Served:
    obstacle = age_obstacle(person, timezone.localdate())
    if isinstance(obstacle, BirthDateMissing):
        raise obstacle
    if obstacle:
        if guardian is None:
            raise GuardianNotNamed
        record_guardian(person_id=person.pk, guardian=_guardian(guardian, person, by=by), by=by)
    if phone:
        is_of_guardian = guardian is not None and guardian.phone == phone.number
        shared = replace(phone, same=SameContact.SHARED) if is_of_guardian else phone
        _record_phone(person, shared, by=by)
    agree_to_privacy_notice(person_id=person.pk, by=by)
    enrollment = enroll(person_id=person.pk, cohort_id=cohort.pk, by=by) if cohort else None
    login, password = User.objects.filter(person=person).first(), ""
    waits = login is not None and is_to_be_opened(login) and reaches_person(by, person)
    if wants_login and (login is None or waits):
        login, password = give_first_login(person_id=person.pk, by=by, language=language)
    return Served(person, enrollment, login, password)


def _guardian(named: Guardian, ward: Person, *, by: User) -> Person:
    """The guardian as a person: the carrier of the number if there is one, else registered now."""
    document = find_by_identity(number=named.number, country="") if named.number else None
    if document:
        # A number alone tells the desk of one center no name of another.
        if not is_same_name(named.full_name_ar, document.person.full_name_ar):
            raise GuardianDiffers
        return document.person
    guardian = register_person(full_name_ar=named.full_name_ar, registered_at=ward.registered_at, by=by)
    if named.number:
        register_national_id(person_id=guardian.pk, number=named.number, by=by)
        guardian.refresh_from_db()
    if named.phone:
        # A family has one number more often than not.
        _record_phone(guardian, Phone(named.phone, same=SameContact.SHARED), by=by)
    return guardian


def _record_phone(person: Person, phone: Phone, *, by: User) -> None:
    record_contact(
        person_id=person.pk,
        kind=ContactKind.PHONE,
        value=phone.number,
        proved_how=ContactProof.DESK if phone.was_called else "",
        same=phone.same,
        by=by,
    )


def _add_document(person: Person, card: Card, *, by: User) -> None:
    if card.country:
        register_passport(person_id=person.pk, number=card.number, country=card.country, by=by)
    elif card.number:
        register_national_id(person_id=person.pk, number=card.number, by=by)
