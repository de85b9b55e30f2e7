"""Staff send a message again that did not arrive, once, and nothing that arrived; operators see those of everyone."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.enums import ContactKind, DeliveryChannel, DeliveryPurpose, DeliveryState, NoticeState
from accounts.models import AuditEntry, Center, Contact, Delivery, LoginNotice, Person, User
from accounts.services.login_notices import notify_holder
from accounts.services.resending import NoSuchMessage, NoWayToReach, send_again
from courses.enums import SeatNoticeKind
from courses.models import SeatNotice
from courses.services.notices import send_seat_notices
from tests.accounts.phones import Phones, phones
from tests.certificates.browsers import confirmed
from tests.factories.accounts import PersonFactory, TraineeFactory, UserFactory
from tests.factories.certificates import officer_of_the_ministry
from tests.factories.courses import CohortFactory

pytestmark = pytest.mark.django_db
SEAT = "courses.seatnotice"


@pytest.fixture
def gateway(settings: Settings) -> Iterator[Phones]:
    with phones() as taken:
        settings.SMS_GATEWAY_URL = taken.url
        yield taken


@pytest.fixture
def person(center: Center) -> Person:
    return PersonFactory(registered_at=center)


def untold(
    person: Person, center: Center, state: NoticeState = NoticeState.FAILED, **facts: object
) -> SeatNotice:
    return SeatNotice.objects.create(
        person=person,
        cohort=CohortFactory(center=center),
        kind=SeatNoticeKind.LIST_CLOSED,
        state=state,
        attempts=5,
        **facts,
    )


def press(client: Client, person: Person, notice: SeatNotice, about: str = SEAT) -> str:
    address = reverse("person:tell_again", args=[person.pk])
    return client.post(address, {"about": about, "notice": notice.pk}, follow=True).content.decode()


def under_way(person: Person) -> Delivery:
    """As a worker leaves it that was killed after the gateway was asked."""
    return Delivery.objects.create(
        person=person,
        about=SEAT,
        purpose=DeliveryPurpose.NOTICE,
        channel=DeliveryChannel.SMS,
        state=DeliveryState.HANDING_OVER,
    )


def test_a_message_is_sent_again_once_however_often_the_button_is_pressed(
    manager_client: Client, person: Person, center: Center, gateway: Phones, noon: dt.datetime
):
    Contact.objects.create(person=person, kind=ContactKind.PHONE, value="+201012345678")
    notice = untold(person, center, delivery=under_way(person))

    for _ in range(2):
        press(manager_client, person, notice)
    for _ in range(2):
        send_seat_notices()

    assert len(gateway.messages) == 1
    assert AuditEntry.objects.filter(action="accounts.notice.send_again", person=person).count() == 1


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (NoticeState.SENT, "وصلت هذه الرسالة"),
        (NoticeState.SHOWN, "وصلت هذه الرسالة"),
        (NoticeState.DROPPED, "لم يعد ما تقوله"),
    ],
)
def test_what_arrived_or_is_no_longer_true_is_not_sent_again(
    manager_client: Client, person: Person, center: Center, state: NoticeState, words: str
):
    notice = untold(person, center, state)

    assert words in press(manager_client, person, notice)

    notice.refresh_from_db()
    assert notice.state == state


def test_a_code_is_asked_for_again_and_never_sent_again(
    manager_client: Client, person: Person, center: Center
):
    page = press(manager_client, person, untold(person, center), about="accounts.contactchallenge")

    assert "لا يُرسل الرمز مرة أخرى" in page
    assert not SeatNotice.objects.filter(state=NoticeState.WAITING).exists()


def test_no_one_sends_the_message_of_another_person_or_center(
    manager: User, person: Person, center: Center, other_center: Center
):
    here = untold(PersonFactory(registered_at=center), center)
    elsewhere = untold(person, other_center)

    for notice in (here, elsewhere):
        with pytest.raises(NoSuchMessage):
            send_again(about=SEAT, notice_id=notice.pk, by=manager, person_id=person.pk)

    assert SeatNotice.objects.filter(state=NoticeState.FAILED).count() == 2


def test_what_has_no_way_to_the_person_waits_for_a_number(
    manager_client: Client, manager: User, person: Person, center: Center, gateway: Phones
):
    notice = untold(person, center, NoticeState.UNREACHED)
    person_page, button = (reverse(f"person:{name}", args=[person.pk]) for name in ("inspect", "tell_again"))

    with pytest.raises(NoWayToReach):
        send_again(about=SEAT, notice_id=notice.pk, by=manager, person_id=person.pk)
    shown = manager_client.get(person_page).content.decode()
    Contact.objects.create(person=person, kind=ContactKind.PHONE, value="+201012345678")
    press(manager_client, person, notice)

    assert button not in shown
    assert "سجّل رقمًا أو عنوانًا أولًا" in shown
    notice.refresh_from_db()
    assert notice.state == NoticeState.WAITING


def test_a_number_is_no_way_where_the_site_sends_no_short_messages_but_that_of_a_guardian_is_one_elsewhere(
    manager: User, person: Person, center: Center, settings: Settings
):
    person.guardian = PersonFactory(registered_at=center)
    person.save()
    Contact.objects.create(person=person.guardian, kind=ContactKind.PHONE, value="+201012345678")
    notice = untold(person, center, NoticeState.UNREACHED)

    with pytest.raises(NoWayToReach):
        send_again(about=SEAT, notice_id=notice.pk, by=manager)
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1/"

    assert send_again(about=SEAT, notice_id=notice.pk, by=manager) == notice


def test_operators_see_no_button_for_who_has_no_way_by_constant_statements(center: Center):
    operator = confirmed(officer_of_the_ministry())
    counts = []
    for _ in range(3):
        untold(PersonFactory(registered_at=center), center, NoticeState.UNREACHED)
        with CaptureQueriesContext(connection) as asked:
            page = operator.get(reverse("jobs"), {"state": "untold"}).content.decode()
        counts.append(len(asked))

    assert "send_again" not in page
    assert counts[1] == counts[2]


def test_the_page_of_the_person_lists_what_did_not_arrive_by_constant_statements(
    manager_client: Client, person: Person, center: Center
):
    TraineeFactory(person=person)
    counts = []
    for _ in range(3):
        untold(person, center, NoticeState.UNREACHED)
        with CaptureQueriesContext(connection) as asked:
            page = manager_client.get(reverse("person:inspect", args=[person.pk])).content.decode()
        counts.append(len(asked))

    assert page.count(reverse("person:tell_again", args=[person.pk])) == 3
    assert counts[1] == counts[2]


def test_operators_send_again_what_did_not_arrive_of_staff_without_a_record(noon: dt.datetime):
    notify_holder(user=UserFactory(display_name="Salma Adel"), kind="new_password", center=None)
    LoginNotice.objects.update(state=NoticeState.FAILED)
    operator = confirmed(officer_of_the_ministry())
    notice = LoginNotice.objects.get()

    page = operator.get(reverse("jobs"), {"state": "untold"}).content.decode()
    operator.post(
        reverse("jobs"), {"act": "send_again", "kind": "accounts.loginnotice", "job": notice.pk}, follow=True
    )

    assert "Salma Adel" in page
    notice.refresh_from_db()
    assert (notice.state, notice.due_at) == (NoticeState.WAITING, timezone.now())
