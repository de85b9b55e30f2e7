"""One's own account: what is on record, the file of it, and requests that staff answer."""

import json

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.enums import DataRequestKind, DataRequestState, MembershipScope, RoleName
from accounts.models import Center, DataRequest, Person, User
from accounts.services.contacts import record_contact
from accounts.services.data_requests import (
    AnswerMissing,
    AskedAlready,
    ErasureIsTheMinistrys,
    NotCorrectedYet,
    OwnRequest,
    RequestDecided,
    RequestNeedsWords,
    ask_about_data,
    decide_data_request,
    hold,
    take_down_request,
)
from accounts.services.login_notices import deliver_login_notices
from accounts.services.people import correct_person
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory, UserFactory
from tests.factories.certificates import issued
from tests.factories.courses import EnrollmentFactory

pytestmark = pytest.mark.django_db
ACCOUNT = "/ar/accounts/"
CORRECT, ERASE = DataRequestKind.CORRECT, DataRequestKind.ERASE


@pytest.fixture
def trainee(center: Center) -> User:
    return TraineeFactory(person=PersonFactory(registered_at=center), email="mona@example.org")


@pytest.fixture
def trainee_client(client: Client, trainee: User) -> Client:
    client.force_login(trainee)
    return client


@pytest.fixture
def officer(db: None) -> User:
    return MembershipFactory(role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None).user


def test_the_page_shows_what_is_on_record(trainee_client: Client, trainee: User, manager: User):
    record_contact(person_id=trainee.person_id, kind="phone", value="+201012345678", by=manager)

    page = trainee_client.get(ACCOUNT).content.decode()

    assert trainee.person.full_name_ar in page
    assert "٠١٠ ١٢٣٤٥٦٧٨" in page
    for link in ("account_change_password", "account_sessions", "mfa_index"):
        assert reverse(link) in page


def test_staff_without_a_record_have_the_page_of_their_login_only(client: Client):
    client.force_login(UserFactory())

    page = client.get(ACCOUNT).content.decode()

    assert reverse("account_change_password") in page
    assert reverse("account_data") not in page
    assert client.post(reverse("account_data")).status_code == 404


def test_a_visitor_has_no_account(client: Client):
    for address in (ACCOUNT, reverse("account_data")):
        assert client.post(address).status_code == 302
    assert not DataRequest.objects.exists()


# --- The file ------------------------------------------------------------------------------------------------------


def data_of(client: Client) -> dict[str, list[dict[str, object]]]:
    answer = client.post(reverse("account_data"))
    assert "attachment" in answer["Content-Disposition"]
    return json.loads(b"".join(answer.streaming_content))


def test_the_file_has_the_persons_records_of_every_app(trainee_client: Client, trainee: User):
    EnrollmentFactory(person=trainee.person)

    data = data_of(trainee_client)

    assert data["person"][0]["full_name_ar"] == trainee.person.full_name_ar
    assert data["login"][0]["email"] == "mona@example.org"
    assert len(data["enrollments"]) == 1
    assert {"contacts", "consents", "units", "attendance", "tests", "certificates", "live_classes"} <= set(
        data
    )


def test_the_file_has_no_row_of_another_person(trainee_client: Client):
    other = issued()
    TraineeFactory(person=other.holder)

    data = data_of(trainee_client)

    assert data["certificates"] == data["enrollments"] == []
    assert other.number not in json.dumps(data)


def test_the_file_has_no_secret(trainee_client: Client, trainee: User):
    text = json.dumps(data_of(trainee_client))

    for secret in ("password", "hmac", "encrypted", "salt"):
        assert secret not in text
    assert trainee.password not in text


# --- Requests ------------------------------------------------------------------------------------------------------


def test_a_correction_is_asked_on_the_page_and_answered_by_the_center(
    trainee_client: Client, trainee: User, manager: User
):
    trainee_client.post(ACCOUNT, {"kind": CORRECT, "text": "اسمي منى لا مني"})
    request = DataRequest.objects.get()
    staff = Client()
    staff.force_login(manager)
    assert "اسمي منى لا مني" in staff.get(reverse("data_requests:index")).content.decode()

    form = staff.get(reverse("data_requests:edit", args=[request.pk])).content.decode()
    assert "اسمي منى لا مني" in form
    assert reverse("person:inspect", args=[trainee.person_id]) in form
    correct_person(person_id=trainee.person_id, full_name_ar="منى إبراهيم عبد الله", by=manager)
    staff.post(reverse("data_requests:edit", args=[request.pk]), {"decision": "done", "answer": "صُحح الاسم"})

    request.refresh_from_db()
    assert (request.state, request.decided_by) == (DataRequestState.DONE, manager)
    assert "صُحح الاسم" in trainee_client.get(ACCOUNT).content.decode()
    deliver_login_notices()
    assert "/accounts/" in mail.outbox[-1].body


def test_what_was_not_done_is_not_answered_as_done(trainee: User, officer: User):
    request = ask_about_data(kind=CORRECT, text="x", by=trainee)

    with pytest.raises(NotCorrectedYet):
        decide_data_request(request_id=request.pk, is_done=True, answer="تم", by=officer)

    request.refresh_from_db()
    assert request.state == DataRequestState.OPEN


def test_a_request_is_asked_once_until_it_is_answered(trainee: User, manager: User):
    request = ask_about_data(kind=CORRECT, text="x", by=trainee)

    with pytest.raises(AskedAlready):
        ask_about_data(kind=CORRECT, text="y", by=trainee)
    decide_data_request(request_id=request.pk, is_done=False, answer="no", by=manager)

    assert ask_about_data(kind=CORRECT, text="z", by=trainee).state == DataRequestState.OPEN


def test_the_page_says_that_it_was_asked_already(trainee_client: Client):
    for _ in range(2):
        answer = trainee_client.post(ACCOUNT, {"kind": CORRECT, "text": "x"})

    assert answer.status_code == 200
    assert DataRequest.objects.count() == 1


def test_an_answer_has_words_and_is_given_once(trainee: User, manager: User):
    request = ask_about_data(kind=CORRECT, text="x", by=trainee)

    with pytest.raises(AnswerMissing):
        decide_data_request(request_id=request.pk, is_done=True, answer="  ", by=manager)
    decide_data_request(request_id=request.pk, is_done=False, answer="no", by=manager)
    with pytest.raises(RequestDecided):
        decide_data_request(request_id=request.pk, is_done=False, answer="no", by=manager)


def test_the_ministry_alone_decides_about_erasure(trainee: User, manager: User, officer: User):
    request = ask_about_data(kind=ERASE, text="x", by=trainee)

    with pytest.raises(ErasureIsTheMinistrys):
        decide_data_request(request_id=request.pk, is_done=True, answer="done", by=manager)

    assert decide_data_request(request_id=request.pk, is_done=False, answer="they stay", by=officer)


def test_no_one_answers_their_own_request(manager: User, center: Center):
    manager.person = PersonFactory(registered_at=center)
    manager.save()
    request = ask_about_data(kind=CORRECT, text="x", by=manager)

    with pytest.raises(OwnRequest):
        decide_data_request(request_id=request.pk, is_done=True, answer="done", by=manager)


def test_no_one_takes_down_a_request_of_their_own(manager: User, center: Center):
    manager.person = PersonFactory(registered_at=center)
    manager.save()

    with pytest.raises(OwnRequest):
        take_down_request(person_id=manager.person_id, kind=CORRECT, text="x", by=manager)


def test_a_request_is_taken_down_with_what_was_asked(trainee: User, manager: User):
    with pytest.raises(RequestNeedsWords):
        take_down_request(person_id=trainee.person_id, kind=CORRECT, text=" ", by=manager)


def test_the_ministry_alone_forbids_to_erase_and_not_for_its_own(trainee: User, manager: User, officer: User):
    officer.person = PersonFactory()
    officer.save()

    with pytest.raises(ErasureIsTheMinistrys):
        hold(person_id=trainee.person_id, reason="a court asked for it", by=manager)
    with pytest.raises(OwnRequest):
        hold(person_id=officer.person_id, reason="a court asked for it", by=officer)

    assert not Person.objects.exclude(legal_hold="").exists()


def test_another_center_reads_no_request(trainee: User, client: Client, other_center: Center):
    request = ask_about_data(kind=CORRECT, text="سر الطلب", by=trainee)
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=other_center).user)

    assert "سر الطلب" not in client.get(reverse("data_requests:index")).content.decode()
    assert client.get(reverse("data_requests:inspect", args=[request.pk])).status_code == 404
    assert client.get(reverse("data_requests:edit", args=[request.pk])).status_code == 404


@pytest.mark.parametrize("typed", [{"kind": "other", "text": "x"}, {"kind": CORRECT, "text": ""}])
def test_what_is_no_request_is_named(trainee_client: Client, typed: dict[str, str]):
    assert trainee_client.post(ACCOUNT, typed).context["form"].errors
    assert not DataRequest.objects.exists()
