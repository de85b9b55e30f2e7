"""Contacts of people: recorded at the desk or with a login, ended when they change."""

from collections import defaultdict
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import ContactKind, ContactProof, SameContact
from accounts.errors import DomainError
from accounts.models import Contact, EarlierNumberNotice, Person, User
from accounts.scoping.reach import works_nowhere
from accounts.services.phones import normalize_phone, readable_phone
from accounts.services.unproved import prove_person


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
    """Whether this number or address, normalized, is one that another person has now, or logs in with. Of people who signed up alone and
    proved nothing it is no one's.
    """
    others = _of_proved_people(kind, [value]).exclude(person=person_id)
    logins = _logins_of_people().filter(**{str(kind): value}).exclude(person=person_id)
    return others.exists() or logins.exists()


def owners_of(kind: ContactKind | str, values: Collection[str]) -> dict[str, set[int]]:
    """The people who have each of these numbers or addresses, normalized, now, or log in with them, as `is_of_another` counts them."""
    owners: dict[str, set[int]] = defaultdict(set)
    current = _of_proved_people(kind, values)
    logins = _logins_of_people().filter(**{f"{kind}__in": values})
    for value, person in current.order_by().values_list("value", "person"):
        owners[value].add(person)
    for value, person in logins.order_by().values_list(str(kind), "person"):
        owners[value].add(person)
    return owners


def _of_proved_people(kind: ContactKind | str, values: Collection[str]) -> QuerySet[Contact]:
    return Contact.objects.current().filter(kind=kind, value__in=values, person__is_unproved=False)


def _logins_of_people() -> QuerySet[User]:
    """Without the closed login of a record that was merged: its number is that of the person."""
    return User.objects.filter(person__is_unproved=False, person__merged_into=None)


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
    if proved_how and by is not None:
        prove_person(person_id, by=by)
    current = Contact.objects.current().filter(kind=kind)
    present = current.filter(person=person_id).first()
    is_new = present is None or present.value != value
    if is_new and not same and is_of_another(person_id=person_id, kind=kind, value=value):
        raise ContactOfAnother
    if same:
        for other in current.select_for_update(of=("self",)).filter(value=value).exclude(person=person_id):
            _share_or_end(other, is_shared=same == SameContact.SHARED, by=by)
    if present and is_new:
        _end_and_tell(present, by=by)
    contact = Contact(person_id=person_id, kind=kind, value=value) if present is None or is_new else present
    if same:
        contact.is_shared, contact.is_disputed = same == SameContact.SHARED, False
    # A code says more than a call at the desk.
    if proved_how and contact.proved_how != ContactProof.CODE:
        contact.proved_how, contact.proved_at = proved_how, timezone.now()
    _save_unless_taken(contact)
    if is_new and present:
        _move_login(present, contact, by=by)
    if is_new or same or proved_how:
        facts = {"kind": str(kind), "proved": str(proved_how), "same": str(same)}
        log(contact, "accounts.contact.record", user=by, data=facts)
    return contact


@transaction.atomic
def prove_number_of(*, person_id: int, number: str, by: User) -> Contact:
    """Note that the person typed a code that was sent to this number, which is theirs (`number_proofs.own_number`).

    Where another person has it and the desk was not told that they share it, both are disputed until it is
    (`record_contact` with `same`): no password is recovered by that number. Raises `ContactOfAnother`.
    """
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person_id)
    current = Contact.objects.current().filter(kind=ContactKind.PHONE, value=number)
    rows = list(current.select_for_update(of=("self",)).select_related("person").order_by("pk"))
    contact = next((row for row in rows if row.person_id == person_id), None) or Contact(
        person_id=person_id, kind=ContactKind.PHONE, value=number
    )
    # A number that somebody typed at sign-up disputes none.
    others = [row for row in rows if row.person_id != person_id and not row.person.is_unproved]
    contact.is_disputed = False
    if any(not (row.is_shared and contact.is_shared) for row in others):
        for other in others:
            _dispute(other, by=by)
        contact.is_disputed = True
    contact.proved_how, contact.proved_at = ContactProof.CODE, timezone.now()
    _save_unless_taken(contact)
    prove_person(person_id, by=by)
    log(contact, "accounts.contact.prove", user=by)
    return contact


@transaction.atomic
def end_contact(*, person_id: int, kind: ContactKind | str, by: User) -> None:
    """End the number or address by which the person is reached, if there is one."""
    for contact in (
        Contact.objects.current().select_for_update(of=("self",)).filter(person=person_id, kind=kind)
    ):
        _end_and_tell(contact, by=by)


def _save_unless_taken(contact: Contact) -> None:
    """Raises `ContactOfAnother`."""
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError as taken:
        raise ContactOfAnother from taken


def _share_or_end(other: Contact, *, is_shared: bool, by: User | None) -> None:
    """What is now true of a contact that another person has, too.

    That a number changed its owner is what one desk says: it is told on that number, and the center of the person reads it at home
    (`accounts.work.NumbersTaken`).
    """
    if not is_shared:
        other.is_taken = True
        _end_and_tell(other, by=by)
    elif not other.is_shared or other.is_disputed:
        other.is_shared, other.is_disputed = True, False
        other.save(update_fields=["is_shared", "is_disputed"])
        log(other, "accounts.contact.share", user=by)


def _dispute(contact: Contact, *, by: User) -> None:
    if not contact.is_disputed:
        contact.is_disputed = True
        contact.save(update_fields=["is_disputed"])
        log(contact, "accounts.contact.dispute", user=by)


def _move_login(earlier: Contact, contact: Contact, *, by: User | None) -> None:
    """A trainee who logged in with the earlier number logs in with the new one, where no other login has it.

    An e-mail address of the login stays: who reads there can choose a new password.
    """
    if contact.kind != ContactKind.PHONE or contact.is_shared:
        return
    user = User.objects.filter(person=contact.person_id, phone=earlier.value).first()
    if user is None or not works_nowhere(user) or User.objects.filter(phone=contact.value).exists():
        return
    user.phone, user.phone_verified = contact.value, False
    user.save(update_fields=["phone", "phone_verified"])
    log(user, "accounts.login.change_number", user=by)


def _end_and_tell(contact: Contact, *, by: User | None) -> None:
    """End it, and tell a number that was proved that it is not the account's any more: the change may be a fraud."""
    _end(contact, by=by)
    if contact.kind == ContactKind.PHONE and contact.proved_how:
        EarlierNumberNotice.objects.create(contact=contact)


def _end(contact: Contact, *, by: User | None) -> None:
    contact.until = timezone.now()
    contact.save(update_fields=["until", "is_taken"])
    log(contact, "accounts.contact.end", user=by)
