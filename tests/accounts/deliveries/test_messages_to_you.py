"""A person switches off courtesies by channel, never what they need to know; staff see what was not wanted."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django.fixtures import Settings

from accounts.enums import ContactKind, NoticeState
from accounts.models import AuditEntry, Center, Contact, DeclinedNotice, LoginNotice, User
from accounts.services.courtesies import choose_notices, courtesies, needed
from accounts.services.formatting import localize_digits
from accounts.services.login_notices import deliver_login_notices, notify_holder
from accounts.services.personal_data import personal_data
from accounts.services.resending import SwitchedOff, send_again
from courses.enums import SeatNoticeKind
from courses.models import SeatNotice
from courses.services.notices import send_seat_notices
from tests.accounts.phones import phones
from tests.factories.accounts import PersonFactory, TraineeFactory, UserFactory
from tests.factories.courses import CohortFactory

pytestmark = pytest.mark.django_db
PAGE = "/ar/accounts/messages/"
LIST, LIST_BY_MAIL = "waiting_list", ("waiting_list", "email")


@pytest.fixture
def trainee(center: Center) -> User:
    return TraineeFactory(person=PersonFactory(registered_at=center), email="mona@example.org")


@pytest.fixture
def trainee_client(client: Client, trainee: User) -> Client:
    client.force_login(trainee)
    return client


def news(trainee: User, kind: SeatNoticeKind = SeatNoticeKind.LIST_CLOSED) -> SeatNotice:
    return SeatNotice.objects.create(
        person=trainee.person, cohort=CohortFactory(center=trainee.person.registered_at), kind=kind
    )


def everything_but(*declined: tuple[str, str]) -> dict[str, list[str]]:
    """What a browser posts."""
    return {"hour": ["18"]} | {
        courtesy.topic: [
            str(channel) for channel in courtesy.channels if (courtesy.topic, str(channel)) not in declined
        ]
        for courtesy in courtesies()
    }


def test_what_was_switched_off_is_not_sent_and_staff_see_why(
    trainee_client: Client, trainee: User, manager_client: Client
):
    trainee_client.post(PAGE, everything_but(LIST_BY_MAIL))
    notice = news(trainee)

    send_seat_notices()

    notice.refresh_from_db()
    assert (notice.state, mail.outbox) == (NoticeState.NOT_WANTED, [])
    page = manager_client.get(reverse("person:inspect", args=[trainee.person_id])).content.decode()
    assert "لا يريدها الشخص" in page
    assert reverse("person:tell_again", args=[trainee.person_id]) not in page
    assert AuditEntry.objects.filter(action="accounts.person.choose_notices").count() == 1


def test_what_is_needed_comes_in_the_same_run(trainee: User):
    choose_notices(person_id=trainee.person_id, declined=[LIST_BY_MAIL], by=trainee)
    news(trainee)
    seat = news(trainee, SeatNoticeKind.OFFERED)
    notify_holder(user=trainee, kind="new_password", center=None)

    send_seat_notices()
    deliver_login_notices()

    seat.refresh_from_db()
    assert seat.state == NoticeState.SENT
    assert len(mail.outbox) == 2
    assert "قائمة الانتظار" not in mail.outbox[0].body


@pytest.mark.usefixtures("noon")
def test_each_channel_is_switched_off_for_itself(trainee: User, settings: Settings):
    choose_notices(person_id=trainee.person_id, declined=[LIST_BY_MAIL], by=trainee)
    User.objects.filter(pk=trainee.pk).update(email=None)
    Contact.objects.create(person=trainee.person, kind=ContactKind.PHONE, value="+201012345678")
    news(trainee)

    with phones() as gateway:
        settings.SMS_GATEWAY_URL = gateway.url
        send_seat_notices()

    assert len(gateway.messages) == 1


def test_what_was_switched_off_is_switched_on_again(trainee_client: Client, trainee: User):
    trainee_client.post(PAGE, everything_but(LIST_BY_MAIL, ("class_reminder", "email")))
    assert '"topic": "class_reminder"' in "".join(personal_data(trainee.person))

    trainee_client.post(PAGE, everything_but())

    assert not DeclinedNotice.objects.exists()
    assert (
        f'name="{LIST}" value="email" id="id_{LIST}_0" checked' in trainee_client.get(PAGE).content.decode()
    )


def test_staff_do_not_send_again_what_was_switched_off(trainee: User, manager: User):
    notice = news(trainee)
    SeatNotice.objects.update(state=NoticeState.NOT_WANTED)

    with pytest.raises(SwitchedOff):
        send_again(about="courses.seatnotice", notice_id=notice.pk, by=manager)


@pytest.mark.parametrize(
    "declined", [("login", "email"), ("seat", "sms"), ("class_reminder", "sms"), (LIST, "letter")]
)
def test_what_is_needed_is_never_switched_off(trainee: User, declined: tuple[str, str]):
    with pytest.raises(ValueError, match=declined[0]):
        choose_notices(person_id=trainee.person_id, declined=[declined], by=trainee)

    assert not DeclinedNotice.objects.exists()


def test_the_page_says_what_always_comes_and_why(trainee_client: Client):
    page = trainee_client.get(PAGE).content.decode()

    with override("ar"):
        for one in needed(is_staff=False):
            assert localize_digits(one.label) in page
            assert str(one.why) in page


def test_a_login_without_a_person_reads_what_always_comes_and_switches_nothing_off(client: Client):
    client.force_login(UserFactory(language="ar"))

    page = client.get(PAGE)
    posted = client.post(PAGE, {LIST: ["sms"]})

    with override("ar"):
        assert str(LoginNotice.needed[0].why) in page.content.decode()
    assert (page.status_code, posted.status_code) == (200, 200)
    assert not DeclinedNotice.objects.exists()
    assert PAGE in client.get("/ar/notices/").content.decode()
