"""Staff read what became of the messages to a person, and operators how many the month has left."""

import datetime as dt
import socket

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.enums import DeliveryChannel, DeliveryPurpose, DeliveryState, NoticeState
from accounts.models import Center, Delivery, LoginNotice, Person, SmsMonth
from accounts.services.login_notices import notify_holder
from accounts.services.personal_data import personal_data
from tests.certificates.browsers import confirmed
from tests.factories.accounts import PersonFactory, TraineeFactory
from tests.factories.certificates import officer_of_the_ministry

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(center: Center) -> Person:
    return PersonFactory(registered_at=center)


def message(person: Person | None, state: DeliveryState, **columns: object) -> Delivery:
    columns = {"about": "certificates.notice", "channel": DeliveryChannel.SMS, "parts": 1, **columns}
    return Delivery.objects.create(person=person, purpose=DeliveryPurpose.NOTICE, state=state, **columns)


def test_the_page_of_a_person_says_what_became_of_each_message(manager_client: Client, person: Person):
    message(person, DeliveryState.DELIVERED)
    message(person, DeliveryState.FAILED, answer="UNDELIV 001", about="courses.seatnotice")
    message(person, DeliveryState.FAILED, answer="REJECTD", about="")
    message(person, DeliveryState.HANDED_OVER, channel=DeliveryChannel.EMAIL, about="accounts.loginnotice")
    message(PersonFactory(), DeliveryState.EXPIRED)

    page = manager_client.get(reverse("person:inspect", args=[person.pk])).content.decode()

    for words in ("وصلت", "لم تصل: الرقم غير متاح", "لم تصل: رفضتها الشبكة", "الشهادات", "المقاعد", "الرمز"):
        assert f"<bdi>{words}</bdi>" in page
    assert "لم تصل: لم يمكن الوصول" not in page


def test_the_file_of_a_person_has_their_messages(person: Person):
    message(person, DeliveryState.DELIVERED)

    assert '"state": "delivered"' in "".join(personal_data(person))


def test_operators_see_what_the_month_has_left_and_what_has_no_report(settings: Settings):
    settings.SMS_GATEWAY_URL = "http://gateway.example/"
    settings.SMS_MONTHLY_CAP, settings.SMS_MONTHLY_RESERVE, settings.SMS_REPORT_HOURS = 1000, 50, 48
    SmsMonth.objects.create(month=timezone.localdate().replace(day=1), parts=1000)
    long_ago = timezone.now() - dt.timedelta(hours=49)
    for state in (DeliveryState.HANDED_OVER, DeliveryState.UNKNOWN, DeliveryState.DELIVERED):
        message(None, state, begun_at=long_ago)
    message(None, DeliveryState.HANDED_OVER)
    message(None, DeliveryState.HANDED_OVER, channel=DeliveryChannel.EMAIL, begun_at=long_ago)

    page = confirmed(officer_of_the_ministry()).get(reverse("jobs")).content.decode()

    assert "1000 من 1000، ومع الاحتياطي 1050" in page
    assert "نفدت رسائل هذا الشهر" in page
    assert "رسالتان بلا تقرير" in page


def test_without_a_gateway_operators_read_nothing_of_messages(settings: Settings):
    settings.SMS_GATEWAY_URL = ""

    page = confirmed(officer_of_the_ministry()).get(reverse("jobs")).content.decode()

    assert "رسائل هذا الشهر" not in page


def test_who_causes_a_notice_does_not_wait_for_the_gateway(settings: Settings):
    user = TraineeFactory(phone="+201012345678", email=None)
    with socket.create_server(("127.0.0.1", 0)) as gateway:
        gateway.setblocking(False)
        settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{gateway.getsockname()[1]}/"
        notify_holder(user=user, kind="new_password", center=None)

        with pytest.raises(BlockingIOError):
            gateway.accept()
    assert LoginNotice.objects.get().state == NoticeState.WAITING
    assert not Delivery.objects.exists()
