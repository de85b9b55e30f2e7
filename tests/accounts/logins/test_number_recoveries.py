"""A lost password is recovered by a code to the proved number of a trainee, and by nothing else."""

import datetime as dt
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings
from wagtail.models import ModelLogEntry

from accounts.enums import CodePurpose, ContactKind, ContactProof, LoginNoticeKind, RoleName, SameContact
from accounts.models import Center, Contact, ContactChallenge, EarlierNumberNotice, LoginNotice, User
from accounts.services import codes
from accounts.services.codes import Limit, TooManyCodes, purge_codes, request_code
from accounts.services.contacts import prove_number_of, record_contact
from tests.accounts.codes import send_waiting
from tests.accounts.phones import Phones
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory

pytestmark = pytest.mark.django_db
NUMBER, UNKNOWN = "+201012345678", "+201112345678"
TYPED = "010 1234 5678"
PASSWORD = "vise-and-anvil-9"
ANY_NUMBER = re.compile(r"[0٠][1١][01٠١] ?([0-9٠-٩] ?){8}|\+201[01][0-9]{8}")
OVER = "هذا الرمز لم يعد صالحًا"


@pytest.fixture
def mona(center: Center, manager: User) -> User:
    trainee = TraineeFactory(person=PersonFactory(registered_at=center), password="lost")
    prove(trainee, by=manager)
    return trainee


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


# --- Who gets no code -------------------------------------------------------------------------------------------------


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


# --- Bad input --------------------------------------------------------------------------------------------------------


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


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_ten_thousand_requests_send_three_messages(mona: User, sms_phones: Phones):
    # Each of them costs the same, so a hundred show what ten thousand do.
    answers = [ask(Client(), REMOTE_ADDR=f"203.0.113.{number}") for number in range(4)]
    refused = 0
    for number in range(100):
        try:
            request_code(
                purpose=CodePurpose.RECOVER, number=NUMBER, language="ar", address=f"198.51.100.{number}"
            )
        except TooManyCodes:
            refused += 1
    send_waiting()

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert "أكثر" in answers[-1].content.decode()
    assert refused == 100
    assert ContactChallenge.objects.count() == len(sms_phones.messages) == 3


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_moment_are_counted_one_by_one():
    def ask_once(_: int) -> bool:
        try:
            asked()
        except TooManyCodes:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        granted = list(pool.map(ask_once, range(16)))

    assert sum(granted) == ContactChallenge.objects.count() == 3


def asked(number: int = 0, **facts: Any) -> ContactChallenge:
    asking = {"purpose": CodePurpose.RECOVER, "language": "ar", "address": "203.0.113.1"}
    return request_code(**{**asking, "number": f"+2010{number:08}", **facts})


def test_requests_from_one_address_are_limited(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(codes, "LIMITS", (Limit("address_hash", 4, codes.HOUR),))
    for number in range(4):
        asked(number)

    with pytest.raises(TooManyCodes):
        asked(5)
    assert asked(5, address="203.0.113.2")


def test_requests_of_all_are_limited(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(codes, "LIMITS", (Limit("", 4, codes.HOUR),))
    for number in range(4):
        asked(number, address=f"203.0.113.{number}")

    with pytest.raises(TooManyCodes):
        asked(5, address="198.51.100.1")


def test_requests_of_one_login_are_limited(mona: User):
    for number in range(6):
        asked(number, login=mona, purpose=CodePurpose.VERIFY)

    with pytest.raises(TooManyCodes):
        asked(7, login=mona, purpose=CodePurpose.VERIFY)


def test_a_number_may_ask_again_after_an_hour_and_six_times_in_a_day():
    for _ in range(2):
        for _ in range(3):
            asked()
        with pytest.raises(TooManyCodes):
            asked()
        ContactChallenge.objects.update(created_at=timezone.now() - dt.timedelta(hours=2))
    with pytest.raises(TooManyCodes):
        asked()

    ContactChallenge.objects.update(created_at=timezone.now() - dt.timedelta(days=1))
    assert purge_codes() == 6
    assert asked()


def test_a_request_that_counts_still_is_not_purged():
    asked()
    ContactChallenge.objects.update(created_at=timezone.now() - dt.timedelta(hours=23))

    assert purge_codes() == 0


# --- Without a gateway ------------------------------------------------------------------------------------------------


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
