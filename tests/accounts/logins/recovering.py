"""Steps of recovering a password by a code to a number, for the tests of it."""

import re
from typing import Any

from django.test import Client

from accounts.enums import ContactKind, ContactProof
from accounts.models import Contact, User
from accounts.services.contacts import record_contact
from tests.accounts.codes import send_waiting

NUMBER, UNKNOWN = "+201012345678", "+201112345678"
TYPED = "010 1234 5678"
PASSWORD = "vise-and-anvil-9"
ANY_NUMBER = re.compile(r"[0٠][1١][01٠١] ?([0-9٠-٩] ?){8}|\+201[01][0-9]{8}")
OVER = "هذا الرمز لم يعد صالحًا"


def prove(user: User, *, by: User, number: str = NUMBER, same: str = "") -> Contact:
    return record_contact(
        person_id=user.person_id,
        kind=ContactKind.PHONE,
        value=number,
        proved_how=ContactProof.CODE,
        same=same,
        by=by,
    )


def ask(client: Client, number: str = TYPED, **where: str) -> Any:
    answer = client.post("/ar/accounts/recover/", {"phone": number}, **where)
    send_waiting()
    return answer


def type_code(client: Client, code: str) -> Any:
    return client.post("/ar/accounts/recover/code/", {"code": code})


def choose(client: Client, password: str = PASSWORD) -> Any:
    return client.post("/ar/accounts/recover/password/", {"password1": password})


def opens(user: User, password: str = PASSWORD) -> bool:
    return User.objects.get(pk=user.pk).check_password(password)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"
