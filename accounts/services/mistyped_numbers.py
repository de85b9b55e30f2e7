"""Corrects a mistyped national number, or takes it out. Who undoes it records the number again."""

import re
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.digits import latin_digits
from accounts.enums import DocumentKind, RecoveryState
from accounts.errors import DomainError
from accounts.models import IdentityDocument, PasswordRecovery, Person, User
from accounts.scoping.hands import is_own
from accounts.scoping.reach import reaches_person
from accounts.services.identity_documents import (
    DuplicateDocument,
    Identity,
    decrypt_number,
    encrypt_number,
    fingerprint_of,
)
from accounts.services.national_number import LENGTH, NationalNumber, parse_national_number
from accounts.services.number_misses import require_few_misses
from accounts.services.people import OwnRecord, PersonFacts, correct_person
from accounts.services.recoveries import is_open

# Why the number of a person cannot change now.
type NumberGuard = Callable[[Person], DomainError | None]

_GUARDS: list[NumberGuard] = []


def register_number_guard(guard: NumberGuard) -> NumberGuard:
    """Ask this function, too, whether the national number of a person may change now. The person is locked. A decorator."""
    _GUARDS.append(guard)
    return guard


class NumberOutOfReach(DomainError):
    message = _(
        "A center corrects the numbers only of people who are registered there and used no seat of another center. The ministry corrects these."
    )


class PasswordIsAskedFor(DomainError):
    message = _(
        "A new password was asked for with this number and waits for a second colleague. Decide that under “Lost passwords” first."
    )


class ReasonMissing(DomainError):
    code = "accounts.reason-of-wrong-number-missing"
    message = _("Write how you know that the number is wrong.")


class NumberTellsTheNumber(DomainError):
    message = _("Write the reason without the number: the audit trail keeps it.")


class SameNumber(DomainError):
    message = _("This is the number that is recorded. Compare it with the card.")


@transaction.atomic
def correct_national_number(*, document_id: int, number: str, reason: str, by: User) -> IdentityDocument:
    """Write the right number. Birth date and sex that were read off the wrong one are read off it again.

    The recorded one typed off the card once more, where its check digit does not fit, is right as it is: some cards are printed so.

    Raises what `take_out_national_number` raises, a `BadNationalNumber`, `SameNumber`, `TooManyMisses`, `DuplicateDocument`.
    """
    document = _lock(document_id, reason, by=by)
    read = parse_national_number(number, today=timezone.localdate())
    before = decrypt_number(bytes(document.number_encrypted))
    if read.number == before and document.is_suspect:
        return _compared(document, reason, by=by)
    if read.number == before:
        raise SameNumber
    center = document.person.registered_at
    require_few_misses(center=center, by=by, fingerprint=fingerprint_of(number=number, country=""))
    document.number_encrypted = encrypt_number(read.number)
    document.number_hmac = Identity(DocumentKind.NATIONAL_ID, document.country, read.number).fingerprint
    document.last4 = read.number[-4:]
    document.is_suspect = not read.check_digit_fits
    try:
        with transaction.atomic():
            document.save(update_fields=["number_encrypted", "number_hmac", "last4", "is_suspect"])
    except IntegrityError as taken:
        raise DuplicateDocument from taken
    facts = _read_again(document.person, parse_national_number(before, today=timezone.localdate()), read)
    if facts:
        correct_person(person_id=document.person_id, by=by, **facts)
    log(
        document,
        "accounts.identity_document.correct",
        user=by,
        data={"reason": reason.strip(), "check_digit_fits": read.check_digit_fits},
    )
    return document


def _compared(document: IdentityDocument, reason: str, *, by: User) -> IdentityDocument:
    document.is_suspect = False
    document.save(update_fields=["is_suspect"])
    log(document, "accounts.identity_document.compare", user=by, data={"reason": reason.strip()})
    return document


@transaction.atomic
def take_out_national_number(*, document_id: int, reason: str, by: User) -> None:
    """Delete the number that is not this person's, so that another record of the person, with the right one, can be merged.

    Raises `OwnRecord`, `NumberOutOfReach`, `PasswordIsAskedFor`, `ReasonMissing`, `NumberTellsTheNumber`, and what the apps refuse
    (`register_number_guard`).
    """
    document = _lock(document_id, reason, by=by)
    log(document, "accounts.identity_document.take_out", user=by, data={"reason": reason.strip()})
    document.delete()


def _lock(document_id: int, reason: str, *, by: User) -> IdentityDocument:
    cards = IdentityDocument.objects.filter(kind=DocumentKind.NATIONAL_ID)
    person = Person.objects.select_for_update(of=("self",)).get(documents=cards.get(pk=document_id))
    # A merge may have moved it while this waited.
    document = cards.select_for_update(of=("self",)).get(pk=document_id, person=person)
    document.person = person
    if not reason.strip():
        raise ReasonMissing
    if re.search(rf"\d{{{LENGTH}}}", re.sub(r"[\s\-]", "", latin_digits(reason))):
        raise NumberTellsTheNumber
    if is_own(by, person.pk):
        raise OwnRecord
    if not reaches_person(by, person, is_lent_enough=False):
        raise NumberOutOfReach
    if any(map(is_open, PasswordRecovery.objects.filter(user__person=person, state=RecoveryState.ASKED))):
        raise PasswordIsAskedFor
    for guard in _GUARDS:
        if refusal := guard(person):
            raise refusal
    return document


def _read_again(person: Person, before: NationalNumber, now: NationalNumber) -> PersonFacts:
    """The facts of the person that the wrong number stated and the right one states differently."""
    facts: PersonFacts = {}
    if person.birth_date == before.birth_date != now.birth_date:
        facts["birth_date"] = now.birth_date
    if person.sex == before.sex != now.sex:
        facts["sex"] = now.sex
    return facts
