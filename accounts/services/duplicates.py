"""Who may be the same person as the one who is about to be registered. A person decides; nothing is merged by itself."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.enums import Act, ContactKind, DocumentKind
from accounts.folding import fold_arabic
from accounts.models import Contact, Person, User
from accounts.scoping import fenced
from accounts.services.formatting import format_date
from accounts.services.identity_documents import find_by_identity

# More people of one name and birth date than a clerk compares.
MOST_SHOWN = 10


# As `find_candidates` compares names, for many at once. In the order of bytes, "!" is the first sign after the space, so the
# index on names answers.
_ALIKE = """
    SELECT DISTINCT asked.place
    FROM unnest(%s::int[], %s::text[], %s::date[], %s::text[]) AS asked (place, name, born, kind)
    JOIN accounts_person person ON person.folded_name ~>=~ asked.name AND person.folded_name ~<~ (asked.name || '!')
    WHERE person.merged_into_id IS NULL
        AND (person.birth_date IS NULL OR asked.born IS NULL OR person.birth_date = asked.born)
        AND NOT EXISTS (
            SELECT 1 FROM accounts_identitydocument document
            WHERE document.person_id = person.id AND document.kind = asked.kind
        )
"""


class Candidates(NamedTuple):
    """Who carries the very number of the document, and who has the same name and birth date.

    Of people whom the user may not see there is a count only.
    """

    here: list[Person]
    elsewhere: int
    carrier: Person | None = None
    is_carrier_here: bool = False

    def __bool__(self) -> bool:
        return self.carrier is not None or bool(self.here) or self.elsewhere > 0


def find_candidates(
    *,
    full_name_ar: str,
    birth_date: dt.date | None,
    number: str = "",
    country: str = "",
    phone: str = "",
    by: User,
) -> Candidates:
    """Compare with all people by identity number, and by folded name and birth date (an unknown date fits any).

    `number` is a valid national number, or that of a passport of `country`; "" compares none. A person with this `phone` (E.164) and
    the same first name may have been written with another part of the name. Someone who signed up alone under this name with this
    very number belongs to no center yet, and is found by every desk.
    """
    visible = fenced(Person.objects.all(), user=by, act=Act.MANAGE_PEOPLE)
    if document := find_by_identity(number=number, country=country) if number else None:
        carrier = Person.objects.get(pk=document.person_id)
        return Candidates([], 0, carrier, visible.filter(pk=carrier.pk).exists())
    name = fold_arabic(full_name_ar)
    # What follows is the last part of a name that was typed without it, or the Latin spelling.
    alike = Person.objects.filter(Q(folded_name=name) | Q(folded_name__startswith=f"{name} "))
    if birth_date:
        alike = alike.filter(Q(birth_date=None) | Q(birth_date=birth_date))
    signed_up_alone = Q(registered_at=None) & _reached_by(phone)
    in_reach = alike.filter(Q(pk__in=visible.values("pk")) | signed_up_alone)
    namesakes = Person.objects.filter(Q(pk__in=in_reach.values("pk")) | _answering(phone, name, visible))
    here = namesakes.select_related("registered_at").prefetch_related("documents").order_by("pk")
    elsewhere = alike.exclude(pk__in=in_reach.values("pk"))
    if number:
        # Who has a document of this kind has another number. At the own center a clerk compares them: one digit may be mistyped.
        kind = DocumentKind.PASSPORT if country else DocumentKind.NATIONAL_ID
        elsewhere = elsewhere.exclude(documents__kind=kind)
    return Candidates(list(here[:MOST_SHOWN]), elsewhere.count())


def _answering(phone: str, name: str, visible: QuerySet[Person]) -> Q:
    """People of the own centers whose number this is and whose own name is the same: families share numbers, not names."""
    if not name:
        return Q(pk=None)
    own_name = name.split(maxsplit=1)[0]
    return Q(
        _reached_by(phone),
        Q(folded_name=own_name) | Q(folded_name__startswith=f"{own_name} "),
        pk__in=visible.values("pk"),
    )


def _reached_by(phone: str) -> Q:
    if not phone:
        return Q(pk=None)
    contacts = Contact.objects.current().filter(kind=ContactKind.PHONE, value=phone)
    return Q(pk__in=contacts.values("person")) | Q(user__phone=phone)


def have_candidates(asked: Sequence[tuple[str, dt.date | None, DocumentKind]]) -> set[int]:
    """The places in `asked` (name in Arabic, birth date, kind of the document that no one carries) that `find_candidates` would answer.

    Another number tells two people apart, at one's own center, too: no clerk compares the cards of a list.
    """
    columns: tuple[list[object], ...] = (
        list(range(len(asked))),
        [fold_arabic(name) for name, _born, _kind in asked],
        [born for _name, born, _kind in asked],
        [kind.value for _name, _born, kind in asked],
    )
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, columns)
        return {place for (place,) in cursor.fetchall()}


def label_of(person: Person) -> str:
    """What tells a person apart from others of the same name. Reads `documents` and `registered_at`."""
    born = format_date(person.birth_date) if person.birth_date else _("date of birth unknown")
    documents = ", ".join(str(document) for document in person.documents.all()) or _("no document")
    return format_html("{} · {} · {} · {}", person.name, born, documents, person.registered_at or "–")
