"""Everything that is kept about a person, as a file for that person (data-protection law 151/2020, article 2).

Apps register what they keep, by a name in English that stays the same; rows come one by one, however many there are.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import ContactChallenge, Digest, LoginSession, Person, PersonMerge, PersonPhoto, User

type Row = Mapping[str, Any]
type RowsOfPerson = Callable[[Person], Iterable[Row]]

_KEPT: dict[str, RowsOfPerson] = {}


def register_personal_data(name: str) -> Callable[[RowsOfPerson], RowsOfPerson]:
    """Add what this query yields under `name`. A decorator."""

    def register(rows: RowsOfPerson) -> RowsOfPerson:
        _KEPT[name] = rows
        return rows

    return register


def personal_data(person: Person) -> Iterator[str]:
    """The file in pieces: a JSON object with a list of rows for each kind of record. Rows of merged records are in it, too."""
    records = list(Person.everyone.records_of(person.pk))
    opening = "{"
    for name, rows in _KEPT.items():
        yield f"{opening}\n{json.dumps(name)}: ["
        separator = "\n"
        for row in chain.from_iterable(map(rows, records)):
            yield separator + json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
            separator = ",\n"
        yield "]"
        opening = ","
    yield "}\n"


@register_personal_data("person")
def person_rows(person: Person) -> Iterator[Row]:
    yield {
        "full_name_ar": person.full_name_ar,
        "full_name_en": person.full_name_en,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "residence_governorate": str(person.residence_governorate or ""),
        "education": person.education,
        "language": person.language,
        "guardian": str(person.guardian or ""),
        "registered_at": str(person.registered_at or ""),
        "created_at": person.created_at,
    }


@register_personal_data("identity_documents")
def document_rows(person: Person) -> Iterable[Row]:
    """By their last four digits: the number itself is on the card."""
    return person.documents.values("kind", "country", "last4", "expires_on").iterator()


@register_personal_data("photo")
def photo_rows(person: Person) -> Iterator[Row]:
    """As a JPEG file in Base64."""
    for photo in PersonPhoto.objects.filter(person=person):
        yield {"added_at": photo.added_at, "jpeg": base64.b64encode(photo.picture).decode()}


@register_personal_data("contacts")
def contact_rows(person: Person) -> Iterable[Row]:
    named = ("kind", "value", "proved_how", "proved_at", "is_shared", "is_disputed", "since", "until")
    return person.contacts.values(*named).iterator()


@register_personal_data("messages")
def message_rows(person: Person) -> Iterable[Row]:
    named = ("about", "channel", "state", "parts", "begun_at", "handed_over_at", "reported_at")
    return person.deliveries.values(*named).iterator()


@register_personal_data("notices_on_the_site")
def site_notice_rows(person: Person) -> Iterable[Row]:
    return person.site_notices.values("about", "subject", "body", "created_at", "read_at").iterator()


@register_personal_data("messages_not_wanted")
def declined_rows(person: Person) -> Iterable[Row]:
    return person.declined_notices.values("topic", "channel", "since").iterator()


@register_personal_data("daily_message")
def digest_rows(person: Person) -> Iterator[Row]:
    for digest in Digest.objects.filter(person=person):
        topics = list(person.gathered_notices.values_list("topic", flat=True))
        yield {"hour": digest.hour, "by_short_message": digest.is_sent_short, "topics": topics}


@register_personal_data("consents")
def consent_rows(person: Person) -> Iterable[Row]:
    return person.consents.values("purpose", "text_version", "given_at", "withdrawn_at").iterator()


@register_personal_data("requests_about_data")
def request_rows(person: Person) -> Iterable[Row]:
    return person.data_requests.values("kind", "text", "state", "asked_at", "answer", "decided_at").iterator()


@register_personal_data("notes_of_staff")
def note_rows(person: Person) -> Iterable[Row]:
    """In no page of the person's own, but the law gives them what is kept about them."""
    return person.notes.values("text", "center__name_en", "at").iterator()


@register_personal_data("staff_who_looked_at_the_pages")
def view_rows(person: Person) -> Iterable[Row]:
    named = ("by__display_name", "center__name_en", "reason", "began_at", "ended_at")
    return person.views_by_staff.values(*named).iterator()


@register_personal_data("merged_records")
def merge_rows(person: Person) -> Iterable[Row]:
    return (
        PersonMerge.objects.filter(kept=person).values("at", "reason", "undone_at", "undone_for").iterator()
    )


@register_personal_data("login")
def login_rows(person: Person) -> Iterable[Row]:
    named = (
        "username",
        "phone",
        "email",
        "display_name",
        "language",
        "digits",
        "is_active",
        "date_joined",
        "last_login",
    )
    return User.objects.filter(person=person).values(*named).iterator()


@register_personal_data("sessions")
def session_rows(person: Person) -> Iterable[Row]:
    named = ("began_at", "last_seen_at", "address", "user_agent")
    return LoginSession.objects.filter(user__person=person).values(*named).iterator()


@register_personal_data("codes_by_short_message")
def code_rows(person: Person) -> Iterable[Row]:
    """Of the last day; older ones are deleted."""
    named = ("purpose", "value", "created_at", "sent_at", "used_at")
    return ContactChallenge.objects.filter(login__person=person).values(*named).iterator()
