"""A person proves the own number by a code; what two people prove is settled at the desk."""

import logging
import secrets
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings
from wagtail.models import ModelLogEntry

from accounts.enums import CodePurpose, ContactKind, ContactProof, SameContact
from accounts.models import Center, Contact, ContactChallenge, User
from accounts.services.code_messages import send_code
from accounts.services.codes import CodeOver, request_code
from accounts.services.contacts import end_contact, record_contact
from accounts.services.number_proofs import prove_number
from accounts.services.number_recoveries import check_recovery_code, recoverable_login
from accounts.sms import parts_of
from jobs.enums import JobState
from jobs.services.leases import lease
from jobs.services.recovery import recover
from lms.celery import app
from tests.accounts.codes import send_waiting
from tests.accounts.phones import Phones
from tests.factories.accounts import PersonFactory, TraineeFactory
from tests.factories.jobs import lost

pytestmark = pytest.mark.django_db
NUMBER, OTHER_NUMBER = "+201012345678", "+201112345678"
PHONE = ContactKind.PHONE
ACCOUNT = "/ar/accounts/"


@pytest.fixture
def mona(center: Center, manager: User) -> User:
    trainee = TraineeFactory(person=PersonFactory(registered_at=center))
    record_contact(person_id=trainee.person_id, kind=PHONE, value=NUMBER, by=manager)
    return trainee


@pytest.fixture
def mona_client(client: Client, mona: User) -> Client:
    client.force_login(mona)
    return client


def ask(client: Client) -> Any:
    answer = client.post(reverse("account_send_code"))
    send_waiting()
    return answer


def type_code(client: Client, code: str) -> Any:
    return client.post(reverse("account_prove_number"), {"code": code})


def asked_by(user: User, number: str = NUMBER) -> ContactChallenge:
    return request_code(purpose=CodePurpose.VERIFY, number=number, language="ar", address="::1", login=user)


def proved(user: User, phones: Phones) -> Contact:
    """The number, proved by a code."""
    challenge = asked_by(user)
    send_code(challenge_id=challenge.pk)
    return prove_number(challenge_id=challenge.pk, code=phones.messages[-1].code, by=user)


def current(user: User) -> Contact:
    return Contact.objects.current().get(person=user.person_id)


def test_my_account_offers_a_code_and_takes_it(mona_client: Client, mona: User, sms_phones: Phones):
    before = mona_client.get(ACCOUNT).content.decode()

    asked = ask(mona_client)
    right = type_code(mona_client, sms_phones.messages[0].code)

    contact = current(mona)
    assert reverse("account_send_code") in before
    assert (asked.url, right.url) == (reverse("account_prove_number"), ACCOUNT)
    assert sms_phones.messages[0].to == NUMBER
    assert (contact.proved_how, contact.proved_at is not None) == (ContactProof.CODE, True)
    assert ModelLogEntry.objects.for_instance(contact).filter(action="accounts.contact.prove", user=mona)
    assert recoverable_login(NUMBER) == mona
    assert reverse("account_send_code") not in mona_client.get(ACCOUNT).content.decode()


def test_who_signed_up_with_a_number_proves_it(client: Client, sms_phones: Phones):
    trainee = TraineeFactory(phone=NUMBER)
    client.force_login(trainee)

    ask(client)
    type_code(client, sms_phones.messages[0].code)

    assert current(trainee).value == NUMBER
    assert recoverable_login(NUMBER) == trainee


def test_there_is_nothing_to_prove_without_a_number_or_a_gateway(
    client: Client, mona_client: Client, settings: Settings, sms_phones: Phones
):
    settings.SMS_GATEWAY_URL = ""
    without_gateway = mona_client.post(reverse("account_send_code"))
    page = mona_client.get(ACCOUNT).content.decode()
    settings.SMS_GATEWAY_URL = sms_phones.url
    client.force_login(TraineeFactory())

    assert without_gateway.status_code == 404
    assert reverse("account_send_code") not in page
    assert client.post(reverse("account_send_code")).url == ACCOUNT
    assert client.get(reverse("account_prove_number")).url == ACCOUNT
    assert not ContactChallenge.objects.exists()


def test_a_fourth_code_within_an_hour_is_refused(mona_client: Client, sms_phones: Phones):
    for _ in range(4):
        ask(mona_client)

    assert len(sms_phones.messages) == 3
    assert "أكثر" in mona_client.get(ACCOUNT).content.decode()


def test_a_wrong_code_is_said_and_the_right_one_taken(mona_client: Client, mona: User, sms_phones: Phones):
    ask(mona_client)
    code = sms_phones.messages[0].code

    wrong = type_code(mona_client, f"{(int(code) + 1) % 10**6:06}")

    assert wrong.context["form"].non_field_errors()
    assert not current(mona).proved_how
    assert type_code(mona_client, code).status_code == 302


# --- A code belongs to one person, one number, one purpose ------------------------------------------------------------


def test_the_code_of_another_login_proves_nothing(mona: User, sms_phones: Phones):
    challenge = asked_by(mona)
    send_waiting()

    with pytest.raises(CodeOver):
        prove_number(challenge_id=challenge.pk, code=sms_phones.messages[0].code, by=TraineeFactory())


def test_a_code_for_one_purpose_is_none_for_the_other(mona: User, sms_phones: Phones):
    proving = asked_by(mona)
    send_waiting()
    code = sms_phones.messages[0].code

    with pytest.raises(CodeOver):
        check_recovery_code(challenge_id=proving.pk, code=code)
    assert prove_number(challenge_id=proving.pk, code=code, by=mona)


def test_a_code_proves_once(mona: User, sms_phones: Phones):
    challenge = asked_by(mona)
    send_waiting()
    code = sms_phones.messages[0].code
    prove_number(challenge_id=challenge.pk, code=code, by=mona)
    Contact.objects.update(proved_how="", proved_at=None)

    with pytest.raises(CodeOver):
        prove_number(challenge_id=challenge.pk, code=code, by=mona)


def test_a_number_that_changed_before_the_answer_is_not_proved(mona: User, manager: User, sms_phones: Phones):
    challenge = asked_by(mona)
    send_waiting()
    record_contact(person_id=mona.person_id, kind=PHONE, value=OTHER_NUMBER, by=manager)

    with pytest.raises(CodeOver):
        prove_number(challenge_id=challenge.pk, code=sms_phones.messages[0].code, by=mona)

    assert not current(mona).proved_how


def test_a_number_that_another_person_has_now_is_not_proved_for_the_one_before(
    mona: User, manager: User, sms_phones: Phones
):
    challenge = asked_by(mona)
    send_waiting()
    owner = PersonFactory()
    record_contact(person_id=owner.pk, kind=PHONE, value=NUMBER, same=SameContact.CHANGED_OWNER, by=manager)

    with pytest.raises(CodeOver):
        prove_number(challenge_id=challenge.pk, code=sms_phones.messages[0].code, by=mona)

    assert not Contact.objects.current().get(value=NUMBER).proved_how


def test_no_code_is_sent_to_a_number_that_was_ended_meanwhile(mona: User, manager: User, sms_phones: Phones):
    asked_by(mona)
    end_contact(person_id=mona.person_id, kind=PHONE, by=manager)

    send_waiting()

    assert sms_phones.messages == []


# --- Two people with one number ---------------------------------------------------------------------------------------


@pytest.fixture
def other() -> User:
    return TraineeFactory(phone=NUMBER)


@pytest.fixture
def two_proofs(mona: User, other: User, sms_phones: Phones) -> None:
    proved(mona, sms_phones)
    proved(other, sms_phones)


@pytest.mark.usefixtures("two_proofs")
def test_two_proofs_suspend_its_recovery_for_both(mona: User, other: User):
    assert current(mona).is_disputed
    assert current(other).is_disputed
    assert recoverable_login(NUMBER) is None
    disputed = ModelLogEntry.objects.filter(action="accounts.contact.dispute")
    assert [entry.object_id for entry in disputed] == [str(current(mona).pk)]


@pytest.mark.usefixtures("two_proofs")
def test_they_are_shown_to_both_and_at_the_desk(mona: User, manager_client: Client, client: Client):
    client.force_login(mona)

    assert "أكّده شخص آخر" in client.get(ACCOUNT).content.decode()
    page = manager_client.get(reverse("person:inspect", args=[mona.person_id]))
    assert "اسأل لمن الرقم" in page.content.decode()


@pytest.mark.usefixtures("two_proofs")
def test_they_are_settled_at_the_desk_as_shared(mona: User, other: User, manager: User):
    settle(mona, SameContact.SHARED, by=manager)

    assert [(one.is_shared, one.is_disputed) for one in (current(mona), current(other))] == [
        (True, False)
    ] * 2
    assert recoverable_login(NUMBER) is None


@pytest.mark.usefixtures("two_proofs")
def test_they_are_settled_at_the_desk_as_one_persons(mona: User, other: User, manager: User):
    settle(mona, SameContact.CHANGED_OWNER, by=manager)
    # The other one still logs in with it.
    assert recoverable_login(NUMBER) is None
    User.objects.filter(pk=other.pk).update(phone=None, username="other")

    assert recoverable_login(NUMBER) == mona
    assert not Contact.objects.current().filter(person=other.person_id).exists()


@pytest.mark.usefixtures("two_proofs")
def test_the_form_of_the_desk_settles_them_without_another_change(mona: User, manager_client: Client):
    page = reverse("person:edit", args=[mona.person_id])
    form = manager_client.get(page).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}

    left_open = manager_client.post(page, typed)
    still = current(mona).is_disputed
    manager_client.post(page, {**typed, "same": SameContact.CHANGED_OWNER})

    assert (left_open.status_code, still) == (302, True)
    assert not current(mona).is_disputed


def settle(user: User, same: SameContact, *, by: User) -> None:
    record_contact(person_id=user.person_id, kind=PHONE, value=NUMBER, same=same, by=by)


def test_people_who_share_a_number_prove_it_without_a_dispute(mona: User, manager: User, sms_phones: Phones):
    other = TraineeFactory()
    record_contact(person_id=other.person_id, kind=PHONE, value=NUMBER, same=SameContact.SHARED, by=manager)

    for user in (mona, other):
        contact = proved(user, sms_phones)
        assert (contact.is_shared, contact.is_disputed) == (True, False)
    assert recoverable_login(NUMBER) is None


# --- Sending ----------------------------------------------------------------------------------------------------------


def test_the_code_is_six_digits_in_one_message_part_of_either_language(mona: User, sms_phones: Phones):
    for purpose in CodePurpose:
        for language in ("ar", "en"):
            Contact.objects.update(
                proved_how="" if purpose == CodePurpose.VERIFY else "code",
                proved_at=None if purpose == CodePurpose.VERIFY else timezone.now(),
            )
            request_code(
                purpose=purpose,
                number=NUMBER,
                language=language,
                address="::1",
                login=mona if purpose == CodePurpose.VERIFY else None,
            )
            send_waiting()
            ContactChallenge.objects.all().delete()

    assert [parts_of(message.text) for message in sms_phones.messages] == [1, 1, 1, 1]
    assert all(len(message.code) == 6 for message in sms_phones.messages)


def test_a_code_may_begin_with_zeros(mona: User, sms_phones: Phones, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(secrets, "randbelow", lambda _: 42)

    assert proved(mona, sms_phones)
    assert sms_phones.messages[0].code == "000042"


def test_a_message_that_was_lost_is_sent_again_and_one_delivered_twice_is_sent_once(
    mona: User, sms_phones: Phones, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
):
    dispatched: list[Any] = []
    monkeypatch.setattr(app, "send_task", lambda name, args, **_: dispatched.append((name, args)))
    # The request dispatches its row only: the code is not made yet. This message is lost.
    with django_capture_on_commit_callbacks(execute=True):
        challenge = asked_by(mona)
    lost(ContactChallenge.objects.all())
    with django_capture_on_commit_callbacks(execute=True):
        recover(ContactChallenge)

    for _name, args in dispatched:
        send_code(challenge_id=args[0])

    assert dispatched == [("accounts.tasks.send_code", [challenge.pk])] * 2
    assert len(sms_phones.messages) == 1
    assert prove_number(challenge_id=challenge.pk, code=sms_phones.messages[0].code, by=mona)


def test_a_worker_that_died_before_it_sent_is_followed_by_another(mona: User, sms_phones: Phones):
    challenge = asked_by(mona)
    lease(ContactChallenge, challenge.pk)
    ContactChallenge.objects.update(lease_until=timezone.now())

    recover(ContactChallenge)
    ContactChallenge.objects.update(due_at=timezone.now())
    send_waiting()

    assert len(sms_phones.messages) == 1


def test_a_gateway_that_refuses_is_tried_three_times_and_the_code_is_in_no_row_and_no_log(
    mona: User, sms_phones: Phones, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(secrets, "randbelow", lambda _: 987654)
    sms_phones.answer = 503
    asked_by(mona)

    with caplog.at_level(logging.DEBUG):
        for _ in range(4):
            send_waiting()
            ContactChallenge.objects.update(due_at=timezone.now())

    challenge = ContactChallenge.objects.get()
    assert (challenge.state, challenge.attempts) == (JobState.FAILED, 3)
    assert "answered 503" in challenge.error
    assert "987654" not in caplog.text
    assert "987654" not in everything_in_the_database()


def test_a_code_that_was_sent_and_used_is_in_no_row_and_no_log(
    mona: User, sms_phones: Phones, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(secrets, "randbelow", lambda _: 987654)

    with caplog.at_level(logging.DEBUG):
        proved(mona, sms_phones)

    assert "987654" not in caplog.text
    assert "987654" not in everything_in_the_database()


def test_an_answer_after_the_time_is_not_sent_any_more(mona: User, sms_phones: Phones):
    asked_by(mona)
    ContactChallenge.objects.update(expires_at=timezone.now())

    send_waiting()

    assert sms_phones.messages == []


def everything_in_the_database() -> str:
    """Of the tables that a code could be written to."""
    tables = (
        "accounts_contactchallenge",
        "accounts_contact",
        "wagtailcore_modellogentry",
        "accounts_auditentry",
    )
    with connection.cursor() as cursor:
        rows = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} AS t")
            rows += [text for (text,) in cursor.fetchall()]
    text = " ".join(rows)
    # Keyed hashes may have the same digits by chance.
    for hashes in ContactChallenge.objects.values_list("code_hash", "address_hash"):
        for digest in filter(None, hashes):
            text = text.replace(digest, "")
    return text
