"""Two records of one person, with rows of many kinds, and the whole database to compare."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from accounts.enums import (
    ContactKind,
    ContactProof,
    DataRequestKind,
    DataRequestState,
    DeliveryChannel,
    DeliveryPurpose,
    DeliveryState,
)
from accounts.errors import DomainError
from accounts.models import (
    Center,
    Contact,
    DataRequest,
    Delivery,
    IdentityDocument,
    Person,
    PersonMerge,
    PersonNote,
    SiteNotice,
    User,
)
from accounts.services.consents import give_consent, withdraw_consent
from accounts.services.identity_documents import register_passport
from accounts.services.merging import merge_people
from certificates.enums import Source
from certificates.models import Credential, ShareLink
from courses.enums import EnrollmentState, HoldReason, SeatNoticeKind, WithdrawalReason
from courses.models import SeatHold, SeatNotice, WaitingEntry
from live.enums import NoticeKind
from live.models import Notice, PresenceMinute
from tests.factories.accounts import PersonFactory, TraineeFactory, UserFactory
from tests.factories.certificates import credential_type
from tests.factories.courses import CohortFactory, EnrollmentFactory
from tests.factories.live import LiveSessionFactory

# What a merge and its undoing are written in, and what they end.
LOG = {
    "accounts.auditentry",
    "accounts.mergedrow",
    "accounts.personmerge",
    "wagtailcore.modellogentry",
    "sessions.session",
}

# By the label of the model in lower case and the key of the row: the row.
type Rows = dict[tuple[str, Any], dict[str, Any]]
# Writes rows of one kind for a record.
type Kind = Callable[[Person, int], object]


def whole_database() -> Rows:
    """Every row of every table but the log, in one statement. The generation of sessions of a login only rises."""
    models = {
        model._meta.db_table: model._meta
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LOG
    }
    tables = " UNION ALL ".join(
        f"SELECT '{meta.label_lower}', to_jsonb(t) -> '{meta.pk.column}', to_jsonb(t) - 'session_generation' FROM {table} t"
        for table, meta in models.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(tables)
        return {(label, json.loads(key)): json.loads(row) for label, key, row in cursor.fetchall()}


def enrolled(person: Person, number: int) -> object:
    states = (EnrollmentState.ACTIVE, EnrollmentState.FAILED, EnrollmentState.WITHDRAWN)
    state = states[number % 3]
    reason = WithdrawalReason.OTHER if state == EnrollmentState.WITHDRAWN else ""
    return EnrollmentFactory(
        person=person, state=state, withdrawn_for=reason, cohort__center=person.registered_at
    )


def certified(person: Person, number: int) -> object:
    """A certificate from paper, and a link that shares it."""
    now, by = timezone.now(), UserFactory()
    unique = f"{person.pk}-{number}-{Credential.objects.count()}"
    credential = Credential.objects.create(
        type=credential_type("completion"),
        number=unique,
        code=unique[:13],
        holder=person,
        center=person.registered_at,
        source=Source.LEGACY,
        claims={"name_ar": person.full_name_ar},
        design={},
        issued_on=now.date(),
        valid_from=now.date(),
        proposed_by=by,
        approved_by=UserFactory(),
    )
    link = ShareLink.objects.create(
        holder=person, token_hash=unique, made_at=now, made_by=by, expires_at=now + dt.timedelta(days=7)
    )
    link.credentials.set([credential])
    return link


def reached(person: Person, number: int) -> object:
    kind = (ContactKind.PHONE, ContactKind.EMAIL)[number % 2]
    if Contact.objects.current().filter(person=person, kind=kind).exists():
        return None
    proof = (ContactProof.CODE, ContactProof.DESK, "")[number % 3]
    return Contact.objects.create(
        person=person,
        kind=kind,
        value=f"{kind}-{person.pk}",
        proved_how=proof,
        proved_at=timezone.now() if proof else None,
    )


def agreed(person: Person, number: int) -> object:
    purpose = ("privacy", "replay")[number % 2]
    by = UserFactory()
    consent = give_consent(person_id=person.pk, purpose=purpose, text_version=str(number), by=by)
    if number % 3 == 0:
        withdraw_consent(person_id=person.pk, purpose=purpose, by=by)
    return consent


def written_to(person: Person, _number: int) -> object:
    cohort = CohortFactory()
    notice = SeatNotice.objects.create(person=person, cohort=cohort, kind=SeatNoticeKind.LIST_CLOSED)
    SiteNotice.objects.create(person=person, about="courses.seatnotice", notice=notice.pk, subject="خبر")
    return Delivery.objects.create(
        person=person,
        purpose=DeliveryPurpose.NOTICE,
        channel=DeliveryChannel.SMS,
        state=DeliveryState.DELIVERED,
    )


def waiting(person: Person, number: int) -> object:
    cohort, now = CohortFactory(), timezone.now()
    if number % 2:
        return WaitingEntry.objects.create(person=person, cohort=cohort, since=now)
    return SeatHold.objects.create(
        person=person, cohort=cohort, reason=HoldReason.STAFF, held_at=now, until=now + dt.timedelta(days=7)
    )


def was_in_a_class(person: Person, number: int) -> object:
    session = LiveSessionFactory()
    Notice.objects.create(
        session=session, person=person, kind=NoticeKind.DAY, starts_at=timezone.now(), sequence=number
    )
    return PresenceMinute.objects.create(session=session, person=person, device="a", minute=number)


def noted(person: Person, number: int) -> object:
    return PersonNote.objects.create(
        person=person, center=person.registered_at, text=f"ملاحظة {number}", by=UserFactory()
    )


def related(person: Person, number: int) -> object:
    if number % 2:
        return PersonFactory(guardian=person)
    Person.objects.filter(pk=person.pk).update(guardian=PersonFactory())
    return None


def documented(person: Person, number: int) -> object:
    # No two passports have one number.
    unique = f"A{number}{IdentityDocument.objects.count():06}"
    return register_passport(person_id=person.pk, number=unique, country="SD", by=UserFactory())


def asked(person: Person, _number: int) -> object:
    return DataRequest.objects.create(
        person=person,
        kind=DataRequestKind.CORRECT,
        state=DataRequestState.DONE,
        answer="تم",
        decided_at=timezone.now(),
    )


def logged_in(person: Person, _number: int) -> object:
    is_first = not User.objects.filter(person=person).exists()
    return TraineeFactory(person=person) if is_first else None


KINDS: tuple[Kind, ...] = (
    enrolled,
    certified,
    reached,
    agreed,
    written_to,
    waiting,
    was_in_a_class,
    noted,
    related,
    documented,
    asked,
)


def two_records(center: Center) -> tuple[Person, Person]:
    kept = PersonFactory(registered_at=center, full_name_en="")
    return kept, PersonFactory(registered_at=center)


def merged(kept: Person, duplicate: Person, *, by: User) -> PersonMerge:
    return merge_people(keep_id=kept.pk, duplicate_id=duplicate.pk, reason="بطاقة واحدة", by=by)


def refused(error: type[DomainError], kept: Person, duplicate: Person, *, by: User) -> DomainError:
    """The refusal to merge, which left everything as it was."""
    with pytest.raises(error) as refusal, transaction.atomic():
        merged(kept, duplicate, by=by)
    assert not PersonMerge.objects.exists()
    return refusal.value
