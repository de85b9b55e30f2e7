"""A person with rows in every app, a word in each of their columns of text, and the tables that still have it."""

import datetime as dt
import json
import uuid
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from wagtail.users.models import UserProfile

from accounts.enums import CodePurpose, ContactKind, DataRequestKind
from accounts.models import (
    ContactChallenge,
    DataRequest,
    DeclinedNotice,
    Digest,
    GatheredNotice,
    Person,
    RoleOffer,
    SavedView,
    User,
    ViewAs,
)
from accounts.services.data_requests import ask_about_data, decide_data_request
from accounts.services.erasing import erasing_rules
from accounts.services.notice_models import notice_models, path_to_person
from certificates.models import Credential, Passport
from courses.enums import AttendanceStatus, ComplaintState, EnrollmentState
from courses.models import Complaint, Enrollment, Question
from live.enums import EventKind
from live.models import Event, GroupMembership, GroupRound
from live.models import Question as LiveQuestion
from tests.accounts.people.merging import (
    agreed,
    certified,
    documented,
    enrolled,
    logged_in,
    merged,
    noted,
    reached,
    was_in_a_class,
    written_to,
)
from tests.database_owner import run_as_owner
from tests.factories.accounts import (
    CenterFactory,
    PasswordRecoveryFactory,
    PersonFactory,
    UserFactory,
    with_photo,
)
from tests.factories.call_backs import asked_by
from tests.factories.complaints import complaint_of
from tests.factories.courses import attend
from tests.factories.live import LiveSessionFactory

# In no data of the tests and of the reference tables.
WORD = "zqword"
TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


def with_rows_everywhere() -> User:
    """The login of a person of whom something is in every app."""
    now, center = timezone.now(), CenterFactory()
    person, second = (PersonFactory(registered_at=center, full_name_en="") for _ in range(2))
    for write in (reached, documented, agreed, noted, written_to, was_in_a_class, certified):
        write(person, 1)
    documented(second, 2)
    logged_in(person, 0)
    user = User.objects.get(person=person)
    merged(person, second, by=UserFactory(is_superuser=True))
    _of_the_login(user, now)
    with_photo(person)
    ViewAs.objects.create(
        person=person, by=UserFactory(), center=center, reason="x", until=now + dt.timedelta(minutes=9)
    )
    DeclinedNotice.objects.create(person=person, topic="x", channel="sms")
    GatheredNotice.objects.create(person=person, topic="x")
    Digest.objects.create(person=person, hour=18)
    ask_about_data(kind=DataRequestKind.CORRECT, text="x", by=user)
    _of_learning(person)
    _of_live_classes(user)
    consent = person.consents.create(purpose="passport", text_version="1", given_at=now, given_by=user)
    passport = Passport(
        holder=person, consent=consent, claims={}, token="x", path=f"passports/{uuid.uuid4()}"
    )
    passport.size, passport.made_by, passport.made_at = 1, user, now
    passport.expires_at = now + dt.timedelta(days=30)
    passport.save()
    return user


def _of_the_login(user: User, now: dt.datetime) -> None:
    PasswordRecoveryFactory(user=user)
    EmailAddress.objects.create(user=user, email="a@example.org")
    Authenticator.objects.create(user=user, type="totp", data={})
    SocialAccount.objects.create(user=user, provider="x", uid="x")
    UserProfile.objects.create(user=user)
    SavedView.objects.create(owner=user, list_name="x", name="x", parameters={}, columns=[])
    RoleOffer.objects.create(
        typed="x", user=user, role="registrar", center=CenterFactory(), reason="x", offered_by=UserFactory()
    )
    ContactChallenge.objects.create(
        kind=ContactKind.PHONE,
        value="+201012345678",
        purpose=CodePurpose.VERIFY,
        login=user,
        language="ar",
        expires_at=now,
    )


def _of_learning(person: Person) -> None:
    enrolled(person, 1)
    enrollment = Enrollment.objects.get(person=person)
    asked_by(person)
    complaint = complaint_of(enrollment)
    Complaint.objects.filter(pk=complaint.pk).update(
        state=ComplaintState.CLOSED, closed_at=timezone.now(), due_at=None, outcome="upheld"
    )
    Question.objects.create(cohort=enrollment.cohort, unit_key=uuid.uuid4(), person=person, text="x")
    Enrollment.objects.filter(pk=enrollment.pk).update(state=EnrollmentState.ACTIVE)
    attend(enrollment, AttendanceStatus.PRESENT)
    Enrollment.objects.filter(pk=enrollment.pk).update(state=EnrollmentState.FAILED)


def _of_live_classes(user: User) -> None:
    session, staff, now = LiveSessionFactory(), UserFactory(), timezone.now()
    lines: tuple[tuple[EventKind, User, User | None, int | None, dict[str, Any]], ...] = (
        (EventKind.CHAT, user, None, None, {"text": WORD}),
        (EventKind.CHAT_PINNED, staff, None, 1, {"text": WORD, "whose": WORD}),
        (EventKind.HAND_CALLED, staff, user, None, {"whose": WORD}),
    )
    for seq, (kind, actor, subject, target, payload) in enumerate(lines, 1):
        Event.objects.create(
            session=session,
            seq=seq,
            kind=kind,
            actor=actor,
            subject=subject,
            target=target,
            payload=payload,
            name=WORD if actor == user else "المدرب",
            created_at=now,
        )
    LiveQuestion.objects.create(session=session, seq=9, asker=user, name=WORD, text=WORD)
    group = GroupRound.objects.create(session=session, groups=2, opened_seq=9)
    GroupMembership.objects.create(round=group, user=user, name=WORD, group=1, from_seq=9)


def with_the_word(person: Person) -> int:
    """Write it into every column of text of the person's rows that takes it. Returns how many rows have it."""
    records = list(Person.everyone.records_of(person.pk))
    logins = User.objects.filter(person__in=records)
    rows: list[models.QuerySet[Any]] = [
        Person.everyone.filter(pk__in=[record.pk for record in records]),
        logins,
        *(rule.rows_of(records) for rule in erasing_rules()),
        *(
            model._base_manager.filter(**{f"{path}__in": records})
            for model in notice_models()
            if (path := path_to_person(model))
        ),
        *(
            apps.get_model("accounts", name)._base_manager.filter(**{f"{path}__in": records})
            for name, path in (
                ("Contact", "person"),
                ("DataRequest", "person"),
                ("PersonMerge", "kept"),
                ("MergedRow", "merge__kept"),
            )
        ),
        Passport.objects.filter(holder__in=records),
    ]
    filled = [queryset for queryset in rows if queryset.model is not None and queryset.exists()]
    filled = [queryset for queryset in filled if queryset.model._meta.label != "accounts.AuditEntry"]
    tables = {queryset.model._meta.db_table for queryset in filled}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    run_as_owner(*(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables))
    planted = sum(_planted(queryset, field) for queryset in filled for field in _texts(queryset.model))
    run_as_owner(*(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables))
    return planted


def _texts(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, TEXT)
        and not (field.choices or field.primary_key)
        # A hold would refuse the erasure; what a message is about is the label of a model.
        and field.name not in {"legal_hold", "about"}
    ]


def _planted(rows: models.QuerySet[Any], field: "models.Field[Any, Any]") -> int:
    done = 0
    for key in rows.values_list("pk", flat=True):
        value: Any = f"{WORD}{key}" if field.unique or issubclass(rows.model, AbstractBaseUser) else WORD
        if isinstance(field, models.JSONField):
            value = {"text": WORD}
        elif isinstance(field, models.BinaryField):
            value = WORD.encode()
        try:
            with transaction.atomic():
                done += rows.model._base_manager.filter(pk=key).update(**{field.name: value})
        except DatabaseError:
            # Too short for the word, or by a constraint none that anybody typed.
            continue
    return done


def columns_with_the_word() -> set[str]:
    """As `app.Model.column`, of every table of the database."""
    found: set[str] = set()
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT to_jsonb(t) FROM "{model._meta.db_table}" t WHERE t::text ILIKE %s OR t::text ILIKE %s',
                [f"%{WORD}%", f"%{WORD.encode().hex()}%"],
            )
            rows = [json.loads(row) if isinstance(row, str) else row for (row,) in cursor.fetchall()]
        for row in rows:
            found |= {f"{model._meta.label}.{name}" for name, value in row.items() if _has_the_word(value)}
    return found


def _has_the_word(value: Any) -> bool:
    text = json.dumps(value, ensure_ascii=False).lower()
    return WORD in text or WORD.encode().hex() in text


def erased(user: User, *, first: User, second: User) -> DataRequest:
    """The request of the person, decided by two."""
    request = ask_about_data(kind=DataRequestKind.ERASE, text="احذفوا بياناتي", by=user)
    decide_data_request(request_id=request.pk, is_done=True, answer="تم", by=first)
    return decide_data_request(request_id=request.pk, is_done=True, answer="تم", by=second)


def certificate_of(person: Person) -> Credential:
    credential: Credential = Credential.objects.get(holder=person)
    return credential
