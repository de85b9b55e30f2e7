"""Erasing a person: by two, of everything that no law keeps, and again after a restore."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.enums import DataRequestKind, DataRequestState, MembershipScope, NoticeState, RoleName
from accounts.errors import DomainError
from accounts.models import Center, DataRequest, Person, User
from accounts.scoping.work import WorkItem
from accounts.services.audit_verifying import AuditVerification
from accounts.services.data_requests import SecondPersonDecides, ask_about_data, decide_data_request
from accounts.services.erased_rows import IsGuardian, LegalHoldStands, WorkedAsStaff
from accounts.services.erasing import erasing_rules, preview_of
from accounts.services.erasures import ErasedAlready, RegisterNotWritten, erase_person
from accounts.services.person_search import matching
from accounts.work import DataRequests
from courses.models import SeatNotice
from courses.services.erased_rows import StillLearns
from tests.accounts.people.erasing import columns_with_the_word, erased, with_rows_everywhere, with_the_word
from tests.accounts.people.merging import whole_database
from tests.factories.accounts import (
    MembershipFactory,
    PersonFactory,
    TraineeFactory,
    deputy_for,
    staff_member,
)
from tests.factories.complaints import complaint_of
from tests.factories.courses import EnrollmentFactory

pytestmark = pytest.mark.django_db


def officer_of_the_ministry() -> User:
    user: User = MembershipFactory(
        role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None
    ).user
    return user


@pytest.fixture(autouse=True)
def register(settings, tmp_path: Path) -> Path:
    settings.ERASURE_REGISTER = tmp_path / "erasures.jsonl"
    return tmp_path / "erasures.jsonl"


@pytest.fixture
def trainee(center: Center) -> User:
    user: User = TraineeFactory(person=PersonFactory(registered_at=center), email="mona@example.org")
    return user


def test_nothing_of_a_person_is_left_but_what_is_kept_for_a_reason():
    user = with_rows_everywhere()
    planted = with_the_word(user.person)

    erased(user, first=officer_of_the_ministry(), second=officer_of_the_ministry())

    kept = {
        f"{rule.model._meta.label}.{rule.model._meta.get_field(name).column}"
        for rule in erasing_rules()
        if rule.because
        for name in rule.columns
    }
    assert planted > 80
    assert columns_with_the_word() - kept == set()


def test_no_one_finds_or_opens_an_erased_person(trainee: User, client: Client):
    person = trainee.person
    EnrollmentFactory(person=person, state="failed")
    first, second = officer_of_the_ministry(), officer_of_the_ministry()
    name = person.full_name_ar
    client.force_login(trainee)

    erased(trainee, first=first, second=second)

    assert client.get(reverse("account")).status_code == 302
    assert not matching(Person.everyone.all(), name).exists()
    assert not Person.objects.filter(pk=person.pk).exists()
    user = User.objects.get(pk=trainee.pk)
    assert (user.is_active, user.has_usable_password(), user.email, user.phone) == (False, False, None, None)
    staff = Client()
    staff.force_login(first)
    assert staff.get(reverse("person:inspect", args=[person.pk])).status_code == 404
    assert name not in staff.get(reverse("data_requests:index")).content.decode()


def test_one_person_does_not_erase(trainee: User):
    first = officer_of_the_ministry()
    request = ask_about_data(kind=DataRequestKind.ERASE, text="", by=trainee)
    decide_data_request(request_id=request.pk, is_done=True, answer="تم", by=first)
    deputy = deputy_for(first.memberships.get()).user

    for one in (first, deputy):
        with pytest.raises(SecondPersonDecides):
            decide_data_request(request_id=request.pk, is_done=True, answer="تم", by=one)

    assert Person.objects.filter(pk=trainee.person_id).exists()
    request.refresh_from_db()
    assert request.state == DataRequestState.PROPOSED


def test_a_proposed_erasure_is_refused_by_either(trainee: User):
    first = officer_of_the_ministry()
    request = ask_about_data(kind=DataRequestKind.ERASE, text="", by=trainee)
    decide_data_request(request_id=request.pk, is_done=True, answer="تم", by=first)

    refused = decide_data_request(request_id=request.pk, is_done=False, answer="سجل الدراسة يبقى", by=first)

    assert refused.state == DataRequestState.REFUSED
    assert Person.objects.filter(pk=trainee.person_id).exists()


def lines_of(user: User) -> list[WorkItem]:
    """On the home of `user`, by the roles as they are now."""
    user, work = User.objects.get(pk=user.pk), DataRequests()
    return work.lines(list(work.rows(user)), user) if work.is_for(user) else []


def test_a_proposed_erasure_waits_on_the_home_of_a_second_officer(trainee: User, client: Client):
    first, second = officer_of_the_ministry(), officer_of_the_ministry()
    request = ask_about_data(kind=DataRequestKind.ERASE, text="", by=trainee)
    before = {user.pk: len(lines_of(user)) for user in (first, second)}

    client.force_login(first)
    posted = {"decision": DataRequestState.DONE, "answer": "تم"}
    answered = client.post(reverse("data_requests:edit", args=[request.pk]), posted, follow=True).text
    (line,) = lines_of(second)
    client.force_login(second)
    page = client.get(line.url).text

    assert before == {first.pk: 1, second.pk: 1}
    assert "ينتظر قرار مسؤول آخر" in answered
    assert str(first) in line.note
    assert escape(str(first)) in page
    assert lines_of(first) == []
    decide_data_request(request_id=request.pk, is_done=True, answer="تم", by=second)
    assert lines_of(second) == []


def test_a_proposed_erasure_waits_on_no_home_of_who_counts_as_its_first_officer(trainee: User):
    lender, other = officer_of_the_ministry(), officer_of_the_ministry()
    deputy = deputy_for(lender.memberships.get()).user
    request = ask_about_data(kind=DataRequestKind.ERASE, text="", by=trainee)

    decide_data_request(request_id=request.pk, is_done=True, answer="تم", by=deputy)

    assert {user.pk: len(lines_of(user)) for user in (lender, deputy, other)} == {
        lender.pk: 0,
        deputy.pk: 0,
        other.pk: 1,
    }


def test_an_erasure_waits_on_no_home_of_a_center_nor_of_whose_data_it_is(trainee: User, center: Center):
    local = [
        staff_member(role, center)
        for role in (RoleName.REGISTRAR, RoleName.CENTER_MANAGER, RoleName.MINISTRY_OFFICER)
    ]
    own = officer_of_the_ministry()
    User.objects.filter(pk=own.pk).update(person=PersonFactory(registered_at=center))
    own.refresh_from_db()
    deputy = deputy_for(own.memberships.get()).user
    ask_about_data(kind=DataRequestKind.ERASE, text="", by=own)
    request = ask_about_data(kind=DataRequestKind.ERASE, text="", by=trainee)

    decide_data_request(request_id=request.pk, is_done=True, answer="تم", by=officer_of_the_ministry())

    assert [lines_of(user) for user in local] == [[], [], []]
    assert [[line.text for line in lines_of(user)] for user in (own, deputy)] == [[str(trainee.person)]] * 2


def _held(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(legal_hold="قضية ١٢")


def _learning(person: Person) -> None:
    EnrollmentFactory(person=person)


def _guarding(person: Person) -> None:
    PersonFactory(guardian=person)


def _working(person: Person) -> None:
    MembershipFactory(user=person.user, role=RoleName.REGISTRAR)


def _complaining(person: Person) -> None:
    complaint_of(EnrollmentFactory(person=person, state="failed"))


@pytest.mark.parametrize(
    ("write", "refusal"),
    [
        (_held, LegalHoldStands),
        (_learning, StillLearns),
        (_guarding, IsGuardian),
        (_working, WorkedAsStaff),
        (_complaining, DomainError),
    ],
)
def test_an_erasure_is_refused_with_its_reason(trainee: User, write, refusal: type[DomainError]):
    write(trainee.person)
    request = ask_about_data(kind=DataRequestKind.ERASE, text="", by=trainee)

    with pytest.raises(refusal):
        decide_data_request(request_id=request.pk, is_done=True, answer="تم", by=officer_of_the_ministry())

    assert [type(one) for one in preview_of(trainee.person).refusals]
    request.refresh_from_db()
    assert request.state == DataRequestState.OPEN


def test_what_began_after_the_first_decision_refuses_the_second(trainee: User):
    request = ask_about_data(kind=DataRequestKind.ERASE, text="", by=trainee)
    decide_data_request(request_id=request.pk, is_done=True, answer="تم", by=officer_of_the_ministry())
    _learning(trainee.person)

    with pytest.raises(StillLearns):
        decide_data_request(request_id=request.pk, is_done=True, answer="تم", by=officer_of_the_ministry())

    assert Person.objects.get(pk=trainee.person_id).full_name_ar


def test_the_trail_still_verifies_without_the_words():
    user = with_rows_everywhere()

    erased(user, first=officer_of_the_ministry(), second=officer_of_the_ministry())

    verification = AuditVerification()
    assert not list(verification.findings())
    assert verification.erased > 0


def test_messages_that_wait_are_sent_to_no_one(trainee: User):
    person = trainee.person
    cohort = EnrollmentFactory(person=person, state="failed").cohort
    notice = SeatNotice.objects.create(person=person, cohort=cohort, kind="list_closed")

    erased(trainee, first=officer_of_the_ministry(), second=officer_of_the_ministry())

    notice.refresh_from_db()
    assert notice.state == NoticeState.DROPPED


def test_the_answer_is_read_without_a_login(trainee: User, client: Client):
    request = erased(trainee, first=officer_of_the_ministry(), second=officer_of_the_ministry())

    page = client.get(reverse("data_request", args=[request.public_id]))

    assert page.status_code == 200
    assert "تم" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_without_its_register_nothing_is_erased(trainee: User, settings, tmp_path: Path):
    settings.ERASURE_REGISTER = tmp_path

    with pytest.raises(RegisterNotWritten):
        erased(trainee, first=officer_of_the_ministry(), second=officer_of_the_ministry())

    assert Person.objects.get(pk=trainee.person_id).full_name_ar
    assert User.objects.get(pk=trainee.pk).is_active


def test_the_register_names_no_one(register: Path):
    user = with_rows_everywhere()
    document = user.person.documents.first()

    erased(user, first=officer_of_the_ministry(), second=officer_of_the_ministry())

    text = register.read_text()
    assert text.count("\n") == 1
    for name in (str(user.person.public_id), document.number_hmac, document.last4, user.person.full_name_ar):
        assert name not in text


def test_who_comes_back_with_an_older_copy_is_erased_again(trainee: User, center: Center, capsys):
    person = trainee.person
    other = PersonFactory(registered_at=center)
    names, logins = person.full_name_ar, User.objects.filter(pk=trainee.pk)
    before = {"name": names, "email": trainee.email}
    erased(trainee, first=officer_of_the_ministry(), second=officer_of_the_ministry())
    # The rows as a copy from before has them.
    Person.everyone.filter(pk=person.pk).update(erased_at=None, full_name_ar=names, folded_name=names)
    logins.update(email=before["email"], is_active=True)
    DataRequest.objects.update(state=DataRequestState.OPEN, decided_at=None, answer="")

    call_command("apply_erasures")

    assert capsys.readouterr().out == "Erased again: 1.\n"
    assert not Person.objects.filter(pk=person.pk).exists()
    assert not logins.filter(is_active=True).exists()
    assert Person.objects.get(pk=other.pk).full_name_ar == other.full_name_ar
    unchanged = whole_database()
    call_command("apply_erasures")
    assert whole_database() == unchanged


def test_a_number_that_is_registered_again_is_of_a_new_record(trainee: User, center: Center):
    number = trainee.person.documents.create(
        kind="national_id", number_encrypted=b"x", number_hmac="h" * 64, last4="1234"
    ).number_hmac
    erased(trainee, first=officer_of_the_ministry(), second=officer_of_the_ministry())
    again = PersonFactory(registered_at=center)
    again.documents.create(kind="national_id", number_encrypted=b"x", number_hmac=number, last4="1234")

    call_command("apply_erasures")

    assert Person.objects.filter(pk=again.pk).exists()


def test_a_person_is_erased_once(trainee: User):
    erase_person(person_id=trainee.person_id, reason="x", by=None)

    with pytest.raises(ErasedAlready):
        erase_person(person_id=trainee.person_id, reason="x", by=None)


def test_the_preview_says_what_goes_what_stays_and_why(trainee: User, client: Client):
    EnrollmentFactory(person=trainee.person, state="failed")
    request = ask_about_data(kind=DataRequestKind.ERASE, text="", by=trainee)
    client.force_login(officer_of_the_ministry())

    page = client.get(reverse("data_requests:edit", args=[request.pk])).content.decode()

    preview = preview_of(trainee.person)
    assert preview.stays
    for part in (*preview.goes, *preview.stays):
        assert escape(part.name) in page
        assert escape(part.because) in page
