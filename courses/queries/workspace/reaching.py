"""How people of a roster are reached and recognized: masked contacts, guardians, photos."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from accounts.enums import Act, ContactKind
from accounts.models import Contact, Person, User
from accounts.scoping import acts_held, fenced
from accounts.services.guardians import is_minor
from accounts.services.phones import masked_phone


@dataclass(frozen=True)
class Reach:
    """Of one person, for one reader. `is_shown`: whether the reader sees the person's record at all; nothing else is known otherwise.

    `phone` and `guardian_phone` are masked: the number that is recorded, else that of the login, which was never confirmed.
    `is_phone_confirmed`: at the desk or by a code. `has_email` says that there is an address, and not which.
    """

    is_shown: bool = False
    phone: str = ""
    is_phone_confirmed: bool = False
    has_email: bool = False
    is_minor: bool = False
    has_guardian: bool = False
    guardian_phone: str = ""
    photo: str = ""


UNKNOWN = Reach()


def reach_of(people: Collection[Person], *, user: User) -> dict[int, Reach]:
    """By the key of the person, without those whom `user` may not see. Two queries at most."""
    if Act.VIEW_PEOPLE not in acts_held(user) or not people:
        return {}
    asked = Person.objects.filter(pk__in=[person.pk for person in people])
    shown = fenced(asked, user=user, act=Act.VIEW_PEOPLE)
    facts = shown.values_list("pk", "photo__digest", "user__phone", "guardian_id", "guardian__user__phone")
    photos: dict[int, str | None] = {}
    # A number typed at sign-up is that of the login; it becomes a contact when it is confirmed.
    logins: dict[int, str] = {}
    for pk, digest, own, guardian, of_guardian in facts:
        photos[pk] = digest
        logins[pk] = own or ""
        if guardian:
            logins[guardian] = of_guardian or ""
    seen = [person for person in people if person.pk in photos]
    contacts: dict[int, dict[str, str]] = defaultdict(dict)
    confirmed: set[int] = set()
    holders = {person.pk for person in seen} | {person.guardian_id for person in seen if person.guardian_id}
    current = Contact.objects.current().filter(person__in=holders).order_by()
    for person_id, kind, value, proof in current.values_list("person_id", "kind", "value", "proved_how"):
        contacts[person_id][kind] = value
        if kind == ContactKind.PHONE and proof:
            confirmed.add(person_id)
    today = timezone.localdate()

    def phone(person_id: int | None) -> str:
        if person_id is None:
            return ""
        return masked_phone(contacts[person_id].get(ContactKind.PHONE) or logins.get(person_id, ""))

    return {
        person.pk: Reach(
            is_shown=True,
            phone=phone(person.pk),
            is_phone_confirmed=person.pk in confirmed,
            has_email=ContactKind.EMAIL in contacts[person.pk],
            is_minor=is_minor(person.birth_date, today),
            has_guardian=person.guardian_id is not None,
            guardian_phone=phone(person.guardian_id),
            photo=(photos[person.pk] or "")[:12],
        )
        for person in seen
    }
