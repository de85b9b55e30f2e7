"""A worker that dies between the gateway and its row doubles nothing that can wait."""

import datetime as dt

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.enums import DeliveryPurpose, DeliveryState, NoticeState
from accounts.models import Delivery, LoginNotice, PersonalNotice, SmsMonth, User
from accounts.services.deliveries import take_report
from accounts.services.login_notices import deliver_login_notices
from accounts.services.notices import MOST_ATTEMPTS
from accounts.services.short_messages import REPORT_SIGNER, hand_over
from accounts.sms import SmsNotSent, SmsUnknown
from certificates.models import Notice
from certificates.services.notices import deliver_notices, resend_failed_notices
from tests.accounts.deliveries.conftest import PHONE
from tests.accounts.kannel import Network
from tests.factories.certificates import drawn, issued
from tests.factories.courses import CohortFactory

pytestmark = [
    pytest.mark.engines("a gateway of short messages, whose reports are waited for"),
    pytest.mark.xdist_group("short messages"),
]


def lease_over(model: type[PersonalNotice]) -> None:
    model._default_manager.filter(state=NoticeState.WAITING).update(due_at=timezone.now())


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def cut_off(noon: dt.datetime, notice: Notice, hanging_up: None) -> Notice:
    """Its message was given to a gateway that did not answer, as where the worker is killed at that moment."""
    assert deliver_notices() == 0
    assert states() == [DeliveryState.HANDING_OVER]
    lease_over(Notice)
    return notice


def test_what_can_wait_is_not_sent_again_and_shown_as_unknown(
    cut_off: Notice, settings: Settings, sms: Network, manager: User
):
    assert deliver_notices() == 0

    assert sms.received() == []
    assert states() == [DeliveryState.UNKNOWN]
    cut_off.refresh_from_db()
    assert cut_off.state == NoticeState.FAILED
    assert "not known" in cut_off.error

    resend_failed_notices(proposal_id=cut_off.credential.proposal_id, by=manager)
    assert deliver_notices() == 1
    assert len(sms.received()) == 1
    assert states() == [DeliveryState.UNKNOWN, DeliveryState.HANDED_OVER]


@pytest.mark.parametrize("is_late", [False, True])
def test_a_report_says_that_the_gateway_had_it(cut_off: Notice, sms: Network, is_late: bool):
    if is_late:
        deliver_notices()

    take_report(token=REPORT_SIGNER.sign(Delivery.objects.get().pk), kind="8")

    assert states() == [DeliveryState.HANDED_OVER]
    cut_off.refresh_from_db()
    assert (cut_off.state, cut_off.error) == (NoticeState.SENT, "")
    assert deliver_notices() == 0
    assert sms.received() == []


def test_other_notices_of_the_person_go_on_without_it(cut_off: Notice, sms: Network, holder: User):
    drawn(issued(CohortFactory(), person=holder.person))
    lease_over(Notice)

    assert deliver_notices() == 1

    [message] = sms.received()
    assert message.text.startswith("شهادتك جاهزة")
    assert list(Notice.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "sent"]


def test_what_cannot_wait_is_sent_once_more_and_not_a_third_time(
    noon: dt.datetime, warning: LoginNotice, hanging_up: None
):
    for _attempt in range(MOST_ATTEMPTS):
        assert deliver_login_notices() == 0
        lease_over(LoginNotice)

    assert states() == [DeliveryState.UNKNOWN] * 2
    assert LoginNotice.objects.get().state == NoticeState.FAILED


def test_what_the_gateway_was_not_reached_for_is_tried_again(
    noon: dt.datetime, notice: Notice, settings: Settings, sms: Network
):
    real, settings.SMS_GATEWAY_URL = settings.SMS_GATEWAY_URL, "http://127.0.0.1:9/"
    assert deliver_notices() == 0
    assert states() == [DeliveryState.REFUSED]
    assert SmsMonth.objects.get().parts == 0
    settings.SMS_GATEWAY_URL = real
    lease_over(Notice)

    assert deliver_notices() == 1
    assert len(sms.received()) == 1
    assert states() == [DeliveryState.REFUSED, DeliveryState.HANDED_OVER]


@pytest.mark.usefixtures("noon", "db")
def test_a_code_is_handed_over_by_one_call(sms: Network):
    delivery = hand_over("123456", PHONE, DeliveryPurpose.CODE)

    assert [message.text for message in sms.received()] == ["123456"]
    assert Delivery.objects.get(pk=delivery.pk).state == DeliveryState.HANDED_OVER
    assert "123456" not in str(Delivery.objects.values().get())


@pytest.mark.usefixtures("noon", "db", "hanging_up")
def test_a_code_of_which_nothing_is_known_is_not_sent_again():
    with pytest.raises(SmsUnknown):
        hand_over("123456", PHONE, DeliveryPurpose.CODE)

    assert states() == [DeliveryState.UNKNOWN]
    assert SmsMonth.objects.get().parts == 1


@pytest.mark.usefixtures("db")
def test_without_a_gateway_no_code_is_sent():
    with pytest.raises(SmsNotSent):
        hand_over("123456", PHONE, DeliveryPurpose.CODE)

    assert states() == []
