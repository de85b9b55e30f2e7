"""Registers many people at once, for imports: what `register_person` and its neighbors do for one, in a few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from accounts.enums import ContactKind, DocumentKind
from accounts.models import AuditedModelLogEntry, Contact, IdentityDocument, Person, User
from accounts.services.identity_documents import Identity, new_document
from accounts.services.national_number import parse_national_number
from accounts.services.people import PersonFacts, fill_in

log_many = AuditedModelLogEntry.objects.log_many


@dataclass(frozen=True)
class Newcomer:
    """A person who is not on record, with a document that no one carries and contacts, normalized, that no one has."""

    facts: PersonFacts
    identity: Identity
    contacts: Mapping[ContactKind, str] = field(default_factory=dict)


@transaction.atomic
def register_many(newcomers: Sequence[Newcomer], *, by: User, source: str) -> list[Person]:
    """Register people with their documents and contacts, without a login. `source` says in the audit trail where they are from.

    Birth date and sex that a national number states fill in what is missing. Raises `NameMissing`, `BornInTheFuture`, a
    `BadNationalNumber`, and `IntegrityError` where a document or contact was recorded meanwhile: then no one is registered.
    """
    today = timezone.localdate()
    people: list[Person] = []
    documents: list[IdentityDocument] = []
    fits: list[dict[str, bool]] = []
    contacts: list[Contact] = []
    for newcomer in newcomers:
        person = Person()
        fill_in(person, newcomer.facts)
        said: dict[str, bool] = {}
        if newcomer.identity.kind == DocumentKind.NATIONAL_ID:
            read = parse_national_number(newcomer.identity.number, today=today)
            person.birth_date = person.birth_date or read.birth_date
            person.sex = person.sex or read.sex
            said = {"check_digit_fits": read.check_digit_fits}
        people.append(person)
        fits.append(said)
        document = new_document(person, newcomer.identity)
        document.is_suspect = not said.get("check_digit_fits", True)
        documents.append(document)
        contacts += [
            Contact(person=person, kind=kind, value=value) for kind, value in newcomer.contacts.items()
        ]
    Person.objects.bulk_create(people)
    IdentityDocument.objects.bulk_create(documents)
    Contact.objects.bulk_create(contacts)
    places = {person.pk: (person.registered_at_id, person.pk) for person in people}
    log_many(
        [(person, {"source": source}, places[person.pk]) for person in people],
        "accounts.person.register",
        user=by,
    )
    log_many(
        [(one, said, places[one.person_id]) for one, said in zip(documents, fits, strict=True)],
        "accounts.identity_document.register",
        user=by,
    )
    log_many(
        [(one, {"kind": str(one.kind), "proved": "", "same": ""}, places[one.person_id]) for one in contacts],
        "accounts.contact.record",
        user=by,
    )
    return people
