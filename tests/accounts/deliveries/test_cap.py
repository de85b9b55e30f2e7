"""A month has no more parts of short messages than the cap, however many workers send at once."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connections, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.enums import DeliveryPurpose, NoticeState
from accounts.models import Delivery, LoginNotice, SmsMonth, User
from accounts.services.deliveries import sms_figures
from accounts.services.login_notices import deliver_login_notices
from accounts.services.short_messages import CapReached, begin, hand_over, take_back
from certificates.models import Notice
from certificates.services.notices import deliver_notices
from tests.accounts.deliveries.conftest import PHONE
from tests.accounts.kannel import Network
from tests.factories.accounts import PersonFactory

NOTICE, URGENT, CODE = DeliveryPurpose
LONG = "ش" * 71


@pytest.fixture
def capped(settings: Settings) -> Settings:
    settings.SMS_MONTHLY_CAP, settings.SMS_MONTHLY_RESERVE = 3, 2
    return settings


def note(text: str, purpose: DeliveryPurpose = NOTICE) -> Delivery:
    with transaction.atomic():
        return begin(text, purpose, person_id=None)


@pytest.mark.django_db
def test_parts_are_counted_and_the_last_that_does_not_fit_is_not_begun(capped: Settings):
    note(LONG)
    with pytest.raises(CapReached):
        note(LONG)
    note("x")

    assert SmsMonth.objects.get().parts == 3
    assert Delivery.objects.count() == 2


@pytest.mark.django_db
def test_codes_and_what_cannot_wait_have_a_reserve_beyond_the_cap(capped: Settings):
    for purpose in (NOTICE, CODE, URGENT, CODE, URGENT):
        note("x", purpose)

    for purpose in DeliveryPurpose:
        with pytest.raises(CapReached):
            note("x", purpose)
    assert SmsMonth.objects.get().parts == 5


@pytest.mark.django_db
def test_notices_do_not_use_the_reserve(capped: Settings):
    for _ in range(3):
        note("x")

    with pytest.raises(CapReached):
        note("x")
    note("x", CODE)


@pytest.mark.django_db
def test_the_next_month_begins_with_none(capped: Settings, monkeypatch: pytest.MonkeyPatch):
    # The last hour of a month in Cairo, which is another month in UTC an hour later than there.
    cairo = timezone.get_default_timezone()
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2030, 1, 31, 23, 59, tzinfo=cairo))
    note(LONG + LONG)
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2030, 2, 1, tzinfo=cairo))
    note("x")

    assert list(SmsMonth.objects.values_list("month", "parts")) == [
        (dt.date(2030, 2, 1), 1),
        (dt.date(2030, 1, 1), 3),
    ]


@pytest.mark.django_db
def test_what_the_gateway_does_not_take_is_free_again_once(capped: Settings):
    delivery = note(LONG)

    take_back(delivery)
    take_back(delivery)

    assert SmsMonth.objects.get().parts == 0


@pytest.mark.django_db
def test_without_a_cap_messages_are_counted(settings: Settings):
    settings.SMS_MONTHLY_CAP = 0
    for _ in range(4):
        note(LONG)

    figures = sms_figures()
    assert (figures.parts, figures.cap, figures.with_reserve) == (8, None, None)


def test_beyond_the_cap_a_notice_is_read_on_the_site(
    capped: Settings, sms: Network, noon: dt.datetime, notice: Notice
):
    SmsMonth.objects.create(month=timezone.localdate(noon).replace(day=1), parts=3)

    assert deliver_notices() == 0

    notice.refresh_from_db()
    assert notice.state == NoticeState.SHOWN
    assert "used up" in notice.error
    assert (sms.received(), Delivery.objects.count()) == ([], 0)


def test_beyond_the_cap_a_person_without_a_login_is_listed_as_not_told(
    capped: Settings, sms: Network, noon: dt.datetime, notice: Notice, holder: User
):
    person = notice.credential.holder
    User.objects.filter(pk=holder.pk).update(person=PersonFactory())
    person.contacts.create(kind="phone", value=PHONE)
    SmsMonth.objects.create(month=timezone.localdate(noon).replace(day=1), parts=3)

    assert deliver_notices() == 0

    notice.refresh_from_db()
    assert notice.state == NoticeState.UNREACHED


def test_beyond_the_cap_a_warning_about_a_login_is_sent(
    capped: Settings, sms: Network, noon: dt.datetime, warning: LoginNotice
):
    SmsMonth.objects.create(month=timezone.localdate(noon).replace(day=1), parts=3)

    assert deliver_login_notices() == 0 + int(capped.SMS_MONTHLY_RESERVE >= 2)
    assert len(sms.received()) == 1


@pytest.mark.django_db
def test_a_code_beyond_the_reserve_is_refused(capped: Settings, sms: Network):
    capped.SMS_MONTHLY_RESERVE = 0
    note(LONG + LONG)

    with pytest.raises(CapReached):
        hand_over("123456", PHONE, CODE)
    assert sms.received() == []


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_do_not_go_beyond_the_cap(settings: Settings):
    settings.SMS_MONTHLY_CAP, settings.SMS_MONTHLY_RESERVE = 25, 5

    def work(number: int) -> int:
        close_old_connections()
        begun = 0
        try:
            for turn in range(10):
                try:
                    note("x", CODE if (number + turn) % 2 else NOTICE)
                    begun += 1
                except CapReached:
                    continue
        finally:
            connections.close_all()
        return begun

    with ThreadPoolExecutor(4) as workers:
        begun = sum(workers.map(work, range(4)))

    assert begun == SmsMonth.objects.get().parts == Delivery.objects.count() <= 30
    assert begun >= 25
