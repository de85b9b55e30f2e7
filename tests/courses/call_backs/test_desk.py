"""The desk calls: of its own center, with tries, an outcome and a way back; what is closed is deleted."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import AuditEntry, Center, SiteNotice, User
from accounts.services.last_errors import LastError
from courses.enums import CallBackOutcome, CallBackState
from courses.models import CallBack, CallBackEntry, CallBackEvent, PinnedUnit
from courses.services.call_backs import (
    CallBackClosed,
    CallBackOpen,
    CalledJustNow,
    NotYourCall,
    Sent,
    TriedOftenEnough,
    close_call_back,
    note_unanswered_call,
    purge_call_backs,
    reopen_call_back,
    take_call_back,
)
from tests.factories.accounts import CenterFactory, MembershipFactory, TraineeFactory, staff_member
from tests.factories.call_backs import PHONE, asked_by, call_back_in
from tests.factories.courses import EnrollmentFactory, taught_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar(center: Center) -> User:
    return staff_member(RoleName.REGISTRAR, center)


@pytest.fixture
def trainee(center: Center) -> User:
    return TraineeFactory(person__registered_at=center)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, name: str, row: CallBack, **typed: str) -> None:
    client.post(reverse(f"call_backs:{name}", args=[row.pk]), typed)
    row.refresh_from_db()


def test_the_desk_takes_it_tries_three_times_and_closes_it(registrar: User, trainee: User):
    row = asked_by(trainee.person)
    client = logged_in(registrar)

    post(client, "take", row)
    for _ in range(4):
        post(client, "no_answer", row)
        post(client, "no_answer", row)
        row.events.update(at=F("at") - dt.timedelta(minutes=11))
    post(client, "close", row, outcome=CallBackOutcome.NOT_REACHED, note="مشغول\u202e دائمًا")

    assert (row.taken_by, row.tries, row.state) == (registrar, 3, CallBackState.CLOSED)
    assert row.events.last().note == "مشغول دائمًا"
    told = SiteNotice.objects.of(trainee).order_by("pk")
    assert [notice.subject for notice in told] == [
        "طلبك للاتصال: في انتظار الاتصال",
        *["طلبك للاتصال: اتصلنا ولم يُجب أحد"] * 3,
        "طلبك للاتصال: مغلق",
    ]
    assert not any("مشغول" in notice.body for notice in told)


def test_it_is_opened_again_with_new_tries_unless_the_number_asked_since(registrar: User, trainee: User):
    row = asked_by(trainee.person)
    note_unanswered_call(call_back_id=row.pk, by=registrar)
    close_call_back(call_back_id=row.pk, outcome="solved", note="", by=registrar)

    reopened = reopen_call_back(call_back_id=row.pk, by=registrar)

    assert (reopened.state, reopened.tries, reopened.outcome) == (CallBackState.OPEN, 0, "")
    close_call_back(call_back_id=row.pk, outcome="solved", note="", by=registrar)
    asked_by(trainee.person)
    with pytest.raises(CallBackOpen):
        reopen_call_back(call_back_id=row.pk, by=registrar)


def test_what_is_not_theirs_and_what_is_closed_is_refused(registrar: User, trainee: User, center: Center):
    row = asked_by(trainee.person)
    of_ministry = asked_by(None, center=None)
    own = asked_by(
        MembershipFactory(user=trainee, role=RoleName.REGISTRAR, center=center).user.person,
        phone="+201001234568",
    )

    for key, by in (
        (row.pk, staff_member(RoleName.REGISTRAR, CenterFactory())),
        (of_ministry.pk, registrar),
        (own.pk, trainee),
    ):
        with pytest.raises(NotYourCall):
            take_call_back(call_back_id=key, by=by)
    for _ in range(3):
        note_unanswered_call(call_back_id=row.pk, by=registrar)
        with pytest.raises((CalledJustNow, TriedOftenEnough)):
            note_unanswered_call(call_back_id=row.pk, by=registrar)
        row.events.update(at=F("at") - dt.timedelta(minutes=11))
    with pytest.raises(TriedOftenEnough):
        note_unanswered_call(call_back_id=row.pk, by=registrar)
    close_call_back(call_back_id=row.pk, outcome="solved", note="", by=registrar)
    with pytest.raises(CallBackClosed):
        take_call_back(call_back_id=row.pk, by=registrar)


def test_the_trail_has_who_and_what_and_neither_number_nor_words(registrar: User, trainee: User):
    row = asked_by(trainee.person, by=trainee)

    close_call_back(call_back_id=row.pk, outcome="solved", note="كلمة السر", by=registrar)

    entries = AuditEntry.objects.filter(action__startswith="courses.call_back").order_by("pk")
    assert [(entry.action, entry.by_id) for entry in entries] == [
        ("courses.call_back.asked", trainee.pk),
        ("courses.call_back.closed", registrar.pk),
    ]
    said = " ".join(str(vars(entry)) for entry in entries)
    assert not any(word in said for word in (PHONE, "الفيديو", "كلمة السر"))


def test_what_was_closed_weeks_ago_is_deleted_with_all_that_was_sent(registrar: User, trainee: User):
    old, kept = asked_by(trainee.person), asked_by(trainee.person, phone="+201001234568")
    for row in (old, kept):
        close_call_back(call_back_id=row.pk, outcome="solved", note="", by=registrar)
    CallBack.objects.filter(pk=old.pk).update(closed_at=timezone.now() - dt.timedelta(days=31))

    assert purge_call_backs() == 1

    assert CallBack.objects.get() == kept
    assert {row.call_back_id for row in (*CallBackEntry.objects.all(), *CallBackEvent.objects.all())} == {
        kept.pk
    }


def test_an_auditor_reads_numbers_and_opens_none(trainee: User, center: Center):
    row = asked_by(trainee.person)
    auditor = MembershipFactory(role=RoleName.AUDITOR, center=None, scope="ministry").user
    client = logged_in(auditor)

    counts = client.get(reverse("call_backs:counts")).content.decode()

    assert str(center) in counts
    assert "1001234567" not in counts
    assert client.get(reverse("call_backs:inspect", args=[row.pk])).status_code == 404
    assert client.get(reverse("call_backs:index")).status_code == 404


def test_the_page_shows_what_was_sent_and_leads_to_a_complaint(registrar: User, trainee: User):
    row = asked_by(trainee.person, text="<img src=x>")

    page = logged_in(registrar).get(reverse("call_backs:inspect", args=[row.pk])).content.decode()

    assert "&lt;img src=x&gt;" in page
    assert f"{reverse('complaint_desk')}?person={trainee.person_id}" in page


def test_the_page_is_named_in_words_and_by_its_unit(registrar: User, trainee: User):
    cohort = taught_cohort(lessons=1)
    enrollment = EnrollmentFactory(cohort=cohort, person=trainee.person)
    (unit,) = cohort.content_version.units
    address = reverse("courses:unit", args=[enrollment.public_id, unit["unit"]])
    error = LastError(500, "0123abcd", "courses:unit", timezone.now())
    row = asked_by(trainee.person, sent=Sent(page=address, error=error))

    page = logged_in(registrar).get(reverse("call_backs:inspect", args=[row.pk])).content.decode()

    title = PinnedUnit.objects.get(unit_key=unit["unit"]).content["title"]
    assert f"<dd><bdi>الدرس: {title}</bdi>" in page
    assert "courses:unit" not in page
    assert f"#{row.pk}<" not in page


def test_numbers_are_written_from_left_to_right_and_the_keys_have_their_name(registrar: User, trainee: User):
    row = asked_by(trainee.person)
    client = logged_in(registrar)

    pages = [
        client.get(path).content.decode()
        for path in (reverse("call_backs:index"), reverse("call_backs:inspect", args=[row.pk]))
    ]

    assert all('<bdo dir="ltr">010 01234567</bdo>' in page for page in pages)
    assert 'scope="rowgroup" colspan="2">طلب<' not in pages[0]
    assert "في كل الصفحات" in pages[0]


def test_the_page_takes_as_many_statements_for_ten_messages(registrar: User, trainee: User):
    client = logged_in(registrar)
    counts = []
    for _ in range(2):
        row = asked_by(trainee.person)
        address = reverse("call_backs:inspect", args=[row.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as statements:
            client.get(address)
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_the_numbers_take_as_many_statements_for_three_desks(center: Center):
    auditor = MembershipFactory(role=RoleName.AUDITOR, center=None, scope="ministry").user
    client = logged_in(auditor)
    counts = []
    for rows in (1, 3):
        for _ in range(rows):
            call_back_in(center)
        client.get(reverse("call_backs:counts"))
        with CaptureQueriesContext(connection) as statements:
            client.get(reverse("call_backs:counts"))
        counts.append(len(statements))

    assert counts[0] == counts[1]
