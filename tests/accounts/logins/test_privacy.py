"""The consent to the privacy notice: read, withdrawn, asked again; and requests at a desk."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import DataRequestKind, DataRequestState
from accounts.models import AuditEntry, Center, Consent, DataRequest, Person, User
from accounts.services.consents import PRIVACY, agree_to_privacy_notice, give_consent
from accounts.services.data_requests import ask_about_data
from tests.factories.accounts import PersonFactory, TraineeFactory

pytestmark = pytest.mark.django_db
ACCOUNT, NOTICE = "/ar/accounts/", "/ar/accounts/privacy/"


@pytest.fixture
def trainee(center: Center) -> User:
    user: User = TraineeFactory(person=PersonFactory(registered_at=center))
    return user


def test_a_changed_notice_asks_again_at_the_next_login(client: Client, trainee: User):
    give_consent(person_id=trainee.person_id, purpose=PRIVACY, text_version="2020-01", by=trainee)
    client.force_login(trainee)

    asked = client.get(ACCOUNT)
    page = client.get(NOTICE).content.decode()
    agreed = client.post(NOTICE, {"answer": "agree", "next": ACCOUNT})

    assert asked["Location"].startswith(NOTICE)
    assert 'value="agree"' in page
    assert agreed["Location"] == ACCOUNT
    assert client.get(ACCOUNT).status_code == 200


def test_who_agreed_to_the_notice_of_today_or_never_was_asked_is_not_asked(client: Client, trainee: User):
    client.force_login(trainee)
    assert client.get(ACCOUNT).status_code == 200
    agree_to_privacy_notice(person_id=trainee.person_id, by=trainee)
    client.force_login(trainee)

    assert client.get(ACCOUNT).status_code == 200


def test_consent_is_withdrawn_and_closes_the_pages_until_it_is_given_again(client: Client, trainee: User):
    agree_to_privacy_notice(person_id=trainee.person_id, by=trainee)
    client.force_login(trainee)
    assert NOTICE in client.get(ACCOUNT).content.decode()

    client.post(NOTICE, {"answer": "withdraw"})

    assert not Consent.objects.filter(person=trainee.person_id, withdrawn_at=None).exists()
    assert client.get(ACCOUNT)["Location"].startswith(NOTICE)
    assert client.post(reverse("account_data")).status_code == 200
    client.post(NOTICE, {"answer": "agree"})
    assert client.get(ACCOUNT).status_code == 200


def test_who_withdrew_asks_to_be_erased_on_the_same_page(client: Client, trainee: User):
    agree_to_privacy_notice(person_id=trainee.person_id, by=trainee)
    client.force_login(trainee)
    client.post(NOTICE, {"answer": "withdraw"})

    answer = client.post(NOTICE, {"answer": "erase"})

    request = DataRequest.objects.get(kind=DataRequestKind.ERASE)
    assert answer["Location"] == reverse("data_request", args=[request.public_id])
    assert client.get(answer["Location"]).status_code == 200


def test_a_desk_takes_a_request_down_and_says_where_its_answer_is(
    manager_client: Client, manager: User, trainee: User
):
    page = manager_client.get(reverse("person:inspect", args=[trainee.person_id])).content.decode()
    assert reverse("person:ask", args=[trainee.person_id]) in page

    answer = manager_client.post(
        reverse("person:ask", args=[trainee.person_id]), {"kind": "erase", "text": "يطلب المحو"}, follow=True
    )

    request = DataRequest.objects.get()
    assert (request.person_id, request.filed_by) == (trainee.person_id, manager)
    assert str(request.public_id) in answer.content.decode()


def test_a_desk_without_words_or_twice_is_refused(manager_client: Client, trainee: User):
    address = reverse("person:ask", args=[trainee.person_id])
    for text in ("", "يطلب", "مرة أخرى"):
        manager_client.post(address, {"kind": "erase", "text": text})

    assert DataRequest.objects.count() == 1


@pytest.mark.parametrize("asked", [{}, {"kind": "all"}])
def test_a_desk_that_chose_nothing_that_can_be_asked_is_told_so(
    manager_client: Client, trainee: User, asked: dict[str, str]
):
    answer = manager_client.post(
        reverse("person:ask", args=[trainee.person_id]), asked | {"text": "يطلب"}, follow=True
    )

    assert "اختر ما طُلب عند الشباك واكتبه." in answer.content.decode()
    assert not DataRequest.objects.exists()


# Sunday to Thursday are working days; the first one is after the day on which it was asked.
@pytest.mark.parametrize(
    ("asked", "due"),
    [("2026-12-02", "2026-12-10"), ("2026-12-03", "2026-12-13"), ("2026-12-04", "2026-12-13")],
)
def test_an_answer_is_due_in_six_working_days(trainee: User, asked: str, due: str):
    request = ask_about_data(kind=DataRequestKind.ERASE, text="", by=trainee)
    at = dt.datetime.combine(
        dt.date.fromisoformat(asked), dt.time(12), tzinfo=timezone.get_current_timezone()
    )
    DataRequest.objects.update(asked_at=at)

    request.refresh_from_db()

    assert request.due_on.isoformat() == due
    assert request.is_late == (request.due_on < timezone.localdate())


def test_an_answered_request_is_never_late(trainee: User):
    request = ask_about_data(kind=DataRequestKind.ERASE, text="", by=trainee)
    request.asked_at -= dt.timedelta(days=30)
    assert request.is_late

    request.state = DataRequestState.REFUSED

    assert not request.is_late


def test_a_legal_hold_is_the_ministrys_and_logged(manager_client: Client, trainee: User, client: Client):
    from_center = manager_client.post(reverse("person:hold", args=[trainee.person_id]), {"reason": "قضية ١٢"})
    assert from_center.status_code == 404
    assert not Person.objects.get(pk=trainee.person_id).legal_hold


def test_an_officer_holds_and_ends_the_hold(superuser: User, trainee: User, client: Client):
    client.force_login(superuser)
    address = reverse("person:hold", args=[trainee.person_id])

    client.post(address, {"reason": "قضية ١٢"})
    held = Person.objects.get(pk=trainee.person_id).legal_hold
    client.post(address, {"reason": ""})

    assert (held, Person.objects.get(pk=trainee.person_id).legal_hold) == ("قضية ١٢", "")
    assert AuditEntry.objects.filter(action="accounts.person.hold", person=trainee.person_id).count() == 2
