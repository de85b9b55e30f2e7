"""What became of messages: reports of the gateway, mails that were handed over, figures for operators, and purging."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.core.signing import BadSignature
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from accounts.enums import (
    FINAL_DELIVERY_STATES,
    DeliveryChannel,
    DeliveryPurpose,
    DeliveryState,
    NoticeState,
)
from accounts.models import Delivery, PersonalNotice, SmsMonth
from accounts.services.notice_models import confidential_labels
from accounts.services.short_messages import REPORT_SIGNER, limit_for, month_of

ROWS_AT_ONCE = 1000
# Kannel's User's Guide 1.4.5, "Delivery reports"; newer versions mark what expired.
DELIVERED, NOT_DELIVERED, BUFFERED, TAKEN, REJECTED, EXPIRED = 1, 2, 4, 8, 16, 0x20
# The receipt of SMPP 3.4, appendix B. Nothing else of it is kept: it repeats the first words of the message.
STATUS = re.compile(r"stat:([A-Z]{1,10})")
FAULT = re.compile(r"err:([0-9A-Za-z]{1,6})")
# A hand-over takes seconds; one that is open for so long will not end any more.
GIVEN_UP = dt.timedelta(hours=1)
UNPRINTED = re.compile(r"[^\x21-\x7e]")
# What may come after what: a report that comes late or twice moves nothing back.
OPEN = (DeliveryState.HANDING_OVER, DeliveryState.UNKNOWN)
BEFORE = {
    DeliveryState.HANDED_OVER: OPEN,
    **dict.fromkeys(FINAL_DELIVERY_STATES, (*OPEN, DeliveryState.HANDED_OVER)),
}


class NotAReport(Exception):
    """The address was not made by this site, or what it says is not a report."""


class SmsFigures(NamedTuple):
    """The short messages of this month, for operators."""

    parts: int
    cap: int | None
    with_reserve: int | None
    by_state: dict[str, int]
    without_report: int

    @property
    def is_used_up(self) -> bool:
        return self.cap is not None and self.parts >= self.cap


def take_report(*, token: str, kind: str, network_id: str = "", answer: str = "") -> None:
    """Note what the gateway reports of one message. Idempotent; of a message that was purged, nothing.

    Raises NotAReport.
    """
    try:
        delivery_id = int(REPORT_SIGNER.unsign(token))
        state = _state_of(int(kind), answer)
    except (BadSignature, ValueError) as error:
        raise NotAReport from error
    _move(
        delivery_id,
        state,
        network_id=UNPRINTED.sub("", network_id)[:80],
        answer=_last_word(answer, int(kind)),
    )


def _state_of(kind: int, answer: str) -> DeliveryState:
    """Raises ValueError."""
    if kind in (BUFFERED, TAKEN):
        return DeliveryState.HANDED_OVER
    if kind == DELIVERED:
        return DeliveryState.DELIVERED
    if kind & NOT_DELIVERED or kind == REJECTED:
        status = STATUS.search(answer)
        is_late = kind & EXPIRED or (status and status[1] == "EXPIRED")
        return DeliveryState.EXPIRED if is_late else DeliveryState.FAILED
    raise ValueError(kind)


def _last_word(answer: str, kind: int) -> str:
    if kind == REJECTED:
        return Delivery.REJECTED
    found = [match[1] for match in (STATUS.search(answer), FAULT.search(answer)) if match]
    return " ".join(found)


@transaction.atomic
def _move(delivery_id: int, state: DeliveryState, *, network_id: str, answer: str) -> None:
    known = Delivery.objects.select_for_update(of=("self",)).filter(
        pk=delivery_id, channel=DeliveryChannel.SMS
    )
    delivery = known.first()
    if delivery is None or delivery.state not in BEFORE[state]:
        return
    now = timezone.now()
    delivery.state = state
    delivery.network_id = network_id or delivery.network_id
    delivery.answer = answer
    delivery.handed_over_at = delivery.handed_over_at or now
    delivery.reported_at = now
    delivery.save()
    _tell_notices(delivery)


def _tell_notices(delivery: Delivery) -> None:
    """Notices that it carried as their last one: what was not delivered is listed, what was is not sent again."""
    if not delivery.about:
        return
    model = apps.get_model(delivery.about)
    carried = model._default_manager.filter(delivery=delivery)
    if delivery.state in (DeliveryState.FAILED, DeliveryState.EXPIRED):
        carried.filter(state__in=(NoticeState.WAITING, NoticeState.SENT)).update(
            state=NoticeState.FAILED, error=f"The network reported: {delivery.answer or delivery.state}"
        )
    else:
        waiting = carried.filter(state__in=(NoticeState.WAITING, NoticeState.FAILED))
        waiting.update(state=NoticeState.SENT, sent_at=delivery.handed_over_at, error="")


def note_mail(
    notices: Sequence[PersonalNotice], *, person_id: int | None, purpose: DeliveryPurpose
) -> Delivery:
    """A mail that was handed over. What becomes of it afterwards is not known."""
    now = timezone.now()
    return Delivery.objects.create(
        person_id=person_id,
        about=notices[0]._meta.label_lower,
        purpose=purpose,
        channel=DeliveryChannel.EMAIL,
        state=DeliveryState.HANDED_OVER,
        begun_at=now,
        handed_over_at=now,
    )


def sms_figures() -> SmsFigures:
    """Of this month, for operators, without confidential messages: the cap counts these, too."""
    now = timezone.now()
    first = timezone.make_aware(dt.datetime.combine(month_of(now), dt.time()))
    everything = Delivery.objects.filter(channel=DeliveryChannel.SMS)
    # Their number would tell whom a complaint is about that there is one.
    confidential = everything.filter(about__in=confidential_labels(), begun_at__gte=first)
    untold = confidential.exclude(state=DeliveryState.REFUSED).aggregate(parts=Sum("parts"))["parts"] or 0
    messages = everything.exclude(about__in=confidential_labels())
    of_the_month = messages.filter(begun_at__gte=first)
    by_state = dict(of_the_month.order_by().values_list("state").annotate(count=Count("pk")))
    silent = messages.filter(
        state__in=(*OPEN, DeliveryState.HANDED_OVER),
        begun_at__lt=now - dt.timedelta(hours=settings.SMS_REPORT_HOURS),
    )
    parts = SmsMonth.objects.filter(month=month_of(now)).aggregate(parts=Sum("parts"))["parts"]
    return SmsFigures(
        parts=max(0, (parts or 0) - untold),
        cap=limit_for(DeliveryPurpose.NOTICE),
        with_reserve=limit_for(DeliveryPurpose.CODE),
        by_state={
            str(DeliveryState(state).label): by_state[state] for state in DeliveryState if state in by_state
        },
        without_report=silent.count(),
    )


def purge_deliveries() -> int:
    """Delete what is older than DELIVERY_DAYS, in small bites. Returns how many.

    Before that, hand-overs that no one ended are marked as not known.
    """
    left = Delivery.objects.filter(state=DeliveryState.HANDING_OVER, begun_at__lt=timezone.now() - GIVEN_UP)
    left.update(state=DeliveryState.UNKNOWN)
    oldest = timezone.now() - dt.timedelta(days=settings.DELIVERY_DAYS)
    purged = 0
    old = Delivery.objects.filter(begun_at__lt=oldest).order_by("begun_at").values_list("pk", flat=True)
    while ids := list(old[:ROWS_AT_ONCE]):
        Delivery.objects.filter(pk__in=ids).delete()
        purged += len(ids)
    SmsMonth.objects.filter(month__lt=month_of(oldest)).delete()
    return purged
