"""No one else gets a code, and no answer tells who does."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import ContactKind, ContactProof, RoleName, SameContact
from accounts.models import Contact, ContactChallenge, EarlierNumberNotice, User
from accounts.services.contacts import prove_number_of, record_contact
from tests.accounts.codes import send_waiting
from tests.accounts.logins.recovering import (
    ANY_NUMBER,
    NUMBER,
    OVER,
    UNKNOWN,
    ask,
    choose,
    opens,
    prove,
    type_code,
)
from tests.accounts.phones import Phones
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory

pytestmark = pytest.mark.django_db


def not_proved(user: User, _: User) -> None:
    Contact.objects.update(proved_how="", proved_at=None)


def proved_at_the_desk(user: User, by: User) -> None:
    """By one member of staff, who could write a number of their own."""
    Contact.objects.update(proved_how=ContactProof.DESK)


def shared(user: User, by: User) -> None:
    prove(TraineeFactory(), by=by, same=SameContact.SHARED)


def proved_by_another(user: User, by: User) -> None:
    other = TraineeFactory(phone=NUMBER)
    prove_number_of(person_id=other.person_id, number=NUMBER, by=other)


def logged_in_with_by_another(user: User, by: User) -> None:
    TraineeFactory(phone=NUMBER)


def changed_owner(user: User, by: User) -> None:
    record_contact(
        person_id=PersonFactory().pk,
        kind=ContactKind.PHONE,
        value=NUMBER,
        same=SameContact.CHANGED_OWNER,
        by=by,
    )


def new_number(user: User, by: User) -> None:
    prove(user, by=by, number="+201212345678")


def staff(user: User, by: User) -> None:
    MembershipFactory(user=user, role=RoleName.INSTRUCTOR)


def superuser(user: User, by: User) -> None:
    User.objects.filter(pk=user.pk).update(is_superuser=True)


def with_second_factor(user: User, by: User) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})


def closed(user: User, by: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


CHANGES = pytest.mark.parametrize(
    "change",
    [
        not_proved,
        proved_at_the_desk,
        shared,
        proved_by_another,
        logged_in_with_by_another,
        changed_owner,
        new_number,
        staff,
        superuser,
        with_second_factor,
        closed,
    ],
)


def seen(answer: Any) -> tuple[int, str, str]:
    """All of an answer but what is random in every one."""
    text = re.sub(r'(csrfmiddlewaretoken" value="|nonce-)[^"\']+', "", answer.content.decode())
    return answer.status_code, answer.get("Location", ""), text


def walk(client: Client) -> list[tuple[int, str, str]]:
    """What someone sees who asks for a code and guesses it."""
    page = "/ar/accounts/recover/code/"
    return [
        seen(ask(client)),
        seen(client.get(page)),
        *(seen(type_code(client, "123456")) for _ in range(6)),
    ]


@CHANGES
def test_no_one_else_gets_a_code_and_the_answers_do_not_differ(
    mona: User, manager: User, sms_phones: Phones, change: Callable[[User, User], None]
):
    change(mona, manager)

    known = walk(Client())
    ContactChallenge.objects.all().delete()
    EarlierNumberNotice.objects.all().delete()
    Contact.objects.all().delete()
    User.objects.update(phone=None)
    unknown = walk(Client())

    assert sms_phones.messages == []
    assert known == unknown
    assert OVER in known[-1][2]


@CHANGES
def test_what_changes_after_the_message_ends_the_code(
    client: Client, mona: User, manager: User, sms_phones: Phones, change: Callable[[User, User], None]
):
    ask(client)
    change(mona, manager)

    refused = type_code(client, sms_phones.messages[0].code)

    assert OVER in refused.content.decode()
    assert choose(client).url == "/ar/accounts/recover/"
    assert not opens(mona)


@CHANGES
def test_what_changes_after_the_code_ends_it_before_the_password(
    client: Client, mona: User, manager: User, sms_phones: Phones, change: Callable[[User, User], None]
):
    ask(client)
    type_code(client, sms_phones.messages[0].code)
    change(mona, manager)

    assert choose(client).url == "/ar/accounts/recover/"
    assert not opens(mona)


def measured(number: str) -> list[tuple[int, str, str, int]]:
    """The answers of all steps without the number, and of how many statements each was made."""
    client, answers = Client(), []
    steps: list[Callable[[], Any]] = [
        lambda: client.post("/ar/accounts/recover/", {"phone": number}),
        lambda: client.get("/ar/accounts/recover/code/"),
        lambda: type_code(client, "12345"),
        *([lambda: type_code(client, "123456")] * 6),
        *([lambda: client.post("/ar/accounts/recover/", {"phone": number})] * 3),
    ]
    for step in steps:
        with CaptureQueriesContext(connection) as statements:
            status, location, text = seen(step())
        answers.append((status, location, ANY_NUMBER.sub("", text), len(statements)))
        send_waiting()
    return answers


def test_known_and_unknown_numbers_get_the_same_answers_by_the_same_statements(
    mona: User, sms_phones: Phones
):
    # The first requests of a process read what later ones have at hand.
    measured(UNKNOWN)
    ContactChallenge.objects.all().delete()

    known, unknown = measured(NUMBER), measured(UNKNOWN)

    assert known == unknown
    assert [status for status, *_ in known][-3:] == [302, 302, 429]
    assert {message.to for message in sms_phones.messages} == {NUMBER}
