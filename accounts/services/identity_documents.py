"""Identity numbers: encrypted at rest, unique by a keyed hash, shown by their last four digits."""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import NamedTuple

import phonenumbers
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.digits import latin_digits
from accounts.enums import DocumentKind
from accounts.errors import DomainError
from accounts.models import Center, IdentityDocument, Person, User
from accounts.services.field_encryption import decrypt_field, encrypt_field
from accounts.services.national_number import parse_national_number
from accounts.services.unproved import prove_person

PASSPORT_NUMBER = re.compile(r"[A-Z0-9]{5,15}", re.ASCII)
# ISO 3166-1, without two islands of Saint Helena that have only reserved codes; Kosovo (XK), whose passports people carry, is among them.
COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS) - {"AC", "TA"}


class DuplicateDocument(DomainError):
    message = _(
        "This number is already registered. Search for the person by this number instead of registering again."
    )


class BadPassportNumber(DomainError):
    message = _("A passport number has 5 to 15 Latin letters and digits. Compare it with the passport.")


class UnknownCountry(DomainError):
    message = _("Write the country as the two letters of its ISO code, e.g. SD for Sudan.")


class Identity(NamedTuple):
    """What makes a document one of its kind: the number in its plain form, in its country."""

    kind: DocumentKind
    country: str
    number: str

    @property
    def fingerprint(self) -> str:
        return _fingerprint(self.kind, self.country, self.number)


@transaction.atomic
def register_national_id(*, person_id: int, number: str, by: User | None) -> IdentityDocument:
    """Add a person's national number, and fill in the birth date and sex it states where they are missing. It proves who signed up alone.

    Raises a `BadNationalNumber` or `DuplicateDocument`.
    """
    read = parse_national_number(number, today=timezone.localdate())
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    document = _add(
        person=person,
        kind=DocumentKind.NATIONAL_ID,
        country="EG",
        number=read.number,
        expires_on=None,
        is_suspect=not read.check_digit_fits,
    )
    # What somebody typed at sign-up gives way to the card.
    person.birth_date = read.birth_date if person.is_unproved else person.birth_date or read.birth_date
    person.sex = read.sex if person.is_unproved else person.sex or read.sex
    person.save(update_fields=["birth_date", "sex"])
    prove_person(person.pk, by=by)
    log(
        document,
        "accounts.identity_document.register",
        user=by,
        data={"check_digit_fits": read.check_digit_fits},
    )
    return document


@transaction.atomic
def register_passport(
    *, person_id: int, number: str, country: str, expires_on: dt.date | None = None, by: User | None
) -> IdentityDocument:
    """Add a person's passport; foreign trainees never meet the rules of the national number.

    Raises `BadPassportNumber`, `UnknownCountry` or `DuplicateDocument`.
    """
    country = normalize_country(country)
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    document = _add(
        person=person,
        kind=DocumentKind.PASSPORT,
        country=country,
        number=normalize_passport_number(number),
        expires_on=expires_on,
    )
    prove_person(person.pk, by=by)
    log(document, "accounts.identity_document.register", user=by)
    return document


def find_by_national_id(number: str) -> IdentityDocument | None:
    """Find the document that carries this national number, typed in any digits. Raises a `BadNationalNumber`."""
    return find_by_identity(number=number, country="")


def find_by_identity(*, number: str, country: str) -> IdentityDocument | None:
    """Find a document by its whole number: a passport of `country`, or a national ID where that is empty.

    Raises a `BadNationalNumber` or `BadPassportNumber`.
    """
    return IdentityDocument.objects.filter(number_hmac=fingerprint_of(number=number, country=country)).first()


def fingerprint_of(*, number: str, country: str) -> str:
    """The keyed hash of a whole number, as `find_by_identity` reads it. Raises what that raises."""
    if not country:
        read = parse_national_number(number, today=timezone.localdate())
        return _fingerprint(DocumentKind.NATIONAL_ID, "EG", read.number)
    return _fingerprint(DocumentKind.PASSPORT, country.strip().upper(), normalize_passport_number(number))


def is_carried_by(person: Person, typed: str) -> bool:
    """Whether a document of the person has this whole number, typed in any digits, with spaces or without."""
    number = re.sub(r"[\s\-]", "", latin_digits(typed)).upper()
    return any(
        hmac.compare_digest(
            _fingerprint(DocumentKind(document.kind), document.country, number), document.number_hmac
        )
        for document in person.documents.all()
    )


def find_many(
    identities: Iterable[Identity], *, registered_at: QuerySet[Center] | None = None
) -> dict[Identity, IdentityDocument]:
    """The documents that are on record, with their people, in one query; with centers, of people who are registered at one of them."""
    by_fingerprint = {identity.fingerprint: identity for identity in identities}
    documents = IdentityDocument.objects.filter(number_hmac__in=by_fingerprint).select_related("person")
    if registered_at is not None:
        documents = documents.filter(person__registered_at__in=registered_at)
    return {by_fingerprint[document.number_hmac]: document for document in documents}


def new_document(person: Person, identity: Identity) -> IdentityDocument:
    """The row of a document that is not saved yet."""
    return IdentityDocument(
        person=person,
        kind=identity.kind,
        country=identity.country,
        number_encrypted=encrypt_field(identity.number),
        number_hmac=identity.fingerprint,
        last4=identity.number[-4:],
    )


def encrypt_number(number: str) -> bytes:
    """Encrypt a number that waits to be registered."""
    return encrypt_field(number)


def decrypt_number(sealed: bytes) -> str:
    """Decrypt what `encrypt_number` sealed. The caller writes into the audit trail who saw it."""
    return decrypt_field(sealed)


def _add(
    *,
    person: Person,
    kind: DocumentKind,
    country: str,
    number: str,
    expires_on: dt.date | None,
    is_suspect: bool = False,
) -> IdentityDocument:
    try:
        with transaction.atomic():
            return IdentityDocument.objects.create(
                person=person,
                kind=kind,
                country=country,
                number_encrypted=encrypt_field(number),
                number_hmac=_fingerprint(kind, country, number),
                last4=number[-4:],
                expires_on=expires_on,
                is_suspect=is_suspect,
            )
    except IntegrityError as taken:
        raise DuplicateDocument from taken


def normalize_country(text: str) -> str:
    """The ISO code in capitals. Raises `UnknownCountry`."""
    country = text.strip().upper()
    if country not in COUNTRIES:
        raise UnknownCountry
    return country


def normalize_passport_number(text: str) -> str:
    """Letters and digits without spaces and hyphens. Raises `BadPassportNumber`."""
    number = re.sub(r"[\s\-]", "", latin_digits(text)).upper()
    if not PASSPORT_NUMBER.fullmatch(number):
        raise BadPassportNumber
    return number


def _fingerprint(kind: DocumentKind, country: str, number: str) -> str:
    """HMAC-SHA256 (RFC 2104) of the number in its kind and country, as hex."""
    return hmac.new(
        settings.IDENTITY_HMAC_KEY.encode(), f"{kind}:{country}:{number}".encode(), hashlib.sha256
    ).hexdigest()
