"""Contacts of people: recorded at the desk or with a login, ended when they change."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import ContactKind, ContactProof, SameContact
from accounts.errors import DomainError
from accounts.models import Contact, Person, User
from accounts.services.phones import normalize_phone, readable_phone


class BadEmail(DomainError):
    message = _("This is not an e-mail address. Write it like name@example.org, or leave it out.")


class ContactOfAnother(DomainError):
    message = _(
        "Another person has this number or address. Ask whether both use it, or whether it now belongs to this person alone."
    )


def normalize_contact(kind: ContactKind | str, typed: str) -> str:
    """E.164, or the address in lower case. Raises `NotAMobileNumber`, `BadEmail`."""
    return normalize_phone(typed) if kind == ContactKind.PHONE else normalize_email(typed)


def written(contact: Contact) -> str:
    """The number as people of its country write it, or the address."""
    return readable_phone(contact.value) if contact.kind == ContactKind.PHONE else contact.value


def normalize_email(text: str) -> str:
    """Raises `BadEmail`."""
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError as bad:
        raise BadEmail from bad
    return address


def is_of_another(*, person_id: int | None, kind: ContactKind | str, value: str) -> bool:
    """Whether this number or address, normalized, is one that another person has now, or logs in with."""
    others = Contact.objects.current().filter(kind=kind, value=value).exclude(person=person_id)
    logins = User.objects.filter(**{str(kind): value}, person__isnull=False).exclude(person=person_id)
    return others.exists() or logins.exists()


@transaction.atomic
def record_contact(
    *,
    person_id: int,
    kind: ContactKind | str,
    value: str,
    by: User | None,
    proved_how: ContactProof | str = "",
    same: SameContact | str = "",
) -> Contact:
    """Make this the number or address by which the person is reached; the one before ends.

    `same` says what is true where another person has it: both share it, or its owner changed, which ends it for the other. Raises
    `ContactOfAnother` where nothing is said, `NotAMobileNumber`, `BadEmail`.
    """
    value = normalize_contact(kind, value)
    # One contact of a person at a time; the same number recorded twice at once meets the constraint.
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person_id)
    current = Contact.objects.current().filter(kind=kind)
    present = current.filter(person=person_id).first()
    is_new = present is None or present.value != value
    if is_new and not same and is_of_another(person_id=person_id, kind=kind, value=value):
        raise ContactOfAnother
    if same:
        for other in current.select_for_update(of=("self",)).filter(value=value).exclude(person=person_id):
            _share_or_end(other, is_shared=same == SameContact.SHARED, by=by)
    if present and is_new:
        _end(present, by=by)
    contact = Contact(person_id=person_id, kind=kind, value=value) if present is None or is_new else present
    if same:
        contact.is_shared = same == SameContact.SHARED
    if proved_how:
        contact.proved_how, contact.proved_at = proved_how, timezone.now()
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError as taken:
        raise ContactOfAnother from taken
    if is_new or same or proved_how:
        facts = {"kind": str(kind), "proved": str(proved_how), "same": str(same)}
        log(contact, "accounts.contact.record", user=by, data=facts)
    return contact


@transaction.atomic
def end_contact(*, person_id: int, kind: ContactKind | str, by: User) -> None:
    """End the number or address by which the person is reached, if there is one."""
    for contact in (
        Contact.objects.current().select_for_update(of=("self",)).filter(person=person_id, kind=kind)
    ):
        _end(contact, by=by)


def _share_or_end(other: Contact, *, is_shared: bool, by: User | None) -> None:
    """What is now true of a contact that another person has, too."""
    if not is_shared:
        _end(other, by=by)
    elif not other.is_shared:
        other.is_shared = True
        other.save(update_fields=["is_shared"])
        log(other, "accounts.contact.share", user=by)


def _end(contact: Contact, *, by: User | None) -> None:
    contact.until = timezone.now()
    contact.save(update_fields=["until"])
    log(contact, "accounts.contact.end", user=by)
