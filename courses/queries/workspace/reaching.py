"""How people of a roster are reached and recognized: masked contacts, guardians, photos."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
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
    """By the key of the person, without those whom `user` may not see. One query at most."""
    if Act.VIEW_PEOPLE not in acts_held(user) or not people:
        return {}
    asked = Person.objects.filter(pk__in=[person.pk for person in people])
    shown = fenced(asked, user=user, act=Act.VIEW_PEOPLE)
    of_both = Q(person=OuterRef("pk")) | Q(person=OuterRef("guardian"))
    current = Contact.objects.current().filter(of_both).order_by()
    facts = shown.values_list(
        "pk",
        "photo__digest",
        "user__phone",
        "guardian_id",
        "guardian__user__phone",
        ArraySubquery(
            current.values(
                contact=JSONObject(person="person_id", kind="kind", value="value", proof="proved_how")
            )
        ),
    )
    photos: dict[int, str | None] = {}
    # A number typed at sign-up is that of the login; it becomes a contact when it is confirmed.
    logins: dict[int, str] = {}
    contacts: dict[int, dict[str, str]] = defaultdict(dict)
    confirmed: set[int] = set()
    for pk, digest, own, guardian, of_guardian, known in facts:
        photos[pk] = digest
        logins[pk] = own or ""
        if guardian:
            logins[guardian] = of_guardian or ""
        for contact in known:
            contacts[contact["person"]][contact["kind"]] = contact["value"]
            if contact["kind"] == ContactKind.PHONE and contact["proof"]:
                confirmed.add(contact["person"])
    seen = [person for person in people if person.pk in photos]
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
