"""Hands short messages to the gateway: each is noted first, counted against the month's cap, and handed over once."""

import datetime as dt

from django.conf import settings
from django.core.signing import Signer
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.enums import DeliveryChannel, DeliveryPurpose, DeliveryState
from accounts.models import Delivery, SmsMonth
from accounts.services.gateway import sms_gateway
from accounts.sms import MOST_PARTS, SmsGateway, SmsNotSent, SmsUnknown, parts_of

# The signature in the address of a report: only the gateway, which was given it, can report.
REPORT_SIGNER = Signer(salt="accounts.delivery.report", sep=".")


# More parts than these are never sent.
LONGEST = MOST_PARTS


class CapReached(Exception):
    """The parts of this month are used up, and for codes and urgent messages the reserve, too."""


def fits(text: str) -> bool:
    """Whether a text is short enough to be sent."""
    return parts_of(text) <= MOST_PARTS


def count_parts(text: str) -> int:
    """What one message with this text counts against the cap."""
    return parts_of(text)


def hand_over(text: str, to: str, purpose: DeliveryPurpose, *, person_id: int | None = None) -> Delivery:
    """Send one short message to a number (E.164) that is not a notice, such as a code. Outside of any transaction.

    Raises SmsNotSent where nothing was sent, there is no gateway either; CapReached; SmsUnknown where it may have been sent:
    do not send that one again.
    """
    gateway = sms_gateway()
    if gateway is None:
        raise SmsNotSent("There is no gateway.")
    with transaction.atomic(durable=True):
        delivery = begin(text, purpose, person_id=person_id)
    try:
        pass_on(delivery, text, to=to, gateway=gateway)
    except SmsUnknown:
        settle(delivery, DeliveryState.UNKNOWN)
        raise
    return delivery


def begin(
    text: str,
    purpose: DeliveryPurpose,
    *,
    person_id: int | None,
    about: str = "",
    is_repeat: bool = False,
) -> Delivery:
    """Note that a message is about to be handed over, and count it. Commit before `pass_on`.

    Raises CapReached, with which the caller's transaction must end.
    """
    delivery = Delivery.objects.create(
        person_id=person_id,
        about=about,
        purpose=purpose,
        channel=DeliveryChannel.SMS,
        state=DeliveryState.HANDING_OVER,
        parts=parts_of(text),
        is_repeat=is_repeat,
        begun_at=timezone.now(),
    )
    # Last: every message of the month locks this row until the commit.
    _count(delivery)
    return delivery


def pass_on(delivery: Delivery, text: str, *, to: str, gateway: SmsGateway) -> None:
    """Give the gateway a message that was begun, and note its answer.

    Raises SmsNotSent; SmsUnknown, which leaves it under way as the end of the worker does.
    """
    try:
        gateway.send(text, to=to, report_to=_report_address(delivery))
    except SmsNotSent:
        take_back(delivery)
        raise
    settle(delivery, DeliveryState.HANDED_OVER)


def settle(delivery: Delivery, state: DeliveryState) -> bool:
    """End the hand-over, unless a report has come first. Returns whether it was still open."""
    handed_over_at = timezone.now() if state == DeliveryState.HANDED_OVER else None
    still_open = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.HANDING_OVER)
    return bool(still_open.update(state=state, handed_over_at=handed_over_at))


@transaction.atomic
def take_back(delivery: Delivery) -> None:
    """The gateway has not taken it: its parts are free again."""
    if settle(delivery, DeliveryState.REFUSED):
        counted = SmsMonth.objects.filter(month=month_of(delivery.begun_at), parts__gte=delivery.parts)
        counted.update(parts=F("parts") - delivery.parts)


def month_of(moment: dt.datetime) -> dt.date:
    return timezone.localdate(moment).replace(day=1)


def limit_for(purpose: DeliveryPurpose | str) -> int | None:
    """The parts of a month for messages of this purpose; None where there is no cap."""
    if not settings.SMS_MONTHLY_CAP:
        return None
    reserve = 0 if purpose == DeliveryPurpose.NOTICE else settings.SMS_MONTHLY_RESERVE
    return int(settings.SMS_MONTHLY_CAP + reserve)


def _count(delivery: Delivery) -> None:
    """Add its parts in one statement, which also compares: workers wait for the row, so the cap is exact. Raises CapReached."""
    month, limit = month_of(delivery.begun_at), limit_for(delivery.purpose)
    row = SmsMonth.objects.filter(month=month)
    room = row if limit is None else row.filter(parts__lte=limit - delivery.parts)
    if room.update(parts=F("parts") + delivery.parts):
        return
    # The first of a month, or the cap.
    SmsMonth.objects.bulk_create([SmsMonth(month=month)], ignore_conflicts=True)
    if not room.update(parts=F("parts") + delivery.parts):
        raise CapReached


def _report_address(delivery: Delivery) -> str:
    """Where the gateway reports; it writes its own words in the place of %d, %F and %A."""
    if not settings.SMS_REPORTS_URL:
        return ""
    path = reverse("sms_report", args=[REPORT_SIGNER.sign(str(delivery.pk))])
    return f"{settings.SMS_REPORTS_URL.rstrip('/')}{path}?type=%d&id=%F&answer=%A"
