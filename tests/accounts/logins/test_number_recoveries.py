"""A lost password is recovered by a code to the proved number of a trainee."""

import datetime as dt
import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings
from wagtail.models import ModelLogEntry

from accounts.enums import CodePurpose, ContactProof, LoginNoticeKind
from accounts.models import Contact, ContactChallenge, LoginNotice, User
from accounts.services.codes import request_code
from tests.accounts.codes import send_waiting
from tests.accounts.logins.recovering import (
    NUMBER,
    OVER,
    TYPED,
    UNKNOWN,
    ask,
    choose,
    opens,
    prove,
    type_code,
    wrong,
)
from tests.accounts.phones import Phones
from tests.factories.accounts import TraineeFactory

pytestmark = pytest.mark.django_db


def test_the_page_says_of_any_number_alike_who_gets_a_message(client: Client, mona: User, sms_phones: Phones):
    pages = []
    for number in (TYPED, "011 1234 5678"):
        ask(client, number)
        page = client.get("/ar/accounts/recover/code/").content.decode()
        pages.append(re.search(r'<p class="muted">(.*?)</p>', page)[1])  # type: ignore[index]

    assert "رقم أكّدته، أو سجّلك به مركزك في قائمة" in pages[0]
    assert pages[0] == pages[1]


def test_a_code_and_a_new_password_let_a_trainee_in(client: Client, mona: User, sms_phones: Phones):
    elsewhere = Client()
    elsewhere.force_login(mona)
    elsewhere_key = elsewhere.session.session_key

    asked = ask(client)
    (message,) = sms_phones.messages
    right = type_code(client, message.code)
    chosen = choose(client)

    assert not Session.objects.filter(pk=elsewhere_key).exists()
    assert (asked.url, right.url) == ("/ar/accounts/recover/code/", "/ar/accounts/recover/password/")
    assert (message.to, opens(mona)) == (NUMBER, True)
    assert chosen.url == reverse("courses:my_learning")
    assert client.get(chosen.url).status_code == 200
    assert elsewhere.get(chosen.url).status_code == 302
    assert [notice.kind for notice in LoginNotice.objects.filter(user=mona)] == [LoginNoticeKind.RECOVERED]
    assert ModelLogEntry.objects.for_instance(mona).get(action="accounts.login.recover").user == mona


def test_it_helps_who_locked_the_login_page_with_wrong_passwords(
    client: Client, mona: User, sms_phones: Phones
):
    for _ in range(6):
        locked = client.post(reverse("account_login"), {"login": mona.username, "password": "wrong"})

    ask(client)
    type_code(client, sms_phones.messages[0].code)

    assert locked.status_code == 429
    assert choose(client).url == reverse("courses:my_learning")


@pytest.mark.parametrize("spelled", ["٠١٠ ١٢٣٤ ٥٦٧٨", "0020 10 1234 5678"])
def test_number_and_code_may_be_typed_in_any_digits(
    client: Client, mona: User, sms_phones: Phones, spelled: str
):
    ask(client, spelled)
    code = sms_phones.messages[0].code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    assert type_code(client, f" {code[:3]} {code[3:]}").status_code == 302


def test_a_weak_password_is_refused_and_another_one_taken(client: Client, mona: User, sms_phones: Phones):
    ask(client)
    type_code(client, sms_phones.messages[0].code)

    weak = choose(client, "12345678")

    assert weak.context["form"].errors["password1"]
    assert choose(client).status_code == 302


def test_a_code_opens_once(client: Client, mona: User, sms_phones: Phones):
    ask(client)
    code = sms_phones.messages[0].code
    type_code(client, code)
    copy = Client()
    copy.cookies["sessionid"] = client.cookies["sessionid"].value

    choose(client)

    assert type_code(client, code).url == "/ar/accounts/recover/"
    assert choose(copy, "another-anvil-8").url == "/ar/accounts/recover/"
    assert opens(mona)


@pytest.mark.parametrize("minutes", [10, 60])
def test_a_late_code_opens_nothing(client: Client, mona: User, sms_phones: Phones, minutes: int):
    ask(client)
    ContactChallenge.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=minutes - 10))

    assert OVER in type_code(client, sms_phones.messages[0].code).content.decode()


def test_a_password_is_chosen_within_ten_minutes_of_the_code(client: Client, mona: User, sms_phones: Phones):
    ask(client)
    type_code(client, sms_phones.messages[0].code)
    ContactChallenge.objects.update(used_at=timezone.now() - dt.timedelta(minutes=10))

    assert choose(client).url == "/ar/accounts/recover/"
    assert not opens(mona)


def test_five_tries_count_and_the_sixth_does_not(client: Client, mona: User, sms_phones: Phones):
    ask(client)
    code = sms_phones.messages[0].code
    for _ in range(5):
        type_code(client, wrong(code))

    assert OVER in type_code(client, code).content.decode()
    assert ContactChallenge.objects.get().tries == 5


def test_the_fifth_try_may_be_right(client: Client, mona: User, sms_phones: Phones):
    ask(client)
    code = sms_phones.messages[0].code
    for _ in range(4):
        type_code(client, wrong(code))

    assert type_code(client, code).status_code == 302


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥²", "12345٫"])
def test_what_is_no_code_does_not_count_as_a_try(client: Client, mona: User, sms_phones: Phones, typed: str):
    ask(client)

    assert type_code(client, typed).status_code == 200
    assert ContactChallenge.objects.get().tries == 0


def test_a_newer_code_ends_the_older_one(client: Client, mona: User, sms_phones: Phones):
    first, second = Client(), client
    ask(first)
    ask(second)
    older, newer = sms_phones.messages

    assert OVER in type_code(first, older.code).content.decode()
    assert type_code(second, newer.code).status_code == 302


def test_a_code_of_another_number_or_purpose_opens_nothing(
    client: Client, mona: User, manager: User, sms_phones: Phones
):
    other = TraineeFactory()
    prove(other, by=manager, number=UNKNOWN)
    ask(Client(), UNKNOWN)
    ask(client)
    of_other, _ = sms_phones.messages
    proving = request_code(
        purpose=CodePurpose.VERIFY, number=NUMBER, language="ar", address="::1", login=mona
    )
    Contact.objects.filter(person=mona.person).update(proved_how="", proved_at=None)
    send_waiting()
    ContactChallenge.objects.filter(pk=proving.pk).update(created_at=timezone.now())
    Contact.objects.filter(person=mona.person).update(proved_how=ContactProof.CODE, proved_at=timezone.now())

    for code in (of_other.code, sms_phones.messages[-1].code):
        assert type_code(client, code).status_code == 200
    assert len(sms_phones.messages) == 3


def test_the_pages_after_the_number_open_in_the_session_that_asked(
    client: Client, mona: User, sms_phones: Phones
):
    ask(client)

    for page in ("code", "password"):
        assert Client().post(f"/ar/accounts/recover/{page}/", {"code": "123456"}).status_code == 302
    assert ContactChallenge.objects.get().tries == 0


def test_someone_who_is_logged_in_may_have_lost_the_password(client: Client, mona: User, sms_phones: Phones):
    client.force_login(mona)
    ask(client)
    type_code(client, sms_phones.messages[0].code)

    choose(client)

    assert opens(mona)
    assert client.get(reverse("courses:my_learning")).status_code == 200


def test_the_session_of_another_login_ends_with_the_new_password(
    client: Client, mona: User, manager: User, sms_phones: Phones
):
    client.force_login(manager)
    ask(client)
    type_code(client, sms_phones.messages[0].code)

    choose(client)

    assert client.session[SESSION_KEY] == str(mona.pk)


def test_without_a_gateway_pages_offer_no_code_and_say_what_to_do(
    client: Client, mona: User, settings: Settings
):
    settings.SMS_GATEWAY_URL = ""

    pages = [client.get(reverse(name)) for name in ("account_login", "account_reset_password")]
    page = client.post("/ar/accounts/recover/", {"phone": TYPED})

    assert not any(reverse("account_recover") in page.content.decode() for page in pages)
    assert 'name="phone"' not in page.content.decode()
    assert reverse("courses:centers") in page.content.decode()
    assert not ContactChallenge.objects.exists()


def test_with_a_gateway_the_pages_of_logging_in_offer_it(client: Client, sms_phones: Phones):
    for name in ("account_login", "account_reset_password"):
        assert reverse("account_recover") in client.get(reverse(name)).content.decode()
