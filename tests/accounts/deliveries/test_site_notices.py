"""Every notice is read on the site, too: counted at the bell, opened, marked as read, deleted when it is old."""

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.enums import NoticeState
from accounts.models import Center, SiteNotice, User
from accounts.services.courtesies import choose_notices
from accounts.services.login_notices import deliver_login_notices, notify_holder
from accounts.services.personal_data import personal_data
from accounts.services.site_notices import purge_site_notices
from courses.enums import SeatNoticeKind
from courses.models import SeatNotice
from courses.services.notices import send_seat_notices
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory
from tests.factories.courses import CohortFactory

pytestmark = pytest.mark.django_db
PAGE = "/ar/notices/"
COUNT = "bell__count"


@pytest.fixture
def trainee(center: Center) -> User:
    return TraineeFactory(person=PersonFactory(registered_at=center), email="mona@example.org")


@pytest.fixture
def trainee_client(client: Client, trainee: User) -> Client:
    client.force_login(trainee)
    return client


def told(user: User, count: int = 1) -> list[SiteNotice]:
    return [
        SiteNotice.objects.create(
            person=user.person, about="courses.seatnotice", notice=number, subject=f"خبر {number}", body="نص"
        )
        for number in range(1, count + 1)
    ]


def news(person, kind: SeatNoticeKind = SeatNoticeKind.LIST_CLOSED) -> SeatNotice:
    return SeatNotice.objects.create(
        person=person, cohort=CohortFactory(center=person.registered_at), kind=kind
    )


def test_a_notice_that_is_mailed_is_on_the_site_once_however_often_it_is_sent(trainee: User):
    notices = [news(trainee.person), news(trainee.person, SeatNoticeKind.LAPSED)]

    send_seat_notices()
    SeatNotice.objects.update(state=NoticeState.WAITING, due_at=timezone.now())
    send_seat_notices()

    assert len(mail.outbox) == 2
    rows = SiteNotice.objects.order_by("pk")
    assert [(row.person, row.notice, row.link) for row in rows] == [
        (trainee.person, notice.pk, "/ar/learning/") for notice in notices
    ]
    # The letter said both in one mail, with addresses that a page does not need.
    assert all("http" not in row.body for row in rows)


def test_what_was_switched_off_is_on_the_site_all_the_same(trainee: User):
    choose_notices(person_id=trainee.person_id, declined=[("waiting_list", "email")], by=trainee)
    news(trainee.person)

    send_seat_notices()

    assert mail.outbox == []
    assert SiteNotice.objects.get().person == trainee.person


def test_who_has_no_login_finds_it_with_the_first_one(client: Client, center: Center):
    person = PersonFactory(registered_at=center)
    news(person)
    send_seat_notices()

    client.force_login(TraineeFactory(person=person))

    assert COUNT in client.get(PAGE).content.decode()


def test_a_login_without_a_person_reads_what_was_done_to_it(client: Client, center: Center):
    staff = MembershipFactory(center=center).user
    notify_holder(user=staff, kind="new_password", center=None)
    deliver_login_notices()

    client.force_login(staff)

    assert SiteNotice.objects.get().user == staff
    assert COUNT in client.get(PAGE).content.decode()
    # In the menu of the staff workplace.
    assert ' (1)"' in client.get("/admin/").content.decode()


def test_two_devices_show_the_same_number(trainee: User, trainee_client: Client):
    elsewhere = Client()
    elsewhere.force_login(trainee)
    first, _second = told(trainee, 2)
    assert ">٢</span>" in elsewhere.get(PAGE).content.decode()

    opened = trainee_client.get(f"{PAGE}{first.pk}/").content.decode()

    assert ">١</span>" in opened
    assert ">١</span>" in elsewhere.get("/ar/learning/").content.decode()


def test_one_is_marked_without_being_opened_and_all_at_once(trainee: User, trainee_client: Client):
    first, second, third = told(trainee, 3)

    trainee_client.post(f"{PAGE}{first.pk}/read/", {"page": "1"})
    trainee_client.post(f"{PAGE}read/", {"newest": second.pk})

    # One that came after the page was made stays unread.
    assert list(SiteNotice.objects.unread()) == [third]
    trainee_client.post(f"{PAGE}read/", {"newest": third.pk})
    assert COUNT not in trainee_client.get(PAGE).content.decode()


def test_what_another_was_told_is_not_there(trainee: User, client: Client):
    row = told(trainee)[0]
    client.force_login(TraineeFactory())

    assert client.get(f"{PAGE}{row.pk}/").status_code == 404
    assert client.post(f"{PAGE}{row.pk}/read/").status_code == 404
    client.post(f"{PAGE}read/", {"newest": row.pk})
    row.refresh_from_db()
    assert row.read_at is None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_as_many_statements_for_many_notices(
    trainee: User, trainee_client: Client, rows: int, django_assert_num_queries
):
    told(trainee, rows)
    trainee_client.get(PAGE)

    with django_assert_num_queries(7):
        trainee_client.get(PAGE)


def test_markup_is_shown_as_it_was_written(trainee: User, trainee_client: Client):
    row = told(trainee)[0]
    SiteNotice.objects.update(subject="<b>x</b>", body="<script>alert(1)</script>")

    for page in (PAGE, f"{PAGE}{row.pk}/"):
        html = trainee_client.get(page).content.decode()
        assert "<b>x</b>" not in html
        assert "<script>alert" not in html


def test_old_notices_are_deleted(trainee: User, settings: Settings):
    old, _young = told(trainee, 2)
    SiteNotice.objects.filter(pk=old.pk).update(
        created_at=timezone.now() - dt.timedelta(days=settings.SITE_NOTICE_DAYS + 1)
    )

    assert purge_site_notices() == 1
    assert not SiteNotice.objects.filter(pk=old.pk).exists()


def test_they_are_in_the_own_data(trainee: User):
    told(trainee)

    assert "خبر 1" in "".join(personal_data(trainee.person))
