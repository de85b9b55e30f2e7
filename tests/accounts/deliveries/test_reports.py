"""What the gateway reports of a message is known: by its own address only, once, and never backwards."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.enums import DeliveryPurpose, DeliveryState, NoticeState
from accounts.models import Delivery, User
from accounts.services.deliveries import purge_deliveries
from accounts.services.short_messages import REPORT_SIGNER, begin, settle
from certificates.models import Notice
from certificates.services.notices import deliver_notices, resend_failed_notices
from tests.accounts.kannel import Network

pytestmark = [
    pytest.mark.engines("a gateway of short messages, whose reports are waited for"),
    pytest.mark.xdist_group("short messages"),
]


RECEIPT = "id:7 sub:001 dlvrd:001 submit date:2611291200 done date:2611291201 stat:{} err:012 text:Mona"


@pytest.fixture
def sent(sms: Network, noon: dt.datetime, notice: Notice) -> Delivery:
    assert deliver_notices() == 1
    sms.received()
    return Delivery.objects.get()


def address_of(delivery: Delivery) -> str:
    return reverse("sms_report", args=[REPORT_SIGNER.sign(delivery.pk)])


def report(delivery: Delivery, kind: int | str, status: str = "", *, method: str = "get") -> int:
    said = {"type": str(kind), "id": "7", "answer": RECEIPT.format(status) if status else "ACK/"}
    client = Client(enforce_csrf_checks=True)
    if method == "post":
        return client.post(f"{address_of(delivery)}?type={kind}&id=7&answer=ACK/").status_code
    return client.get(address_of(delivery), said).status_code


def test_a_message_is_handed_over_and_then_delivered(sent: Delivery, holder: User):
    assert (sent.state, sent.parts, sent.person_id) == (DeliveryState.HANDED_OVER, 1, holder.person_id)

    assert report(sent, 8) == report(sent, 1, "DELIVRD") == 200

    sent.refresh_from_db()
    assert (sent.state, sent.network_id, sent.answer) == (DeliveryState.DELIVERED, "7", "DELIVRD 012")
    assert sent.reported_at
    assert Notice.objects.get().state == NoticeState.SENT


@pytest.mark.parametrize(
    ("kind", "status", "state", "words"),
    [
        (2, "UNDELIV", DeliveryState.FAILED, "لم تصل: الرقم غير متاح"),
        (2, "EXPIRED", DeliveryState.EXPIRED, "لم تصل: لم يمكن الوصول إلى الهاتف في الوقت المحدد"),
        (0x22, "", DeliveryState.EXPIRED, "لم تصل: لم يمكن الوصول إلى الهاتف في الوقت المحدد"),
        (2, "REJECTD", DeliveryState.FAILED, "لم تصل: رفضتها الشبكة"),
        (16, "", DeliveryState.FAILED, "لم تصل: رفضتها الشبكة"),
    ],
)
def test_what_was_not_delivered_is_not_tried_again_and_staff_see_it(
    sent: Delivery, manager: User, sms: Network, kind: int, status: str, state: str, words: str
):
    report(sent, kind, status)

    sent.refresh_from_db()
    assert (sent.state, sent.words) == (state, words)
    notice = Notice.objects.get()
    assert notice.state == NoticeState.FAILED
    assert deliver_notices() == 0

    assert resend_failed_notices(proposal_id=notice.credential.proposal_id, by=manager) == 1
    assert deliver_notices() == 1
    assert len(sms.received()) == 1
    assert Notice.objects.get().delivery_id != sent.pk


def test_of_a_receipt_only_its_status_is_kept(sent: Delivery):
    report(sent, 2, "UNDELIV")

    sent.refresh_from_db()
    assert sent.answer == "UNDELIV 012"


@pytest.mark.parametrize("last", [(8, ""), (4, ""), (2, "EXPIRED"), (16, ""), (1, "DELIVRD")])
def test_a_late_or_doubled_report_moves_nothing_back(sent: Delivery, last: tuple[int, str]):
    report(sent, 1, "DELIVRD")
    before = Delivery.objects.values().get()

    assert report(sent, *last) == 200

    assert Delivery.objects.values().get() == before
    assert Notice.objects.get().state == NoticeState.SENT


def test_a_report_may_come_before_the_worker_notes_the_hand_over(notice: Notice, noon: dt.datetime):
    delivery = begin("x", DeliveryPurpose.NOTICE, person_id=None, about="certificates.notice")
    Notice.objects.update(delivery=delivery)

    report(delivery, 2, "UNDELIV")

    assert not settle(delivery, DeliveryState.HANDED_OVER)
    assert Delivery.objects.get().state == DeliveryState.FAILED
    assert Notice.objects.get().state == NoticeState.FAILED


def test_a_report_of_an_earlier_message_does_not_touch_its_successor(sent: Delivery, manager: User):
    report(sent, 2, "UNDELIV")
    resend_failed_notices(proposal_id=Notice.objects.get().credential.proposal_id, by=manager)
    deliver_notices()

    report(sent, 1, "DELIVRD")
    report(sent, 2, "UNDELIV")

    assert Notice.objects.get().state == NoticeState.SENT
    assert Delivery.objects.first().state == DeliveryState.HANDED_OVER


def test_kannel_may_post(sent: Delivery):
    assert report(sent, 1, method="post") == 200

    assert Delivery.objects.get().state == DeliveryState.DELIVERED


@pytest.mark.parametrize("token", ["1", "1.forged", "x.y", "%00", ".", "-1.a"])
def test_a_stranger_can_neither_report_nor_learn_which_messages_there_are(
    sent: Delivery, client: Client, token: str
):
    for forged in (token, f"{sent.pk}.{'A' * 43}", REPORT_SIGNER.sign("a")):
        assert client.get(f"/sms/reports/{forged}/?type=1").status_code == 404

    assert Delivery.objects.get().state == DeliveryState.HANDED_OVER


@pytest.mark.parametrize("kind", ["", "0", "3.5", "64", "١x", "-8", "9" * 5000])
def test_what_is_not_a_report_is_not_found(sent: Delivery, kind: str):
    assert report(sent, kind) == 404
    assert Client().delete(address_of(sent)).status_code == 404
    assert Delivery.objects.get().state == DeliveryState.HANDED_OVER


def test_a_message_that_was_purged_is_answered_like_any_other(sent: Delivery, settings: Settings):
    Delivery.objects.update(begun_at=timezone.now() - dt.timedelta(days=settings.DELIVERY_DAYS + 1))

    assert purge_deliveries() == 1

    assert report(sent, 1) == 200
    notice = Notice.objects.get()
    assert (notice.state, notice.delivery) == (NoticeState.SENT, None)


def test_an_address_with_odd_signs_is_taken(sent: Delivery, client: Client):
    client.get(address_of(sent), {"type": "1", "id": "\0'7 ٧" + "9" * 500, "answer": "\0" * 9})

    assert Delivery.objects.get().network_id.startswith("'79")


def test_a_mail_stays_handed_over(noon: dt.datetime, notice: Notice, holder: User):
    User.objects.filter(pk=holder.pk).update(email="mona@example.org")
    deliver_notices()
    mail = Delivery.objects.get()

    report(mail, 2, "UNDELIV")

    mail.refresh_from_db()
    assert (mail.channel, mail.state, mail.parts) == ("email", DeliveryState.HANDED_OVER, 0)
    assert Notice.objects.get().state == NoticeState.SENT
